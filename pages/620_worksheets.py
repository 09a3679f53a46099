"""Worksheets: the machine's numbers on paper, with blanks to fill in by hand, thirty different ones in one go, and their key."""

import streamlit as st

from pages.worksheets import desk, making, telling
from ui import frame
from ui.show import prose

shop = frame.workshop("620_worksheets")
if shop.transformer is None:
    desk.no_transformer(shop)


@st.fragment
def show() -> None:
    """What is asked for, and the sheets; a click on a control runs only this."""
    rooms = frame.more_rooms()
    with rooms.picture:
        asked = desk.ask()
        session = making.session_of(shop, asked)
    if isinstance(session, str):
        telling.nothing(rooms, session)
    else:
        with rooms.picture:
            sheets = making.made(session, asked)
            desk.show(sheets, asked, shop.lesson)
        telling.seen(rooms, sheets, asked)
    with rooms.words:
        if not isinstance(session, str):
            telling.about(sheets, asked)
        prose.depths(shop.lesson, telling.values(shop, asked))


show()
frame.bottom(shop)
