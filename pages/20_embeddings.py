"""Embeddings: the row of the shared matrix that each piece becomes, its neighbours, and a map of the vocabulary."""

import streamlit as st

from pages.embeddings import pictures, words
from ui import controls, frame
from ui.controls import dimension, sides
from ui.measures import space as embedding_space
from ui.show import live_plot, prose, tables

session = frame.page("20_embeddings")
walk, lesson, space = session.walk, session.lesson, embedding_space.space(session.origin)


@st.fragment
def show() -> None:
    """One picture of four, and what belongs to it."""
    frame.top(session)
    dimension.remember()
    with controls.row():
        picture, side = words.picture(), sides.side(walk)
    sentence = sides.sentence(walk, side, session.special, read_only=False)
    values, scope = words.values(space, sentence), words.scope(walk, picture, sentence)
    figure, on_click = pictures.figure(session, space, picture, sentence), words.chooser(picture, walk, sentence)
    alt = f"{words.title(picture, space, sentence)}. {words.described(picture, space, sentence)}"
    clicked = live_plot.show(figure, "embedding", alt, scope, on_click=on_click)
    prose.look_at(lesson, "" if picture == "rows" else picture, values)
    words.tell(picture, space, sentence, clicked)
    tables.twin(*words.table(picture, space, walk, sentence), "embedding")
    prose.depths(lesson, values)


show()
frame.bottom(session)
