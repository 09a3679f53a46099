"""Tests of what is kept of a class: rooms, lessons."""
