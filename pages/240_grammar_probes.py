"""French grammar probes: two sentences that differ in a word; where the difference goes, and which heads carry it, by intervention."""

import streamlit as st

from pages.grammar_probes import asked as asking
from pages.grammar_probes import pair, pictures, readings, values, views
from ui import frame
from ui.show import prose
from ui.text import translate as _

shop = frame.workshop("240_grammar_probes")
lesson, mode = shop.lesson, shop.mode
if shop.transformer is None:
    frame.no_transformer(lesson)
question = shop.transformer


@st.fragment
def show() -> None:
    """The pair and what belongs to it; a click on a control runs only this."""
    rooms = frame.more_rooms()
    pictures.remember()
    with rooms.picture:
        pair.style()
        asked = asking.ask(question)
    found = None if isinstance(asked, str) else readings.read(asked)
    if isinstance(asked, str) or found is None:
        rooms.seen(_("Two English sentences, one word apart: which French word follows?"))
        with rooms.picture:
            views.nothing(asked)
    else:
        with rooms.words:
            pair.show(asked, found)
        with rooms.picture:
            asked = asking.viewed(asked)
        views.show(rooms, asked, found, lesson, mode)
    with rooms.words:
        prose.depths(lesson, values.values(asked, found))


show()
frame.bottom(shop)
