"""Positions: a pattern of sines and cosines for each place in the sentence, added to the embedding."""

import streamlit as st

from pages.positions import numbers, pictures, words
from ui import controls, frame
from ui.controls import dimension, sides
from ui.show import live_plot, prose, tables

session = frame.page("30_positions")
walk, lesson = session.walk, session.lesson
width = (table := numbers.table(session.checkpoint)).shape[1]


@st.fragment
def show() -> None:
    """One picture of four, and what belongs to it."""
    frame.top(session)
    dimension.remember()
    with controls.row():
        picture, side = words.picture(), sides.side(walk)
        sentence = sides.sentence(walk, side, session.special, read_only=True)
        rows = words.rows(picture, sentence, session.checkpoint)
        column = dimension.slider(width) if picture == "curves" else dimension.chosen(width) or 0
    scope, values = words.scope(walk, picture, sentence), words.values(walk, sentence, column, width)
    clicked = words.place(picture, live_plot.read(st.session_state.get("position"), scope))
    place, pair = words.pointed(sentence, clicked, column)
    figure = pictures.figure(session, picture, sentence, rows, place, pair)
    alt = f"{words.title(picture, sentence)}. {words.described(picture, place, width)}"
    live_plot.show(figure, "position", alt, scope, on_click=words.chooser(picture, sentence))
    prose.look_at(lesson, "" if picture == "waves" else picture, values)
    words.tell(picture, walk, sentence, place, pair, width)
    tables.twin(*words.table(picture, walk, sentence, rows, table), "position")
    prose.depths(lesson, values)


show()
frame.bottom(session)
