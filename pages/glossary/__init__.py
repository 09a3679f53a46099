"""The page of all words of the field."""
