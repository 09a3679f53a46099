"""Cross-attention: where each French piece looks in the English sentence, by layer and head, beside what a person would link."""

import streamlit as st

from figures import describe
from figures.chips import chip
from figures.heads import attention, lines, links
from pages.cross_attention import pictures as cross_pictures
from ui import frame
from ui.show import prose

session = frame.page("90_cross_attention")
DRAW = cross_pictures.Drawers(
    gold_map=links.gold_map, lines=lines.lines, caption=lines.caption, tiles=attention.small_multiples,
    words=links.alignment, errors=links.error_rates, sentence=describe.sentence, columns=describe.column_names,
    table=describe.table,
)  # fmt: skip


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    frame.top(session, chip)
    asked = cross_pictures.ask(session)
    cross_pictures.show(session, asked, DRAW)
    prose.depths(session.lesson, cross_pictures.values(session, asked))


show()
frame.bottom(session)
