"""The first line and the numbers of the page."""

from math import log10

import streamlit as st

from classroom import Refused, limits, rooms, tables
from ui.classroom import who
from ui.classroom.words import why
from ui.frame import Rooms
from ui.text import translate as _


def standing() -> who.Teacher | who.Learner | None:
    """Who is here; with a word if the records cannot be reached."""
    try:
        return who.standing()
    except Refused as refused:
        st.warning(why(refused))
        return None


def first_line(rooms: Rooms, found: who.Teacher | who.Learner | None) -> None:
    """Where one stands."""
    if isinstance(found, who.Teacher):
        rooms.seen(
            _("Room {code} is open: learners join with this code, on a phone or a computer."), code=found.room.code
        )
    elif isinstance(found, who.Learner):
        rooms.seen(_("You are {name} in room {code}, learner number {number}."),
                   name=found.member.name, code=found.room.code, number=found.member.number)  # fmt: skip
    else:
        rooms.seen(
            _(
                "A room for a class: one leads, all see the same view, and everybody predicts before the machine reveals."
            )
        )


def values() -> dict[str, str]:
    """The numbers of the lesson."""
    letters, length = len(rooms.LETTERS), rooms.LENGTH
    codes = letters**length
    most = limits.bound(limits.ROOMS)
    chance = limits.OF_ALL * most / codes
    return {
        "letters": str(letters), "length": str(length), "codes": f"{codes:,}", "rooms": str(most), "tries": str(limits.OF_ALL),
        "minutes": str(limits.WINDOW // 60), "chance": f"{100 * chance:.2g}", "members": str(limits.bound(limits.MEMBERS)),
        "hours": str(limits.DAY // 3600), "nickname": str(tables.NICKNAME), "own": str(limits.OF_ONE), "digits": f"{log10(codes):.1f}",
    }  # fmt: skip
