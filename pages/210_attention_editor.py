"""Attention editor: set where a head looks, by clicking cells or with a slider, and see what the model then writes."""

import streamlit as st

from figures.changed import before_after
from figures.chips import chip
from pages.attention_editor import desk as desks
from pages.attention_editor import telling
from ui import controls, frame
from ui.changed import guess, pictures
from ui.changed.telling import rivals
from ui.session import choice
from ui.show import live_plot, prose, tables

session = frame.page("210_attention_editor")
lesson, mode, scope = session.lesson, session.mode, choice.scope(session.walk)


@st.fragment
def show() -> None:
    """The map and what comes out; a click on a control or a cell runs only this."""
    frame.top(session, chip)
    with controls.row():
        desk = desks.ask(session)
        guessing = guess.wanted("ed")
    if guessed := guess.asked("ed", desk.code, guessing):
        guess.told(guessed, desk.pair)
        telling.result(session, desk)
    maps = telling.picture(desk)
    figure = before_after.maps(**maps.drawing, title=maps.title, mode=mode)
    live_plot.show(figure, "ed_maps", maps.alt, scope, on_click=lambda cell: desks.take(desk, cell))
    with controls.row("atlas_controls_share"):
        desks.slider(desk)
    prose.look(lesson.look)
    telling.weighted_sum(desk)
    if guessed:
        bars = pictures.chances(session, desk.pair)
        figure = before_after.chances(**bars.drawing, title=bars.title, mode=mode)
        live_plot.show(figure, "ed_chances", bars.alt, scope, on_click=bars.on_click)
        rivals(session, desk.pair)
    tables.twin(*maps.table, "attention_editor")
    prose.depths(lesson, telling.values(session, desk))


show()
frame.bottom(session)
