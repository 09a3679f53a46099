"""Samples of `figures/writing/`."""
