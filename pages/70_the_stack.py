"""The stack: one piece on its way up the layers: residual connections, LayerNorm, the feed-forward network, and its path."""

import streamlit as st

from pages.the_stack import pictures, proofs, stack
from ui import controls, frame
from ui.session import choice
from ui.show import prose, tables

session = frame.page("70_the_stack")


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    rooms = frame.rooms(session)
    pictures.remember()
    with rooms.picture, controls.row():
        asked = stack.asked(session)
    picture = pictures.picture(session, asked)
    pictures.see(rooms, session, asked)
    with rooms.picture:
        picture.plot("stack_picture", choice.scope(session.walk))
        prose.look(session.lesson.sections[f"Look at {asked.picture}"])
        tables.twin(*picture.table, f"stack_{asked.picture}")
        pictures.more(session, asked)
    with rooms.words:
        picture.tell()
        proofs.show(session, asked)
        prose.depths(session.lesson.of(asked.picture), pictures.values(session, asked))


show()
frame.bottom(session)
