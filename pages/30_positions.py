"""Positions: a pattern of sines and cosines for each place in the sentence, added to the embedding."""

import streamlit as st

from pages.positions import numbers, pictures, telling, words
from ui import controls, frame
from ui.controls import dimension, sides
from ui.show import live_plot, prose, tables

session = frame.page("30_positions")
walk = session.walk
width = (table := numbers.table(session.checkpoint)).shape[1]


@st.fragment
def show() -> None:
    """One picture of four, and what belongs to it."""
    rooms = frame.rooms(session)
    dimension.remember()
    with rooms.picture, controls.row():
        picture, side = words.picture(), sides.side(walk)
        sentence = sides.sentence(walk, side, session.special, read_only=True)
        rows, place = words.rows(picture, sentence, session.checkpoint), words.at_hand(sentence, width)
        if picture == "curves":
            place = place[0], dimension.slider(width, place[1])
    scope, lesson = words.scope(walk, picture, sentence), session.lesson.of(picture)
    clicked = words.place(picture, live_plot.read(st.session_state.get("position"), scope))
    place, pair = words.pointed(sentence, clicked, place)
    telling.seen(rooms, picture, session, sentence, place, pair)
    figure, values = (
        pictures.figure(session, picture, sentence, rows, place, pair),
        telling.values(walk, sentence, place, width),
    )
    alt = f"{words.title(picture, sentence)}. {words.described(picture, place, width)}"
    with rooms.picture:
        live_plot.show(
            figure,
            "position",
            alt,
            scope,
            on_click=words.chooser(picture, sentence),
            look=prose.line(lesson.look, values),
        )
        tables.twin(*words.table(picture, walk, sentence, rows, table), "position")
    with rooms.words:
        telling.tell(picture, walk, sentence, place, pair, width)
        telling.why(picture, session)
        prose.depths(lesson, values)


show()
frame.bottom(session)
