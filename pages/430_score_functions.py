"""Score functions: additive, dot product, scaled dot product; why the division by sqrt(d_k), and what each of them costs."""

import streamlit as st

from pages.score_functions import asked as controls
from pages.score_functions import views
from ui import controls as shared
from ui import frame

session = frame.page("430_score_functions")


@st.fragment
def show() -> None:
    """One of three views; a click on a control runs only this."""
    rooms = frame.rooms(session, sides=shared.sides_of_attention())
    with rooms.picture:
        asked = controls.ask(session)
    views.show(rooms, session, asked)


show()
frame.bottom(session)
