"""French grammar probes: two sentences that differ in a word; where the difference goes, and which heads carry it, by intervention."""

import streamlit as st

from pages.grammar_probes import asked as asking
from pages.grammar_probes import pair, pictures, readings, values, views
from ui import frame
from ui.show import prose, tables

shop = frame.workshop("240_grammar_probes")
lesson, mode = shop.lesson, shop.mode
if shop.question is None:
    frame.no_checkpoint(lesson)
question = shop.question


@st.fragment
def show() -> None:
    """The pair and what belongs to it; a click on a control runs only this."""
    frame.heading(lesson)
    pair.style()
    pictures.remember()
    asked = asking.ask(question)
    found = None if isinstance(asked, str) else readings.read(asked)
    if isinstance(asked, str) or found is None:
        views.nothing(asked)
    else:
        below(asked, found)
    prose.depths(lesson, values.values(asked, found))


def below(asked: asking.Asked, found: readings.Read) -> None:
    """The two sentences, the picture, and the head that is chosen in it."""
    pair.show(asked, found)
    asked = asking.viewed(asked)
    if picture := views.picture(asked, found, mode):
        key = "gp_flow" if asked.view in views.FLOWS else "gp_heads"
        picture.plot(key, str(asked.key))
        prose.look(lesson.sections[f"Look at {asked.view}"])
        if asked.view != "all":
            picture.tell()
        if one := views.inside(asked, found, mode):
            one.plot("gp_inside", str(asked.key))
            one.tell()
        if asked.view == "all":  # many lines, which would part the picture from the head that is chosen in it
            picture.tell()
        tables.twin(*picture.table, f"gp_{asked.view}")


show()
frame.bottom(shop)
