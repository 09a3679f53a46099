"""Numbers that more than one page shows, each computed from the trace or from the model itself."""
