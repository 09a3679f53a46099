"""The detective: a model that was trained with one part missing; its loss, translations and maps tell which."""

import streamlit as st

from pages.detective import desk
from ui import frame
from ui.show import prose

shop = frame.workshop("230_detective")


@st.fragment
def show() -> None:
    """The case, its exhibits and the learner's answer; a click on a control runs only this."""
    rooms = frame.more_rooms()
    values = desk.show(rooms, shop.lesson, shop.mode)
    with rooms.words:
        prose.depths(shop.lesson, values)


show()
frame.bottom(shop)
