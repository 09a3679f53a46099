"""Cross-attention: where each French piece looks in the English sentence, by layer and head, beside what a person would link."""

import streamlit as st

from pages.cross_attention import pictures
from ui import frame
from ui.show import prose

session = frame.page("90_cross_attention")


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    frame.top(session)
    asked = pictures.ask(session)
    pictures.show(session, asked)
    prose.depths(session.lesson, pictures.values(session, asked))


show()
frame.bottom(session)
