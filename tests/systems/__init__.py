"""The other systems: each corpus and each model."""
