"""Lessons: those that came with the app, looked into by the teacher; and one of one's own, written here."""

import streamlit as st

from pages.lessons import shelf, telling, writing
from ui import controls, frame
from ui.guide import draft
from ui.session.kept import hold
from ui.show import prose
from ui.text import translate as _

shop = frame.workshop("610_lessons")


@st.fragment
def show() -> None:
    """The lessons there are, or the one that is being written; a click on a control runs only this."""
    telling.style()
    hold(telling.CHOSEN, "")
    hold(telling.STEP, 1)
    line = st.container(key="atlas_seen_top")
    with controls.row():
        views = {"shelf": _("Lessons"), "write": _("Write one")}
        view = controls.one_of(_("View"), telling.VIEW, views)
    plan = (shelf.show if view == "shelf" else writing.show)(shop, line)
    prose.depths(shop.lesson.of(view), telling.values(plan))
    draft.remember()


show()
frame.bottom(shop)
