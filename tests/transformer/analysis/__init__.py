"""Tests of `transformer/analysis/`."""
