"""Why something was refused, in words that say what to do."""

from collections.abc import Callable

import streamlit as st

from classroom import Refused, limits, rooms, tables
from ui.text import translate as _


def why(refused: Refused) -> str:
    """A sentence for whatever `classroom` refuses."""
    told = {
        "away": _("The records of the class cannot be reached at the moment. Nothing is lost: try again in a minute."),
        "gone": _("This room has ended."),
        "unknown": _("There is no room with this code. It has {count} letters, and your teacher shows it.").format(count=rooms.LENGTH),
        "wait": _("Too many wrong codes. Wait {minutes} minutes, then try again.").format(minutes=-(-refused.wait // 60)),
        "taken": _("Somebody in this room has this nickname. Take another one."),
        "crowded": _("This room is full: {count} learners are in it.").format(count=limits.bound(limits.MEMBERS)),
        "shut": _("The door of this room is shut. Ask your teacher to open it."),
        "out": _("Your teacher has sent you out of this room."),
        "teacher": _("Only a teacher opens rooms. Type the teacher’s code first."),
        "nameless": _("Write a nickname with at least one letter or digit."),
        "long": _("That nickname is too long: {count} signs at most.").format(count=tables.NICKNAME),
        "own": _("You have {count} rooms open, which is as many as may be. End one of them first.").format(count=limits.OWN),
        "full": _("There are as many rooms on this server as there may be. They end by themselves after a day."),
        "address": _("This view cannot be passed on: its address is too long."),
        "open": _("A question is before the class already. Close it first."),
        "enough": _("This room was asked {count} questions, which is as many as may be. Open another room.").format(count=limits.QUESTIONS),
        "closed": _("Too late: this question takes no answers any more."),
        "revealed": _("Too late: the answer has been revealed."),
    }  # fmt: skip
    return told.get(refused.reason, refused.reason)


def act(do: Callable[[], None], told: str) -> Callable[[], None]:
    """A click that does something; what is refused is kept in session state under `told`, to be said where the page says it."""

    def clicked() -> None:
        try:
            do()
        except Refused as refused:
            st.session_state[told] = why(refused)

    return clicked
