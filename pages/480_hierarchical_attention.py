"""Hierarchical attention: hierarchical attention reads the words of each sentence, then the sentences of a review."""

import streamlit as st

from pages.hierarchical_attention import asking, beside, held_out, networks, review
from ui import frame
from ui.session import systems

session = frame.workshop("480_hierarchical_attention")


@st.fragment
def show() -> None:
    """One of three views; a click runs only this."""
    models = systems.models(networks.KINDS)
    if not models:
        frame.heading(session.lesson)
        return systems.missing(networks.KINDS)
    rooms = frame.more_rooms()
    with rooms.picture:
        asked = asking.ask()
    if asked.view == "gold":
        held_out.show(rooms, session, asked)
    elif asked.view == "beside":
        beside.show(rooms, session, asked, models)
    else:
        review.show(rooms, session, asked)
    return None


show()
frame.bottom(session)
