"""Visual attention: a caption word by word, with the look that each word takes at the picture; soft, and hard by lot."""

import streamlit as st

from pages.visual_attention import views
from ui import frame

session = frame.workshop("470_visual_attention")


@st.fragment
def show() -> None:
    """One of three views of the learner's scene; a click on a control runs only this."""
    views.show(session)


show()
frame.bottom(session)
