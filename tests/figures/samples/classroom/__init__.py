"""Samples for the pictures of what a class said."""
