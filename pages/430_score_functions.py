"""Score functions: additive, dot product, scaled dot product; why the division by sqrt(d_k), and what each of them costs."""

import streamlit as st

from pages.score_functions import asked as controls
from pages.score_functions import chosen, views
from ui import controls as shared
from ui import frame

visit = frame.visit("430_score_functions", chosen.KINDS)


@st.fragment
def show() -> None:
    """One of three views of the model that the page's menu chooses; a click on a control runs only this."""
    session = chosen.session(visit)
    if session is None:
        return
    rooms = frame.rooms(session, sides=shared.sides_of_attention())
    with rooms.picture:
        asked = controls.ask(visit, session)
    views.show(rooms, session, asked)


show()
frame.bottom(visit)
