"""Class: a room that a teacher opens and learners join; from then on the bar of the room is on every page."""

import streamlit as st

from pages.classroom import board, door, mine, telling
from ui import frame
from ui.classroom import who
from ui.show import prose

shop = frame.workshop("600_classroom")


@st.fragment
def show() -> None:
    """Whatever whoever is here can do; a click runs only this."""
    door.just_in()
    found = telling.standing()
    if isinstance(found, who.Teacher):
        board.code(found.room)
    rooms = frame.more_rooms()
    telling.first_line(rooms, found)
    with rooms.picture:
        if isinstance(found, who.Teacher):
            board.show(found.room)
        elif isinstance(found, who.Learner):
            mine.show(found)
        else:
            door.show()
    with rooms.words:
        prose.depths(shop.lesson, telling.values())


show()
frame.bottom(shop)
