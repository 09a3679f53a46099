"""The model as it is beside a changed one: maps and probabilities before and after, the switchboard, masks to paint, probes, five explanations."""
