"""Predict, then reveal: questions from the trace of the learner's sentence, answered by the learner first and by the model then."""

import streamlit as st

from figures.numbers import asked as figure_of
from pages.predict import deal, desk, record, to_class
from ui import controls, frame
from ui.asking import form
from ui.frame import token_strip
from ui.show import live_plot, prose

session = frame.page("260_predict")
lesson, mode = session.lesson, session.mode


@st.fragment
def show() -> None:
    """The question and its answer; a click on a control runs only this."""
    strip, rooms = st.container(), frame.more_rooms()
    with rooms.picture, controls.row():
        now = deal.ask(session)
    with strip:
        token_strip.show(now.session.walk, now.session.special)
    found = desk.answered(now)
    desk.asked(rooms, now)
    given = now.question.given
    figure = figure_of.grid(
        given.values, given.rows, given.columns, names=given.names, value_name=given.value_name, title=given.title,
        hidden=given.hidden, shown=found.seen, mode=mode,
    )  # fmt: skip
    with rooms.picture:
        live_plot.show(figure, "pr_given", form.in_words(now.question, found.seen), now.key)
        if not found.seen:
            with st.container(key="atlas_own_answer"):
                desk.answer(now)
                desk.give_up(now)
        with controls.row("atlas_controls_ways"):
            deal.ways(now)
            to_class.buttons(session, now)
        desk.twin(now, found.seen)
    with rooms.words:
        desk.about(session, now)
        if found.seen:
            desk.reveal(now, found)
            desk.links(session, now)
        record.summary()
        prose.depths(lesson, desk.values(now))


show()
frame.bottom(session)
