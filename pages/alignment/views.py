"""The views of the page: the map, against gold, score functions side by side, the window of local attention."""

import streamlit as st

from pages.alignment import asked, corpus, golden, maps
from ui import controls, frame
from ui.frame import Visit
from ui.session.kept import address


def show(visit: Visit) -> None:
    """The chosen view of what the chosen model did with the sentence."""
    seen = visit.seen()
    if isinstance(seen, str):
        frame.heading(visit.lesson)
        with controls.row():
            visit.choose()
        st.info(seen)
        return address()
    asked.remember()
    visit.say_doubts(seen)
    rooms = frame.rooms(seen)
    with rooms.picture:
        view = asked.ask(visit)
    shown = asked.shown(seen)
    if view == "gold":
        return golden.sentence(visit, rooms, shown)
    if view == "corpus":
        return corpus.show(visit, rooms, shown)
    return maps.show(visit, rooms, shown)
