"""Many heads: one word in every head, all their maps, how they become one vector, what each does, and attention rollout."""

import streamlit as st

from pages.many_heads import heads, pictures
from ui import frame
from ui.session import choice
from ui.show import prose, tables

session = frame.page("60_many_heads")


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    rooms = frame.rooms(session)
    pictures.remember()
    with rooms.picture:
        asked = heads.asked(session)
    pictures.SEEN[asked.picture](rooms, session, asked)
    picture, lesson = pictures.picture(session, asked), session.lesson.of(asked.picture)
    values = pictures.values(session, asked)
    with rooms.picture:
        picture.plot("heads_picture", choice.scope(session.walk), prose.line(lesson.look, values))
        pictures.below(session, asked)
        tables.twin(*picture.table, f"heads_{asked.picture}")
    with rooms.words:
        picture.tell()
        pictures.why(session, asked)
        prose.depths(lesson, values)


show()
frame.bottom(session)
