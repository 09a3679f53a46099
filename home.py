"""Home: the need, on the learner's sentence, the whole machine that answers it, alive, and where to go from here."""

import streamlit as st

from pages.home import about, scene
from ui import frame
from ui.machine import picture
from ui.show import prose
from ui.text import translate as _

session = frame.page(frame.HOME)
walk, lesson = session.walk, session.lesson


@st.fragment
def show() -> None:
    """The need, and the machine."""
    picture.remember(walk)
    shown = scene.scene(session.checkpoint, walk)
    if shown is None:
        frame.first_line(_("The translation is empty: the model ended it at once. Try another sentence."))
    else:
        scene.seen(shown)
    picture.show(session, session.mode)
    if shown is not None:
        told = scene.values(shown)
        prose.depths(lesson.of(scene.view(told)), told | about.values(session.checkpoint, walk))
    picture.twin(walk)


show()
frame.paths()
about.show(session.checkpoint)
frame.bottom(session)
