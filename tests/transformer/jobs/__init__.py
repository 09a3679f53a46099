"""Tests of `transformer/jobs/`."""
