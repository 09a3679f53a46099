"""Embeddings: the row of the shared matrix that each piece becomes, its neighbours, and a map of the vocabulary."""

import streamlit as st

from figures.chips import chip
from figures.numbers import embedding, scatter
from figures.writing import distributions
from pages.embeddings import words
from ui import controls, frame
from ui.controls import dimension, sides
from ui.measures import space as embedding_space
from ui.show import live_plot, prose, tables
from ui.text import translate as _

session = frame.page("20_embeddings")
walk, lesson, mode, space = session.walk, session.lesson, session.mode, embedding_space.space(session.origin)


@st.fragment
def show() -> None:
    """One picture of four, and what belongs to it."""
    frame.top(session, chip)
    dimension.remember()
    with controls.row():
        picture, side = words.picture(), sides.side(walk)
    sentence = sides.sentence(walk, side, session.special, read_only=False)
    values, title = words.values(space, sentence), words.title(picture, space, sentence)
    scope, alt = words.scope(walk, picture, sentence), words.described(picture, space, sentence)
    figure, on_click = drawn(picture, sentence, title), words.chooser(picture, walk, sentence)
    clicked = live_plot.show(figure, "embedding", f"{title}. {alt}", scope, on_click=on_click)
    prose.look(words.look(lesson, picture, values))
    words.tell(picture, space, sentence, clicked)
    tables.twin(*words.table(picture, space, walk, sentence), "embedding")
    prose.depths(lesson, values)


def drawn(picture: words.Picture, sentence: sides.Sentence, title: str) -> live_plot.Figure:
    """The rows, the nearest pieces, or the map, flat or in space."""
    figure: live_plot.Figure
    if picture == "nearest":
        names, cosines = words.neighbours(space, sentence)
        figure = distributions.bars(names, cosines, title=title, axis_title=_("cosine"), mode=mode)
    elif picture == "rows":
        values, told = words.framed(space, sentence)
        figure = embedding.rows(values, sentence.shown, title=title, mode=mode, **told)
    else:
        draw, count = (scatter.plane, 2) if picture == "plane" else (scatter.space, 3)
        points, places, rest, pieces = words.scene(space, walk, sentence, count)
        marks, named = [scatter.Mark(*place) for place in places], words.legend(space, len(rest), count)
        figure = draw(points, marks, rest, pieces, **named, title=title, mode=mode)
    return figure


show()
frame.bottom(session)
