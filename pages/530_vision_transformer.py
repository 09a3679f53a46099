"""Vision Transformer: the learner's scene cut into patches, each a row like a word's; a question about it, and who looks where."""

import streamlit as st

from pages.vision_transformer import views
from ui import frame

session = frame.workshop("530_vision_transformer")


@st.fragment
def show() -> None:
    """One of five views of the learner's scene and question; a click on a control runs only this."""
    views.show(session)


show()
frame.bottom(session)
