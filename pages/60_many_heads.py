"""Many heads: the maps of all heads of all layers, how they become one vector, what each does, and attention rollout."""

from collections.abc import Callable

import streamlit as st

from figures.chips import chip
from figures.heads import attention, head_grid
from figures.numbers import bands
from pages.many_heads import heads
from pages.many_heads import maps as head_maps
from pages.many_heads import pictures as head_pictures
from ui import controls, frame
from ui.session import choice
from ui.show import live_plot, prose, tables

session = frame.page("60_many_heads")
lesson, mode, scope = session.lesson, session.mode, choice.scope(session.walk)
DRAW: dict[str, Callable[..., live_plot.Figure]] = {
    "maps": head_grid.maps,
    "mix": bands.bands,
    "roles": head_grid.measures,
    "rollout": attention.heatmap,
}


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    frame.top(session, chip)
    head_pictures.remember()
    with controls.row():
        asked = heads.asked(session)
    picture = head_pictures.picture(session, asked)
    drawing = picture.drawing
    if asked.picture == "maps":
        drawing = drawing | {"blocks": [head_grid.Tiles(**each) for each in drawing["blocks"]]}
    figure = DRAW[asked.picture](**drawing, title=picture.title, mode=mode)
    live_plot.show(figure, "heads_picture", picture.alt, scope, on_click=picture.on_click)
    prose.look(lesson.sections[f"Look at {asked.picture}"])
    if asked.picture == "maps":
        large = head_maps.enlarged(session, asked)
        figure = attention.heatmap(**large.drawing, title=large.title, mode=mode)
        live_plot.show(figure, "head_picture", large.alt, scope, on_click=large.on_click)
    picture.tell()
    tables.twin(*picture.table, f"heads_{asked.picture}")
    prose.depths(lesson, head_pictures.values(session, asked))


show()
frame.bottom(session)
