"""Is attention an explanation? Five methods side by side for one French piece, and whether they agree."""

import streamlit as st

from figures.changed import explanation
from figures.chips import chip
from pages.explanation import asked as asking
from pages.explanation import pictures, sample, telling, view
from ui import frame
from ui.session import choice
from ui.show import live_plot, prose, tables

session = frame.page("250_explanation")
lesson, mode, scope = session.lesson, session.mode, choice.scope(session.walk)


@st.fragment
def show() -> None:
    """The guess, or the methods and what belongs to them; a click on a control or a cell runs only this."""
    frame.top(session, chip)
    asked = asking.ask(session.walk)
    seen = view.view(session, asked)
    if seen.lifted:
        compare(seen)
    else:
        picture = pictures.question(session, asked, seen.known.words)
        figure = explanation.guess(**picture.drawing, title=picture.title, mode=mode)
        live_plot.show(figure, "ex_words", picture.alt, scope, on_click=picture.on_click)
        prose.look(lesson.sections["Look at the guess"])
        view.hidden()
    prose.depths(lesson, view.values(session, seen))


def compare(seen: view.View) -> None:
    """Everything that is hidden before the guess."""
    view.verdict(session, seen)
    picture = pictures.comparison(session, seen.asked, seen.known.words, seen.every)
    figure = explanation.methods(**picture.drawing, title=picture.title, mode=mode)
    live_plot.show(figure, "ex_methods", picture.alt, scope, on_click=picture.on_click)
    prose.look(lesson.look)
    view.below(session, seen)
    tables.twin(*picture.table, "explanation")
    if seen.ranked:
        ranks = pictures.agreements(seen.asked, seen.every)
        figure = explanation.agreement(**ranks.drawing, title=ranks.title, mode=mode)
        live_plot.show(figure, "ex_ranks", ranks.alt, scope, on_click=ranks.on_click)
        prose.look(lesson.sections["Look at agreement"])
        telling.agreement(seen.asked, seen.every)
    else:
        telling.too_short(seen.known.words)
    sample.tell(session, seen.asked)


show()
frame.bottom(session)
