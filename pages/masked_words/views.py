"""One of four views."""

import streamlit as st

from pages.masked_words import asked, fill, look, models, names, rate
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.session import systems
from ui.text import plain
from ui.text import translate as _


def show(rooms: Rooms, shop: Workshop, view: str) -> None:
    """The view that is asked for."""
    if view == "rate":
        rate.show(rooms, shop)
    elif view == "names":
        names.show(rooms, shop)
    else:
        blanks(rooms, shop, view)


def blanks(rooms: Rooms, shop: Workshop, view: str) -> None:
    """A sentence with a blank, and one of its two views."""
    with rooms.picture:
        question, there = asked.sentence(), models.pair()
        if not there:
            return systems.missing(("bert",))
    if question.why:
        return asked.refuse(rooms, shop, question.why)
    if strangers := {word for origin in there.values() for word in models.strangers(origin, question)}:
        told = ", ".join(plain(word) for word in dict.fromkeys(question.words) if word in strangers)
        with rooms.picture:
            st.caption(_("Words that the model does not know, all read as one: {words}.").format(words=told))
    if view == "attention":
        look.show(rooms, shop, question, there)
    else:
        fill.show(rooms, shop, question, there)
    with rooms.picture:
        st.caption(" ".join(systems.about(origin) for origin in there.values()))
        systems.way_to_train("bert")
