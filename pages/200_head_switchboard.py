"""Head switchboard: heads off, uniform or at their mean, what becomes of the translation, and what each head is worth."""

import streamlit as st

from figures.changed import before_after, switchboard
from figures.chips import chip
from pages.head_switchboard import boards, switches, values, view
from ui import controls, frame
from ui.changed import guess, pictures
from ui.changed.telling import rivals
from ui.session import choice
from ui.show import live_plot, prose, tables

session = frame.page("200_head_switchboard")
lesson, mode, scope = session.lesson, session.mode, choice.scope(session.walk)


@st.fragment
def show() -> None:
    """The board and what comes out; a click on a control or a head runs only this."""
    frame.top(session, chip)
    with controls.row():
        asked = switches.ask(session)
        guessing = guess.wanted("sw")
    pair = view.compared(session, asked)
    if guessed := guess.asked("sw", asked.code, guessing):
        guess.told(guessed, pair)
        view.tell(session, pair)
    board = boards.picture(session, asked, pair)
    drawing = board.drawing | {"blocks": [switchboard.Block(**each) for each in board.drawing["blocks"]]}
    figure = switchboard.board(**drawing, title=board.title, mode=mode)
    live_plot.show(figure, "sw_board", board.alt, scope, on_click=board.on_click)
    prose.look(lesson.sections[f"Look at {asked.picture}"])
    if asked.picture == "maps":
        maps = boards.head_maps(session, asked, pair)
        figure = before_after.maps(**maps.drawing, title=maps.title, mode=mode)
        live_plot.show(figure, "sw_maps", maps.alt, scope, on_click=maps.on_click)
    board.tell()
    bars = pictures.chances(session, pair)
    if guessed:
        figure = before_after.chances(**bars.drawing, title=bars.title, mode=mode)
        live_plot.show(figure, "sw_chances", bars.alt, scope, on_click=bars.on_click)
        rivals(session, pair)
    tables.twin(*(bars if asked.picture == "switches" else board).table, f"switchboard_{asked.picture}")
    prose.depths(lesson, values.values(session, asked, pair))


show()
frame.bottom(session)
