"""Samples of `figures/heads/`."""
