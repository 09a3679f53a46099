"""Head switchboard: heads off, uniform or at their mean, what becomes of the translation, and what each head is worth."""

import streamlit as st

from pages.head_switchboard import boards, score, switches, telling, values, view
from ui import frame
from ui.changed import telling as changed
from ui.changed.outcome import Compared
from ui.session import choice
from ui.show import prose, tables

session = frame.page("200_head_switchboard")
lesson, scope = session.lesson, choice.scope(session.walk)


@st.fragment
def show() -> None:
    """The board and what comes out; a click on a control or a head runs only this."""
    rooms = frame.rooms(session)
    with rooms.picture:
        asked = switches.ask(session)
    pair = view.compared(session, asked)
    with rooms.words:
        lifted = view.asked_first(asked, pair)
        measured = score.sample(session) if asked.picture == "sample" else ("", None)
    telling.seen(rooms, session, asked, pair, lifted, measured)
    known = pair if lifted else Compared(pair.before, pair.before)
    board = boards.picture(session, asked, known, measured)
    with rooms.picture:
        board.plot(
            "sw_chances" if asked.picture == "out" else "sw_board",
            scope,
            lesson.sections.get(f"Look at {asked.picture}", lesson.look),
        )
        if asked.picture == "maps":
            boards.head_maps(session, asked, known).plot("sw_maps", scope)
        tables.twin(*board.table, f"switchboard_{asked.picture}")
    with rooms.words:
        board.tell()
        if asked.picture == "out":
            changed.rivals(session, known)
        prose.depths(lesson, values.values(session, asked, known))


show()
frame.bottom(session)
