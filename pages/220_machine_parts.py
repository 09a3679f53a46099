"""The parts of the machine: paint the masks, change the positions, switch parts off, and see what breaks."""

import streamlit as st

from pages.machine_parts import asked as controls
from pages.machine_parts import pictures
from pages.machine_parts import values as numbers
from ui import frame
from ui.show import prose

session = frame.page("220_machine_parts")


@st.fragment
def show() -> None:
    """What is changed and what comes of it; a click on a control runs only this."""
    rooms = frame.rooms(session)
    with rooms.picture:
        asked = controls.ask(session)
    pair = pictures.show(rooms, session, asked)
    with rooms.words:
        prose.depths(session.lesson.of(asked.lab), numbers.values(session, asked, pair))


show()
frame.bottom(session)
