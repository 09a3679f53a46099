"""Many heads: the maps of all heads of all layers, how they become one vector, what each does, and attention rollout."""

import streamlit as st

from pages.many_heads import heads, pictures
from ui import controls, frame
from ui.session import choice
from ui.show import prose

session = frame.page("60_many_heads")


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    frame.top(session)
    pictures.remember()
    with controls.row():
        asked = heads.asked(session)
    picture, look = pictures.picture(session, asked), session.lesson.sections[f"Look at {asked.picture}"]
    picture.show("heads_picture", choice.scope(session.walk), look, f"heads_{asked.picture}")
    prose.depths(session.lesson, pictures.values(session, asked))


show()
frame.bottom(session)
