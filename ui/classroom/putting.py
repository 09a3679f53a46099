"""Putting a question to the class, from whichever page it was found on."""

from collections.abc import Mapping

from classroom import Refused, asking, store
from ui.asking import packed
from ui.asking.poll import Asked
from ui.classroom import who
from ui.classroom.words import why


def leads() -> bool:
    """Whether whoever is here leads a room, so that there is somebody to ask."""
    try:
        return isinstance(who.standing(), who.Teacher)
    except Refused:
        return False


Put = tuple[Asked, Mapping[str, str]]  # a question, and what is added to the address of the view that shows the same


def put(asked: Asked, there: Mapping[str, str] | None = None, dealt: Mapping[int, Put] | None = None) -> str:
    """Put it to the class; answers with a sentence if it cannot be, otherwise with nothing.

    `there` names the sentence and the model (`to_text`, `to_checkpoint`); `dealt` has other numbers for some learners, by their number.
    """
    own = {number: packed.pack(*each) for number, each in (dealt or {}).items()}
    try:
        asking.put(store.opened(), who.teacher(), packed.pack(asked, there), own)
    except Refused as refused:
        return why(refused)
    return ""
