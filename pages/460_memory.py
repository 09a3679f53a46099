"""Memory: a question looks at the facts of a story several times, each time with what it has read."""

import streamlit as st

from pages.memory import asking, beside, held_out, networks, story
from ui import frame
from ui.session import systems

session = frame.workshop("460_memory")


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
        held_out.show(rooms, session)
    elif asked.view == "beside":
        beside.show(rooms, session, asked, models)
    else:
        story.show(rooms, session, asked)
    return None


show()
frame.bottom(session)
