"""Tests of `transformer/shelf/`."""
