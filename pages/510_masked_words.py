"""Masked words: BERT's idea. Blank a word, and see who thinks of what; what the blank looks at; how much to mask; named entities."""

import streamlit as st

from pages.masked_words import asked, views
from ui import frame

shop = frame.workshop("510_masked_words")


@st.fragment
def show() -> None:
    """One of four views; a click on a control runs only this."""
    rooms = frame.more_rooms()
    with rooms.picture:
        view = asked.view()
    views.show(rooms, shop, view)


show()
frame.bottom(shop)
