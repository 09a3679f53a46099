"""Models that people keep: packed as one file, checked before they are used, renamed and deleted by whom they belong to."""
