"""Home: what this is, one live picture of cross-attention, and where to go from here."""

import streamlit as st

from figures import describe, labels, lines, theme
from ui import about, choice, frame, live_plot, prose, tables, token_strip
from ui.text import translate as _
from ui.walk import looked

session = frame.page(frame.HOME)
walk, lesson = session.walk, session.lesson

frame.heading(lesson)
prose.large(walk.target_text)
piece = token_strip.show(walk, theme.token_colour, labels.label)
weights = looked(walk, walk.layers - 1, None)
figure = lines.lines(weights, walk.written, walk.source, query=piece, title=_("Where the model looks before it writes each French piece"),
                     mode=session.mode)  # fmt: skip
live_plot.show(figure, "home", describe.sentence(weights, walk.written, walk.source), choice.scope(walk), on_click=choice.choose_cell)
prose.look(lesson.look)
tables.twin(describe.column_names(walk.source), describe.table(weights, walk.written, walk.source), "home")

st.subheader(_("Where to go"), anchor=False)
frame.cards()
prose.depths(lesson)
about.show(session.checkpoint)
