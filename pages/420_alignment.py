"""Alignment: attention before the Transformer, score by score, against gold links, by four scores, and through a window that moves."""

import streamlit as st

from pages.alignment import looks, views
from ui import frame

visit = frame.visit("420_alignment", looks.KINDS)


@st.fragment
def show() -> None:
    """One of four views of the model that the page's menu chooses; a click on a control runs only this."""
    views.show(visit)


show()
frame.bottom(visit)
