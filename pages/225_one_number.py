"""One number: change a single weight, or a single number on its way, by hand, and see what becomes of the translation."""

import streamlit as st

from pages.one_number import asked as controls
from pages.one_number import pictures, telling
from ui import frame
from ui.show import prose

session = frame.page("225_one_number")


@st.fragment
def show() -> None:
    """The numbers, what is changed and what comes of it; a click on a control runs only this."""
    rooms = frame.rooms(session)
    with rooms.picture:
        asked = controls.ask(session)
    pair, found = pictures.show(rooms, session, asked)
    with rooms.words:
        prose.depths(session.lesson, telling.values(session, asked, found, pair))


show()
frame.bottom(session)
