"""Samples of `figures/changed/`."""
