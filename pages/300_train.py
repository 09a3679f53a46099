"""Train: a new translator or another system, from nothing or from a checkpoint, and what becomes of it, second by second."""

import streamlit as st

from pages.train import page, systems
from ui import frame
from ui.show import prose

shop = frame.workshop("300_train")


@st.fragment
def show() -> None:
    """The form, and below it the training; a change of the form runs this, the clock only the training."""
    frame.heading(shop.lesson)
    page.show(shop)
    prose.depths(systems.lesson(shop), page.values())


show()
frame.bottom(shop)
