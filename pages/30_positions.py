"""Positions: a pattern of sines and cosines for each place in the sentence, added to the embedding."""

import streamlit as st

from figures import positions as drawings
from figures.chips import chip
from figures.labels import label
from ui import controls, dimension, frame, live_plot, positions, prose, sides, tables
from ui import position_words as words

session = frame.page("30_positions")
walk, lesson, mode, table = session.walk, session.lesson, session.mode, positions.table(session.checkpoint)
width = table.shape[1]


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
    cell = live_plot.read(st.session_state.get("position"), scope)
    place, pair = words.pointed(sentence, words.place(picture, cell), column)
    values, figure = words.values(walk, sentence, column, label, width), drawn(picture, sentence, rows, place, pair)
    alt = f"{title}. {words.described(picture, place, width)}"
    live_plot.show(figure, "position", alt, scope, on_click=words.chooser(picture, sentence))
    prose.look(words.look(lesson, picture, values))
    words.tell(picture, walk, sentence, place, pair, label, width)
    tables.twin(*words.table(picture, walk, sentence, rows, table, label), "position")
    prose.depths(lesson, values)


def drawn(
    picture: words.Picture, sentence: sides.Sentence, rows: slice, place: tuple[int, int], pair: tuple[int, int] | None
) -> live_plot.Figure:
    """The sinusoids as a map or as curves, the similarity of positions, or the sum."""
    figure: live_plot.Figure
    names, more = words.names(sentence, rows, label), words.common(picture, sentence, rows, place, pair)
    more["mode"] = mode
    if picture == "similarity":
        figure = drawings.similarity(positions.similarity(table[rows]), names, **more)
    elif picture == "sum":
        figure = drawings.stacked(positions.parts(walk, sentence), names, words.part_names(width), **more)
    elif picture == "waves":
        figure = drawings.waves(table[rows], names, positions.wavelengths(width), **more)
    else:
        tracks, shift = positions.tracks(width, place[1]), 0 if sentence.side == "source" else -1
        wave = positions.curve(tracks, width, words.most(sentence, session.checkpoint))
        points, told = table[rows][:, tracks], words.track_names(tracks, width)
        figure = drawings.curves(*wave, points, tracks, names, told, shift=shift, **more)
    return figure


show()
frame.bottom(session)
