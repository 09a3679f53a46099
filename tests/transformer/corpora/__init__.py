"""Tests of `transformer/corpora/`."""
