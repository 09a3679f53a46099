"""Why self-attention: Table 1 of the paper, measured: time, memory, who hears of whom by when, and the n x n matrix."""

import streamlit as st

from pages.why_self_attention import asked, costs, hears, matrix, running, values
from ui import controls, frame
from ui.show import prose

session = frame.page("440_why_self_attention")


def show() -> None:
    """The picture and what belongs to it; a click runs only this, and so does each second of a measurement."""
    running.settle()
    rooms = frame.rooms(session)
    with rooms.picture:
        bench = controls.row()
    with bench:
        view = asked.view()
    if view == "path":
        hears.show(rooms, session, bench)
    elif view == "matrix":
        matrix.show(rooms, session)
    else:
        costs.show(rooms, session, view, bench)
    with rooms.words:
        prose.depths(session.lesson.of(view), values.values(session))


st.fragment(show, run_every=running.pace())()
frame.bottom(session)
