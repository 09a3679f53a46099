"""A class: what is kept of it, and the rules. It knows no model, no picture and no page."""
