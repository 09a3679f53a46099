"""Embeddings: the row of the shared matrix that each piece becomes, its neighbours, a map of the vocabulary, one word twice."""

import streamlit as st

from pages.embeddings import pictures, telling, twice, words
from ui import controls, frame
from ui.controls import dimension, sides
from ui.measures import space as embedding_space
from ui.session import pointed
from ui.show import live_plot, prose, tables

session = frame.page("20_embeddings")
walk, space = session.walk, embedding_space.space(session.origin)


@st.fragment
def show() -> None:
    """One picture of five, and what belongs to it."""
    rooms = frame.rooms(session)
    dimension.remember()
    pointed.remember(twice.STAGE)
    with rooms.picture, controls.row():
        picture = words.picture()
        side = "source" if picture == "twice" else sides.side(walk)  # the encoder reads English only
    sentence = sides.sentence(walk, side, session.special, read_only=False)
    telling.seen(rooms, picture, session, space, sentence)
    values, scope, lesson = (
        telling.values(session, space, sentence),
        words.scope(walk, picture, sentence),
        session.lesson.of(picture),
    )
    figure, on_click = pictures.figure(session, space, picture, sentence), words.chooser(picture, walk, sentence)
    with rooms.picture:
        alt = pictures.alt(session, space, picture, sentence)
        clicked = live_plot.show(
            figure, "embedding", alt, scope, on_click=on_click, look=prose.line(lesson.look, values)
        )
        tables.twin(*pictures.table(session, space, picture, sentence), "embedding")
    with rooms.words:
        telling.tell(picture, session, space, sentence, clicked)
        if picture != "twice":
            twice.why(session)
        prose.depths(lesson, values)


show()
frame.bottom(session)
