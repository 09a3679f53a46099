"""Models: all there are, how large and how good; to open, download, rename, delete, and to bring along from elsewhere."""

import streamlit as st

from pages.models import actions, facts, found, pictures
from ui import frame
from ui.show import prose
from ui.training import teacher

shop = frame.workshop("340_models")


@st.fragment
def show() -> None:
    """The models and what can be done with them; a click runs only this."""
    rooms = frame.more_rooms()
    models, one = facts.models(), None
    with rooms.picture:
        found.told()
        if models:
            one = pictures.choose(models, shop)
            pictures.show(models, one, shop)
            pictures.table(models)
    pictures.first_line(rooms, one)
    with rooms.words:
        if one:
            pictures.tell(one)
            actions.row(one)
        else:
            actions.none_yet()
        actions.uploads()
        teacher.field()
        prose.depths(shop.lesson.of(pictures.view(one)), pictures.values(one))


show()
frame.bottom(shop)
