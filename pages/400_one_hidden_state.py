"""One hidden state: a sentence squeezed into one row of numbers, gate by gate, and a decoder that lives off it."""

import streamlit as st

from pages.one_hidden_state import view
from ui import frame

visit = frame.visit("400_one_hidden_state", ("gru", "lstm", "tanh"))


@st.fragment
def show() -> None:
    """The view and what belongs to it; a click on a control runs only this."""
    view.show(visit)


show()
frame.bottom(visit)
