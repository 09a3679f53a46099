"""Attention editor: set where a head looks, by clicking cells or with a slider, and see what the model then writes."""

import streamlit as st

from pages.attention_editor import desk as desks
from pages.attention_editor import telling
from ui import controls, frame
from ui.changed import guess, pictures
from ui.changed import telling as changed
from ui.session import choice
from ui.show import prose, tables

session = frame.page("210_attention_editor")
lesson, scope = session.lesson, choice.scope(session.walk)


@st.fragment
def show() -> None:
    """The map and what comes out; a click on a control or a cell runs only this."""
    rooms = frame.rooms(session)
    with rooms.picture:
        desk = desks.ask(session)
    with rooms.words:
        guessing = guess.wanted("ed")
        lifted = guess.lifted("ed", desk.code, guessing, desk.pair)
        if lifted:
            telling.result(session, desk)
        telling.why(session)
    telling.seen(rooms, session, desk, lifted)
    picture = telling.picture(session, desk)
    if desk.view == "out":
        picture = pictures.chances(session, desk.pair if lifted else desk.unchanged)
    with rooms.picture:
        picture.plot(f"ed_{desk.view}", scope, lesson.sections.get(f"Look at {desk.view}", lesson.look))
        if desk.view == "maps":
            with controls.row("atlas_controls_share"):
                desks.slider(desk)
        tables.twin(*picture.table, "attention_editor")
    with rooms.words:
        if desk.view == "maps":
            telling.weighted_sum(desk)
        else:
            changed.rivals(session, desk.pair if lifted else desk.unchanged)
        prose.depths(lesson, telling.values(session, desk))


show()
frame.bottom(session)
