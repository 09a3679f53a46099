"""Tests of the other systems."""
