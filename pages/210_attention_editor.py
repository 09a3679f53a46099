"""Attention editor: set where a head looks, by clicking cells or with a slider, and see what the model then writes."""

import streamlit as st

from pages.attention_editor import desk as desks
from pages.attention_editor import telling
from ui import controls, frame
from ui.changed import guess, pictures
from ui.session import choice
from ui.show import prose, tables

session = frame.page("210_attention_editor")
lesson = session.lesson


@st.fragment
def show() -> None:
    """The map and what comes out; a click on a control or a cell runs only this."""
    frame.top(session)
    with controls.row():
        desk = desks.ask(session)
        guessing = guess.wanted("ed")
    if lifted := guess.lifted("ed", desk.code, guessing, desk.pair):
        telling.result(session, desk)
    maps = telling.picture(session, desk)
    maps.plot("ed_maps", choice.scope(session.walk))
    with controls.row("atlas_controls_share"):
        desks.slider(desk)
    prose.look(lesson.look)
    telling.weighted_sum(desk)
    if lifted:
        pictures.likelier(session, desk.pair, "ed_chances")
    tables.twin(*maps.table, "attention_editor")
    prose.depths(lesson, telling.values(session, desk))


show()
frame.bottom(session)
