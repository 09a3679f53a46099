"""Many heads: one word in every head, all their maps, the mean of any, how they become one vector, what each does, and attention rollout."""

import streamlit as st

from pages.many_heads import heads, pictures
from ui import frame
from ui.show import prose

session = frame.page("60_many_heads")


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    rooms = frame.rooms(session, sides=heads.sides())
    pictures.remember()
    with rooms.picture:
        asked = heads.asked(session)
    pictures.SEEN[asked.picture](rooms, session, asked)
    picture, lesson = pictures.picture(session, asked), session.lesson.of(asked.picture).of(asked.told)
    values = pictures.values(session, asked)
    with rooms.picture:
        pictures.plot(session, asked, picture, prose.line(lesson.look, values))
    with rooms.words:
        if picture:
            picture.tell()
        pictures.why(session, asked)
        prose.depths(lesson, values)


show()
frame.bottom(session)
