"""The time machine: the same sentence read by every snapshot of a training, and the moment each head becomes what it is."""

import streamlit as st

from pages.time_machine import film as films
from pages.time_machine import head as heads
from pages.time_machine import past as pasts
from pages.time_machine import pictures, relative, words
from ui import controls, frame
from ui.session import choice
from ui.show import live_plot, prose, tables

session = frame.guest("310_time_machine")
begun = films.begin(session) if isinstance(session, frame.Session) else pasts.begin(session)
lesson, scope = session.lesson, choice.scope(begun.session.walk)
PACE = 500  # milliseconds for each moment


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this, a click on a moment the whole page."""
    if isinstance(begun, films.Film):
        heads_of(films.standing(begun))
    else:
        relative.show(films.standing(begun))


def heads_of(film: films.Film) -> None:
    """A Transformer's: its heads, one by one."""
    rooms = frame.rooms(film.session)
    with rooms.picture, controls.row():
        asked = heads.ask(film)
    head = heads.shown(film, asked)
    words.first_line(rooms, head)
    with rooms.picture:
        if asked.picture == "play":
            steps, on_click = pictures.frames(head), pictures.take_map(head)
            live_plot.show_steps(
                steps, "time_machine", scope, on_click=on_click, start=film.at, pace=PACE, on_step=films.stand_at
            )
            tables.twin(*pictures.table_of_moments(head), "time_machine_moments")
        else:
            picture = pictures.strip(head) if asked.picture == "strip" else pictures.heads(head)
            picture.plot("time_machine", scope)
            tables.twin(*picture.table, f"time_machine_{asked.picture}")
    with rooms.words:
        words.tell(head)
        films.everywhere(film)
        prose.look(lesson.sections[f"Look at {asked.picture}"])
        prose.depths(lesson, pictures.values(head))


show()
frame.bottom(session)
