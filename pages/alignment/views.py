"""The views of the page: the map, against gold, score functions side by side, the window of local attention."""

import streamlit as st

from pages.alignment import asked, corpus, golden, kinds, local, maps
from ui import controls, frame
from ui.frame import Visit
from ui.session.kept import address


def show(visit: Visit) -> None:
    """The chosen view of what the chosen model did with the sentence."""
    asked.remember()
    seen = visit.seen()
    if not isinstance(seen, str) and st.session_state[asked.VIEW] == "local":
        seen = local.seen(visit, seen)
    if isinstance(seen, str):
        frame.heading(visit.lesson)
        with controls.row():
            visit.choose()
        st.info(seen)
        return address()
    visit.say_doubts(seen)
    rooms = frame.rooms(seen)
    with rooms.picture:
        view = asked.ask(visit)
    shown = asked.shown(seen)
    return {"gold": golden.sentence, "corpus": corpus.show, "scores": kinds.show, "local": local.show}.get(
        view, maps.show
    )(visit, rooms, shown)
