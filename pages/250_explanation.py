"""Is attention an explanation? Five methods side by side for one French piece, and whether they agree."""

import streamlit as st

from pages.explanation import asked as asking
from pages.explanation import pictures, sample, telling, view
from ui import frame
from ui.session import choice
from ui.show import prose, tables

session = frame.page("250_explanation")
lesson, scope = session.lesson, choice.scope(session.walk)


@st.fragment
def show() -> None:
    """The guess, or the methods and what belongs to them; a click on a control or a cell runs only this."""
    frame.top(session)
    asked = asking.ask(session.walk)
    seen = view.view(session, asked)
    if seen.lifted:
        compare(seen)
    else:
        picture = pictures.question(session, asked, seen.known.words)
        picture.plot("ex_words", scope)
        prose.look(lesson.sections["Look at the guess"])
        view.hidden()
    prose.depths(lesson, view.values(session, seen))


def compare(seen: view.View) -> None:
    """Everything that is hidden before the guess."""
    view.verdict(session, seen)
    picture = pictures.comparison(session, seen.asked, seen.known.words, seen.every)
    picture.plot("ex_methods", scope)
    prose.look(lesson.look)
    view.below(session, seen)
    tables.twin(*picture.table, "explanation")
    if seen.ranked:
        ranks = pictures.agreements(session, seen.asked, seen.every)
        ranks.plot("ex_ranks", scope)
        prose.look(lesson.sections["Look at agreement"])
        telling.agreement(seen.asked, seen.every)
    else:
        telling.too_short(seen.known.words)
    sample.tell(session, seen.asked)


show()
frame.bottom(session)
