"""Tokens: how the sentence is cut into pieces, how else it could be cut, and all the pieces there are."""

import numpy as np
import streamlit as st

from figures.writing import distributions
from pages.tokens import pieces
from ui import controls, frame
from ui.session import choice
from ui.show import live_plot, prose, tables
from ui.text import translate as _

session = frame.page("10_tokens")
walk, lesson, tokenizer = session.walk, session.lesson, session.checkpoint.tokenizer


@st.fragment
def sentence() -> None:
    """The ways to cut the sentence, and the pieces of the best one."""
    frame.top(session)
    with controls.row():
        text = walk.source_text if controls.side() == "source" else walk.target_text
    if not text:
        return prose.cell(_("The model's translation is empty: it wrote the end piece at once."))
    cuts = pieces.segmentations(tokenizer, text)
    shares = np.exp([cut.score - cuts[0].score for cut in cuts])
    names = [pieces.written(tokenizer, cut) for cut in cuts]
    short = [names[0], *(pieces.differing(tokenizer, cut, cuts[0]) for cut in cuts[1:])]
    title, axis = _("The most probable ways to cut it"), _("probability, relative to the best")
    figure = distributions.bars(short, shares, title=title, axis_title=axis, mode=session.mode, selected=0)
    live_plot.show(figure, "cuts", f"{title}. {pieces.described(names, shares)}", choice.scope(walk))
    prose.look(lesson.look)
    tables.twin(*pieces.cut_table(cuts, names), "cuts")
    st.header(_("Its pieces, one by one"), anchor=False)
    tables.plain(*pieces.piece_table(tokenizer, cuts[0], text), "pieces")
    prose.depths(lesson, pieces.values(tokenizer, cuts))


@st.fragment
def vocabulary() -> None:
    """All the pieces, and a field to find one."""
    st.header(_("All the pieces there are"), anchor=False)
    tables.plain(*pieces.vocabulary_table(tokenizer, controls.find()), "vocabulary")


sentence()
vocabulary()
frame.bottom(session)
