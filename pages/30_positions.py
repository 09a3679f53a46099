"""Positions: a pattern of sines and cosines for each place in the sentence, added to the embedding."""

from typing import Any

import streamlit as st

from figures.chips import chip
from figures.numbers import positions as drawings
from pages.positions import numbers as positions
from pages.positions import words
from ui import controls, frame
from ui.controls import dimension, sides
from ui.show import live_plot, prose, tables

session = frame.page("30_positions")
walk, lesson, mode = session.walk, session.lesson, session.mode
width = (table := positions.table(session.checkpoint)).shape[1]


@st.fragment
def show() -> None:
    """One picture of four, and what belongs to it."""
    frame.top(session, chip)
    dimension.remember()
    with controls.row():
        picture, side = words.picture(), sides.side(walk)
        sentence = sides.sentence(walk, side, session.special, read_only=True)
        rows = words.rows(picture, sentence, session.checkpoint)
        column = dimension.slider(width) if picture == "curves" else dimension.chosen(width) or 0
    scope, title = words.scope(walk, picture, sentence), words.title(picture, sentence)
    clicked = words.place(picture, live_plot.read(st.session_state.get("position"), scope))
    place, pair = words.pointed(sentence, clicked, column)
    values, figure = words.values(walk, sentence, column, width), drawn(picture, sentence, rows, place, pair)
    alt = f"{title}. {words.described(picture, place, width)}"
    live_plot.show(figure, "position", alt, scope, on_click=words.chooser(picture, sentence))
    prose.look(words.look(lesson, picture, values))
    words.tell(picture, walk, sentence, place, pair, width)
    tables.twin(*words.table(picture, walk, sentence, rows, table), "position")
    prose.depths(lesson, values)


def drawn(
    picture: words.Picture, sentence: sides.Sentence, rows: slice, place: tuple[int, int], pair: tuple[int, int] | None
) -> Any:
    """A figure: the sinusoids as a map or as curves, the similarity of positions, or the sum."""
    names = words.names(sentence, rows)
    more: dict[str, Any] = words.common(picture, sentence, rows, place, pair) | {"mode": mode}
    if picture == "similarity":
        return drawings.similarity(positions.similarity(table[rows]), names, **more)
    if picture == "sum":
        return drawings.stacked(positions.parts(walk, sentence), names, words.part_names(width), **more)
    if picture == "waves":
        return drawings.waves(table[rows], names, positions.wavelengths(width), **more)
    tracks, shift = positions.tracks(width, place[1]), 0 if sentence.side == "source" else -1
    wave = positions.curve(tracks, width, words.most(sentence, session.checkpoint))
    points, told = table[rows][:, tracks], words.track_names(tracks, width)
    return drawings.curves(*wave, points, tracks, names, told, shift=shift, **more)


show()
frame.bottom(session)
