"""The decoder and its mask: what each position may look at, what padding is, training and test, and what a leak would do."""

import streamlit as st

from figures import describe
from figures.chips import chip
from figures.heads import masks
from figures.writing import forcing
from pages.decoder_and_mask import asked as decoder
from pages.decoder_and_mask import pictures as decoder_pictures
from ui import frame
from ui.show import prose

session = frame.page("80_decoder_and_mask")
DRAW = decoder_pictures.Drawers(
    steps=masks.steps, batch=masks.batch, leak=masks.leak, lanes=forcing.lanes, lane=forcing.Lane,
    sentence=describe.sentence, columns=describe.column_names, table=describe.table,
)  # fmt: skip


@st.fragment
def show() -> None:
    """The picture that is chosen and what belongs to it; a click on a control runs only this."""
    frame.top(session, chip)
    asked = decoder.ask(session, session.origin)
    decoder_pictures.show(session, asked, DRAW)
    prose.depths(session.lesson, decoder.values(session, asked))


show()
frame.bottom(session)
