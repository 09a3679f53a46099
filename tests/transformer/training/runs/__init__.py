"""Tests of `transformer/training/run.py` and what a run leaves."""
