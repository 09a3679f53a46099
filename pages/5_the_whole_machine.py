"""The whole machine: Figure 1 with the learner's sentence in it; it writes, unfolds, and leads to every page."""

import streamlit as st

from pages.the_whole_machine import telling
from ui import frame
from ui.machine import picture
from ui.show import prose

session = frame.page("5_the_whole_machine")


@st.fragment
def show() -> None:
    """The machine and what belongs to it; a click runs only this."""
    picture.remember(session.walk)
    telling.seen(session)
    picture.show(session, session.mode)
    prose.look(session.lesson.look)
    prose.depths(session.lesson, telling.values(session))
    picture.twin(session.walk)


show()
frame.bottom(session)
