"""Cross-attention: where each French piece looks in the English sentence, by layer and head, beside what a person would link."""

import streamlit as st

from pages.cross_attention import asked as cross
from pages.cross_attention import pictures
from ui import controls, frame
from ui.show import chain

session = frame.page("90_cross_attention")


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    rooms = frame.rooms(session)
    chain.remember()
    with rooms.picture, controls.row():
        asked = cross.ask(session)
    pictures.show(session, rooms, asked)


show()
frame.bottom(session)
