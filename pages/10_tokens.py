"""Tokens: how the sentence is cut into pieces, how else it could be cut, and all the pieces there are."""

import numpy as np
import streamlit as st

from figures.writing import distributions
from pages.tokens import pieces, telling
from ui import controls, frame
from ui.controls import sides
from ui.session import choice, pointed
from ui.show import live_plot, prose, tables
from ui.text import translate as _

session = frame.page("10_tokens")
walk, lesson, tokenizer = session.walk, session.lesson, session.checkpoint.tokenizer


@st.fragment
def sentence() -> None:
    """The ways to cut the sentence, and the pieces of the best one."""
    rooms, below = frame.rooms(session), st.container()
    pointed.remember(telling.CUT)
    with rooms.picture, controls.row():
        side = sides.side(walk)
    text = walk.source_text if side == "source" else walk.target_text
    if not text:
        return prose.cell(_("The model's translation is empty: it wrote the end piece at once."))
    one, cuts = sides.sentence(walk, side, session.special, read_only=False), pieces.segmentations(tokenizer, text)
    telling.seen(rooms, one, len(tokenizer))
    shares, names = (
        np.exp([cut.score - cuts[0].score for cut in cuts]),
        [pieces.written(tokenizer, cut) for cut in cuts],
    )
    short, at = [names[0], *(pieces.differing(tokenizer, cut, cuts[0]) for cut in cuts[1:])], telling.chosen(cuts)
    title, axis = _("The most probable ways to cut it"), _("probability, relative to the best")
    figure = distributions.bars(short, shares, title=title, axis_title=axis, mode=session.mode, selected=at, row=36)
    with rooms.picture:
        alt, scope = f"{title}. {pieces.described(names, shares)}", f"{choice.scope(walk)} {side}"
        live_plot.show(figure, "cuts", alt, scope, on_click=telling.choose, look=prose.line(lesson.look, {}))
        tables.twin(*pieces.cut_table(cuts, names), "cuts")
    with below:
        st.subheader(_("Its pieces, one by one"), anchor=False)
        tables.plain(*pieces.piece_table(tokenizer, cuts[0], text), "pieces")
    with rooms.words:
        telling.tell(tokenizer, cuts, at)
        telling.why(tokenizer, text, telling.shown(one))
        prose.depths(lesson, pieces.values(tokenizer, cuts))


@st.fragment
def vocabulary() -> None:
    """All the pieces, and a field to find one."""
    st.subheader(_("All the pieces there are"), anchor=False)
    tables.plain(*pieces.vocabulary_table(tokenizer, controls.find()), "vocabulary")


sentence()
vocabulary()
frame.bottom(session)
