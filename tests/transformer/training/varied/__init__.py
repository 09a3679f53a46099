"""Tests of `transformer/training/varied/`."""
