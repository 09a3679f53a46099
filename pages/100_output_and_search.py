"""Output and search: from the decoder's last vector to the next piece, and from pieces to a whole translation."""

import streamlit as st

from pages.output_and_search import pictures
from ui import frame

session = frame.page("100_output_and_search")


@st.fragment
def show() -> None:
    """The picture that is chosen and what belongs to it; a click on a control runs only this."""
    pictures.show(session, frame.rooms(session))


show()
frame.bottom(session)
