"""Tests of `transformer/decoding/`."""
