"""The check of what positions are for: the same words in another order, read by the encoder with positions and without."""

from ui.measures.order import Check, check
from ui.text import translate as _

__all__ = ["Check", "check", "words"]


def words(how: str) -> str:
    """The name of an order."""
    return {"reversed": _("Backwards"), "shuffled": _("Shuffled")}[how]
