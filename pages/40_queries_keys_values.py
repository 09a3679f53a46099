"""Queries, keys, values: how one head makes three vectors of each piece's x, and where each of their numbers comes from."""

import streamlit as st

from pages.queries_keys_values import projections, three
from ui import controls, frame
from ui.controls import in_head
from ui.session import attentions
from ui.show import prose

session = frame.page("40_queries_keys_values")


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this."""
    rooms = frame.rooms(session, sides=controls.sides_of_attention())
    in_head.remember()
    with rooms.picture, controls.row():
        letter = projections.letter()
        kind, layer, head = controls.attention(session)
    view = attentions.attention(session, kind, layer)
    told = three.values(three.pair(session, view, head))
    if letter is None:  # all three of one piece, and of one that it asks
        made = projections.projection(view, head, "Q")
        told |= projections.values(made, *projections.chosen(session, view, made)) | three.show(
            rooms, session, view, head
        )
    else:
        told |= projections.show(rooms, session, view, head, letter)
    with rooms.words:
        prose.depths(session.lesson, told)


show()
frame.bottom(session)
