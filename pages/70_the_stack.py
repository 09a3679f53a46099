"""The stack: one piece on its way up the layers: residual connections, LayerNorm, the feed-forward network, and its path."""

from collections.abc import Callable

import streamlit as st

from figures.chips import chip
from figures.numbers import bands, curves
from figures.writing import distributions
from pages.the_stack import firing, stack
from pages.the_stack import pictures as stack_pictures
from ui import controls, frame
from ui.session import choice
from ui.show import live_plot, prose, tables
from ui.text import translate as _

session = frame.page("70_the_stack")
lesson, mode, scope = session.lesson, session.mode, choice.scope(session.walk)
DRAW: dict[str, Callable[..., live_plot.Figure]] = {"path": curves.curves, "norm": bands.bands, "feed": bands.units}


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    frame.top(session, chip)
    stack_pictures.remember()
    with controls.row():
        asked = stack.asked(session)
    picture = stack_pictures.picture(session, asked)
    drawing = picture.drawing
    if asked.picture == "path":
        drawing = drawing | {"panels": [curves.Panel(*panel) for panel in drawing["panels"]]}
    figure = DRAW[asked.picture](**drawing, title=picture.title, mode=mode)
    live_plot.show(figure, "stack_picture", picture.alt, scope, on_click=picture.on_click)
    prose.look(lesson.sections[f"Look at {asked.picture}"])
    picture.tell()
    if asked.picture == "feed":
        names, numbers, units = firing.strongest(session, asked)
        title, axis = _("The strongest units"), _("after ReLU")
        figure = distributions.bars(names, numbers, title=title, axis_title=axis, mode=mode)
        alt = "; ".join(f"{name} {number:.2f}" for name, number in zip(names, numbers, strict=True))
        live_plot.show(
            figure,
            "strongest",
            f"{title}: {alt}.",
            scope,
            on_click=lambda cell: firing.choose([units[int(cell[0] or 0)]]),
        )
    tables.twin(*picture.table, f"stack_{asked.picture}")
    prose.depths(lesson, stack_pictures.values(session, asked))


show()
frame.bottom(session)
