"""The time machine: the same sentence read by every snapshot of a training, and the moment each head becomes what it is."""

import streamlit as st

from figures.chips import chip
from figures.learning import forming
from pages.time_machine import film as films
from pages.time_machine import head as heads
from pages.time_machine import pictures, words
from ui import controls, frame
from ui.session import choice
from ui.show import live_plot, prose, tables

session = frame.page("310_time_machine")
film = films.begin(session, chip)
lesson, mode, scope = session.lesson, session.mode, choice.scope(film.session.walk)
PACE = 500  # milliseconds for each moment


@st.fragment
def show() -> None:
    """The picture and what belongs to it; a click on a control runs only this, a click on a moment the whole page."""
    films.follow()
    frame.top(film.session, chip)
    with controls.row():
        asked = heads.ask(film)
    head = heads.shown(film, asked)
    if asked.picture == "play":
        steps = [
            live_plot.Step(
                each.name, forming.moment_map(**each.drawing, title=each.title, mode=mode), each.alt, each.look
            )
            for each in pictures.frames(head)
        ]
        live_plot.show_steps(
            steps, "time_machine", scope, on_click=pictures.take_map(head), start=film.now, pace=PACE
        )  # fmt: skip
        prose.look(lesson.sections["Look at play"])
        words.tell(head)
        tables.twin(*pictures.table_of_moments(head), "time_machine_moments")
    else:
        picture = pictures.strip(head) if asked.picture == "strip" else pictures.heads(head)
        draw = forming.strip if asked.picture == "strip" else forming.heads
        figure = draw(**picture.drawing, title=picture.title, mode=mode)
        live_plot.show(figure, "time_machine", picture.alt, scope, on_click=picture.on_click)
        prose.look(lesson.sections[f"Look at {asked.picture}"])
        picture.tell()
        tables.twin(*picture.table, f"time_machine_{asked.picture}")
    prose.depths(lesson, pictures.values(head))


show()
frame.bottom(session)
