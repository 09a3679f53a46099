"""Class corpus: the class's own pairs, how a model cuts them, fine-tuning on them, and what that changed."""

import streamlit as st

from figures.writing import distributions
from pages.class_corpus import active, markup, pairs, removing, shown, sides, tuning
from ui import controls, frame
from ui.show import live_plot, prose, tables
from ui.text import translate as _

shop = frame.workshop("320_class_corpus")
lesson, chosen = shop.lesson, shop.transformer.origin if shop.transformer else None


@st.fragment
def show() -> None:
    """The pairs and what belongs to them; a change of the pairs runs only this."""
    frame.heading(lesson)
    markup.style()
    with st.container(key="class_top"):
        with controls.row():
            way, begin = pairs.way(), tuning.base(chosen)
        given, found = pairs.ask(way), None
    first, second = st.container(), st.container()  # below a field that is typed into, the button stays where it is
    columns, button = (first, second) if way == "file" else (second, first)
    with columns:
        read = pairs.read(given.content, given.file_name, sides.ask(given))
    with button:
        if begin:
            tuning.form(read.corpus, begin)
    busy = active.watch()
    shown.outcome(given, read)
    if read.corpus and begin:
        found = shown.survey(read.corpus, begin.origin)
    active.results_of(busy)
    removing.show()
    if found and found.words:
        title, axis = _("The words in most pieces"), _("pieces")
        figure = distributions.bars(*shown.bars(found), title=title, axis_title=axis, mode=shop.mode)
        live_plot.show(figure, "class_words", shown.alt(found, title))
        prose.look(lesson.look)
        tables.twin(*shown.table(found), "class_words")
    prose.depths(lesson, shown.values(found, read.corpus))


show()
frame.bottom(shop)
