"""Pictures of the other systems: what looks where, and what a change makes of the answer."""
