"""The detective: a model that was trained with one part missing; its loss, translations and maps tell which."""

import streamlit as st

from figures import describe
from figures.heads import attention
from figures.learning import training
from pages.detective import desk, exhibits
from ui import frame
from ui.show import prose

shop = frame.workshop("230_detective")
DRAW = exhibits.Drawers(
    progress=training.progress, curve=training.Curve, panel=training.Panel, map=attention.heatmap, sentence=describe.sentence,
)  # fmt: skip


@st.fragment
def show() -> None:
    """The case, its exhibits and the learner's answer; a click on a control runs only this."""
    frame.heading(shop.lesson)
    prose.depths(shop.lesson, desk.show(shop.lesson, shop.mode, DRAW))


show()
frame.bottom(shop)
