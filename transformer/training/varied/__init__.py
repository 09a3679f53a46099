"""Pairs as other people would have written them: other names, other cases, other signs."""
