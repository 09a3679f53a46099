"""Glossary: every word of the field, with its sentence, its formula, and the page that shows it live."""

import streamlit as st

from pages.glossary import asked, listed, where
from ui import frame
from ui.show import prose

shop = frame.workshop("630_glossary")


@st.fragment
def show() -> None:
    """The field, the words and the bars; a click runs only this."""
    rooms = frame.more_rooms()
    with rooms.picture:
        now = asked.ask()
    found = listed.find(now)
    listed.first_line(rooms, now, found)
    with rooms.picture:
        listed.show(now, found)
        prose.look(shop.lesson.look)
    with rooms.words:
        where.show(now, found, shop.mode)
        prose.depths(shop.lesson, listed.values(now, found))


show()
frame.bottom(shop)
