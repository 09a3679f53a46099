"""Is attention an explanation? Five methods side by side for one French piece, and whether they agree."""

import streamlit as st

from pages.explanation import asked as asking
from pages.explanation import pictures, sample, telling, view
from ui import frame
from ui.frame.rooms import Rooms
from ui.session import choice
from ui.show import prose

session = frame.page("250_explanation")
lesson, scope = session.lesson, choice.scope(session.walk)


@st.fragment
def show() -> None:
    """The guess, or the methods and what belongs to them; a click on a control or a cell runs only this."""
    rooms = frame.rooms(session)
    with rooms.picture:
        asked = asking.ask(session.walk)
    seen = view.view(session, asked)
    if seen.lifted:
        compare(rooms, seen)
    else:
        telling.question(rooms, session, asked)
        with rooms.picture:
            pictures.question(session, asked, seen.known.words).plot(
                "ex_words", scope, lesson.sections["Look at the guess"]
            )
        with rooms.words:
            view.hidden()
    with rooms.words:
        prose.depths(lesson, view.values(session, seen))


def compare(rooms: Rooms, seen: view.View) -> None:
    """Everything that is hidden before the guess."""
    telling.verdict(rooms, session, seen.asked, seen.known.words, seen.every)
    if seen.asked.view == "methods":
        view.methods(rooms, session, seen, scope)
    elif seen.asked.view == "ranks":
        view.ranks(rooms, session, seen, scope)
    else:
        with rooms.picture:
            sample.tell(session, seen.asked)


show()
frame.bottom(session)
