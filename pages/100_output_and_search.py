"""Output and search: from the decoder's last vector to the next piece, and from pieces to a whole translation."""

import streamlit as st

from figures.chips import chip
from figures.writing import lens, output, tree
from pages.output_and_search import pictures as output_view
from ui import frame
from ui.show import prose

session = frame.page("100_output_and_search")
DRAW = output_view.Drawers(
    candidates=output.candidates, named=lens.named, tree=tree.tree, frame=tree.frame, sums=output.Sum
)


@st.fragment
def show() -> None:
    """The picture that is chosen and what belongs to it; a click on a control runs only this."""
    frame.top(session, chip)
    output_view.show(session, DRAW)
    prose.depths(session.lesson, output_view.values(session))


show()
frame.bottom(session)
