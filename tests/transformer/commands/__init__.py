"""Tests of `transformer/commands/`."""
