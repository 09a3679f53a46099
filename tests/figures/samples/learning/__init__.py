"""Samples of `figures/learning/`."""
