"""Tests of the frame that all pages share."""
