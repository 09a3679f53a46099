"""From what is asked for to the sheets, one after the other."""

import time
from collections.abc import Sequence

import streamlit as st

from pages.worksheets import sheet
from pages.worksheets.desk import Asked
from pages.worksheets.sheet import Sheet
from ui import frame
from ui.frame import Session, Workshop
from ui.session import dealt, state
from ui.text import translate as _

SOON = 0.4  # seconds, after which it is told how far the work is


def session_of(shop: Workshop, asked: Asked) -> Session | str:
    """The sentence and the model; a sentence that says why, if it cannot be read."""
    question = shop.transformer
    assert question is not None, "the page ends before"
    text = dealt.text_of(question.origin, asked.first) if asked.dealt else None
    walk = frame.read(question) if text is None else state.own_walk(question.origin, text, question.search)
    if isinstance(walk, str):
        return walk
    return Session(
        name=shop.name, lesson=shop.lesson, origin=question.origin, checkpoint=state.opened(question.origin), walk=walk,
        mode=shop.mode, special=question.special, search=question.search,
    )  # fmt: skip


def made(session: Session, asked: Asked) -> Sequence[Sheet]:
    """The sheets; when there are many, how far the work is."""
    place, begun, found = st.empty(), time.monotonic(), []
    for done, number in enumerate(asked.numbers):
        own = sheet.with_sentence(session, number) if asked.dealt else session
        found.append(sheet.sheet(own, number, asked.kinds))
        if time.monotonic() - begun > SOON:
            place.progress((done + 1) / asked.sheets, _("Worksheet {number} is made").format(number=number))
    place.empty()
    return found
