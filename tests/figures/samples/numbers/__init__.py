"""Samples of `figures/numbers/`."""
