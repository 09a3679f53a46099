"""Head switchboard: heads off, uniform or at their mean, what becomes of the translation, and what each head is worth."""

import streamlit as st

from pages.head_switchboard import boards, switches, values, view
from ui import controls, frame
from ui.changed import guess, pictures
from ui.session import choice
from ui.show import prose, tables

session = frame.page("200_head_switchboard")
lesson, scope = session.lesson, choice.scope(session.walk)


@st.fragment
def show() -> None:
    """The board and what comes out; a click on a control or a head runs only this."""
    frame.top(session)
    with controls.row():
        asked = switches.ask(session)
        guessing = guess.wanted("sw")
    pair = view.compared(session, asked)
    if lifted := guess.lifted("sw", asked.code, guessing, pair):
        view.tell(session, pair)
    board = boards.picture(session, asked, pair)
    board.plot("sw_board", scope)
    prose.look(lesson.sections[f"Look at {asked.picture}"])
    if asked.picture == "maps":
        boards.head_maps(session, asked, pair).plot("sw_maps", scope)
    board.tell()
    bars = pictures.likelier(session, pair, "sw_chances") if lifted else pictures.chances(session, pair)
    tables.twin(*(bars if asked.picture == "switches" else board).table, f"switchboard_{asked.picture}")
    prose.depths(lesson, values.values(session, asked, pair))


show()
frame.bottom(session)
