"""Home: what this is, one live picture of cross-attention, and where to go from here."""

import streamlit as st

from figures import describe, labels, lines, theme
from ui import about, choice, frame, live_plot, prose, tables, token_strip
from ui.text import translate as _
from ui.walk import looked

session = frame.page(frame.HOME)
walk, lesson = session.walk, session.lesson


@st.fragment
def show() -> None:
    """The sentence, its translation, and where the model looked."""
    query = token_strip.show(walk, theme.token_colour, labels.label)
    frame.heading(lesson)
    prose.large(walk.target_text)
    weights, pieces = looked(walk, walk.layers - 1, None), (walk.written, walk.source)
    title = _("Where the model looks before it writes")
    figure = lines.lines(weights, *pieces, query=query, title=title, mode=session.mode)
    alt = f"{title}. {describe.sentence(weights, *pieces)}"
    live_plot.show(figure, "home", alt, choice.scope(walk), on_click=choice.choose_cell)
    prose.look(lesson.look)
    tables.twin(describe.column_names(walk.source), describe.table(weights, *pieces), "home")


show()
st.header(_("Where to go"), anchor=False)
frame.cards()
prose.depths(lesson)
about.show(session.checkpoint)
