"""Compare: two models, or two moments of one training, on the same sentence; or two sentences in one model: maps, differences."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.compare import maps, others, pictures, sentences, sides, translations
from pages.compare.sides import Side
from ui import frame
from ui.session import kept
from ui.show import prose

session = frame.guest("330_compare")


@st.fragment
def show() -> None:
    """What is compared and what belongs to it; a click on a control runs only this."""
    if sentences.asked() and isinstance(session, frame.Session):
        sentences.show(session)
    else:
        models()


def models() -> None:
    """The two models."""
    top = st.container()
    found = sides.ask(session, sentences.switch)
    with top:
        frame.strip(replace(session, walk=found[0].walk) if found else session)
        line = st.container(key="atlas_seen")
    if found and isinstance(session, frame.Session) and isinstance(found[0], Side) and isinstance(found[1], Side):
        compared(session, found[0], found[1], line)
    elif found:
        others.show(session, *found, line)
    else:
        with line:
            frame.heading(session.lesson)
        kept.address()


def compared(session: frame.Session, a: Side, b: Side, line: DeltaGenerator) -> None:
    """What they say, where they look."""
    translations.show(a, b)
    both = maps.both(a, b, maps.ask(a, b))
    with line:
        pictures.first_line(both)
    pictures.show(session, both)
    pictures.offer(a, b)
    prose.depths(session.lesson, pictures.values(both))


show()
frame.bottom(session)
