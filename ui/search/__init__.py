"""Search in the sidebar of every page: over pages, lessons and the words of the field."""
