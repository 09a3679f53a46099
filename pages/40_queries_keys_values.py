"""Queries, keys, values: how one head makes three vectors of each piece's x, and where each of their numbers comes from."""

import streamlit as st

from figures.numbers import products
from pages.queries_keys_values import projections
from ui import controls, frame
from ui.controls import in_head
from ui.session import attentions, choice
from ui.show import live_plot, prose, tables
from ui.text import translate as _

session = frame.page("40_queries_keys_values")
walk, lesson, mode = session.walk, session.lesson, session.mode


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    frame.top(session)
    in_head.remember()
    with controls.row():
        letter = projections.letter()
        kind, layer, head = controls.attention(session)
    view = attentions.attention(session, kind, layer)
    made = projections.projection(view, head, letter)
    row, column = projections.chosen(session, view, made)
    equation = f"{letter} = x W_{letter} + b"
    title = _("{letter} · layer {layer}, head {head}").format(letter=letter, layer=layer + 1, head=head + 1)
    panels = products.Panels(
        result=letter, left="x", right=f"W_{letter}", equation=equation, rows=made.name,
        inner=_("dimension of x"), columns=_("dimension of {letter}").format(letter=letter),
    )  # fmt: skip
    (product, pieces), (x, matrix) = made.shown, made.factors
    figure = products.product(
        product, x, matrix, pieces, panels=panels, title=title, mode=mode, bias=made.bias, selected=(row, column),
        origin=(made.rows.start, 0),
    )  # fmt: skip
    alt = f"{equation}. {attentions.words(kind)}, {title}. {projections.described(made)}"
    live_plot.show(figure, "qkv", alt, choice.scope(walk), on_click=projections.chooser(session, view, letter))
    prose.look(f"{made.made_of} {lesson.sections[f'Look at {letter}']}")
    projections.tell(made, row, column)
    tables.twin(*projections.table(made), "qkv")
    prose.depths(lesson, projections.values(made, row, column))


show()
frame.bottom(session)
