"""Home: what this is, one live picture of cross-attention, and where to go from here."""

import streamlit as st

from figures import describe
from figures.heads import lines
from pages.home import about
from ui import frame
from ui.session import choice
from ui.session.walk import looked
from ui.show import live_plot, prose, tables
from ui.text import translate as _

session = frame.page(frame.HOME)
walk, lesson = session.walk, session.lesson


@st.fragment
def show() -> None:
    """The sentence, its translation, and where the model looked."""
    frame.top(session)
    query = choice.piece(walk)
    prose.large(walk.target_text)
    weights, pieces = looked(walk, walk.layers - 1, None), (walk.written, walk.source)
    title = _("Where the model looks before it writes")
    figure = lines.lines(weights, *pieces, query=query, title=title, mode=session.mode)
    alt = f"{title}. {describe.sentence(weights, *pieces)}"
    live_plot.show(figure, "home", alt, choice.scope(walk), on_click=choice.choose_cell)
    prose.look(lesson.look)
    tables.twin(describe.column_names(walk.source), describe.table(weights, *pieces), "home")
    prose.depths(lesson, about.values(session.checkpoint, walk, weights, query or 0))


show()
st.header(_("Where to go"), anchor=False)
frame.cards()
about.show(session.checkpoint)
frame.bottom(session)
