"""Tests of the systems that are no translators."""
