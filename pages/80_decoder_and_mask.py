"""The decoder and its mask: what each position may look at, what padding is, training and test, and what a leak would do."""

import streamlit as st

from pages.decoder_and_mask import asked as decoder
from pages.decoder_and_mask import pictures
from ui import controls, frame

session = frame.page("80_decoder_and_mask")


@st.fragment
def show() -> None:
    """The picture that is chosen and what belongs to it; a click on a control runs only this."""
    rooms = frame.rooms(session)
    decoder.remember()
    with rooms.picture, controls.row():
        asked = decoder.ask(session, session.origin)
    pictures.show(session, rooms, asked)


show()
frame.bottom(session)
