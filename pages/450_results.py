"""Results: what the Transformer won and what it cost, and what in it matters: the paper's tables, beside counts and runs of our own."""

import streamlit as st

from pages.results import asked as asking
from pages.results import matters, quality, recorded
from ui import frame
from ui.show import prose

shop = frame.workshop("450_results")


@st.fragment
def show() -> None:
    """One of both views; a click on a control or a picture runs only this."""
    rooms = frame.more_rooms()
    with rooms.picture:
        asked = asking.ask()
    paper = recorded.paper()
    if isinstance(paper, str):
        frame.end(paper)
    if asked.view == asking.MATTERS:
        runs = recorded.runs()
        if isinstance(runs, str):
            frame.end(runs)
        values = matters.show(rooms, asked, paper, runs, shop)
    else:
        values = quality.show(rooms, asked, paper, shop)
    with rooms.words:
        prose.depths(shop.lesson.of(asked.view), values)


show()
frame.bottom(shop)
