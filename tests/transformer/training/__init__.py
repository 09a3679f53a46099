"""Tests of `transformer/training/`."""
