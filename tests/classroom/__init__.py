"""Tests of the classes: lessons, rooms."""
