"""A lesson on every page: which one is walked through, its bar, what it locks, and one that is being written."""

from ui.guide.place import current, locked

__all__ = ["current", "locked"]
