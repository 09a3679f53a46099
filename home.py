"""Home: the need, on the learner's sentence, one live picture of what answers it, and where to go from here."""

import textwrap
from functools import partial

import streamlit as st

from figures import describe
from pages.home import about, scene
from ui import frame
from ui.session import choice
from ui.show import live_plot, prose, tables
from ui.text import translate as _

session = frame.page(frame.HOME)
walk, lesson = session.walk, session.lesson
LONGEST = 160  # letters of a translation that stand large beside the picture


@st.fragment
def show() -> None:
    """The sentence, its translation, and where the model looked."""
    rooms = frame.rooms(session, special=False)
    shown = scene.scene(session.checkpoint, walk)
    if shown is None:
        rooms.seen(_("The translation is empty: the model ended it at once. Try another sentence."))
        return
    title = _("Where the model looks before it writes")
    figure = scene.picture(shown, title, session.mode)
    alt = f"{title}. {describe.sentence(shown.weights, *shown.names)}"
    scene.seen(rooms, shown)
    with rooms.picture:
        live_plot.show(figure, "home", alt, choice.scope(walk), on_click=partial(scene.choose, shown))
        tables.twin(describe.column_names(shown.names[1]), describe.table(shown.weights, *shown.names), "home")
    with rooms.words:
        prose.large(textwrap.shorten(walk.target_text, LONGEST, placeholder=" …"))
        told = scene.values(shown)
        prose.look_at(lesson, "", told)
        prose.depths(lesson.of(scene.view(told)), told | about.values(session.checkpoint, walk))


show()
frame.paths()
about.show(session.checkpoint)
frame.bottom(session)
