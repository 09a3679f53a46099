"""The stack: one piece on its way up the layers: residual connections, LayerNorm, the feed-forward network, and its path."""

import streamlit as st

from pages.the_stack import pictures, stack
from ui import controls, frame
from ui.session import choice
from ui.show import prose

session = frame.page("70_the_stack")


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    frame.top(session)
    pictures.remember()
    with controls.row():
        asked = stack.asked(session)
    picture, look = pictures.picture(session, asked), session.lesson.sections[f"Look at {asked.picture}"]
    picture.show("stack_picture", choice.scope(session.walk), look, f"stack_{asked.picture}")
    prose.depths(session.lesson, pictures.values(session, asked))


show()
frame.bottom(session)
