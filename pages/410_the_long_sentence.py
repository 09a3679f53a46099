"""The long sentence: what one hidden state loses as sentences grow, what a look back gives, and what vanishes on the way back."""

import streamlit as st

from pages.the_long_sentence import view
from ui import frame

visit = frame.visit("410_the_long_sentence", view.SHOWN)


@st.fragment
def show() -> None:
    """One of three views; a click on a control runs only this."""
    view.show(visit)


show()
frame.bottom(visit)
