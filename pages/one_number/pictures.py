"""The picture of the numbers, the fields that change one of them, and what comes of it."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from figures.changed import one_number
from pages.one_number import asked as controls
from pages.one_number import telling as words
from pages.one_number.asked import BOUND, PREFIX, Asked
from pages.one_number.grid import Grid, grid
from transformer.what_if import WhatIf
from ui.changed import guess, outcome, pictures, telling
from ui.changed.outcome import Compared
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import choice
from ui.show import tables
from ui.show.live_plot import Cell
from ui.show.picture import Picture
from ui.text import translate as _

REACH = 3  # times the largest number shown: the end of the slider


def show(rooms: Rooms, session: Session, asked: Asked) -> tuple[Compared, Grid]:
    """All of it; answers with the models compared, and the numbers."""
    pair = outcome.compared(session, WhatIf(numbers=asked.numbers))
    found = grid(session, asked, pair)
    with rooms.picture:
        fields(asked, found)
    with rooms.words:
        guessing = guess.wanted(PREFIX)
        lifted = guess.lifted(PREFIX, controls.written(asked.numbers), guessing, pair)
        words.seen(rooms, session, asked, pair, lifted)
        if lifted:
            telling.result(pair, "", words.list_of(session, asked))
    shown = pair if lifted else Compared(pair.before, pair.before)
    if asked.view == "chances":
        picture, key = pictures.chances(session, shown), "on_chances"
        look = session.lesson.sections["Look at chances"]
    else:
        picture, key, look = numbers(session, asked, found), "on_numbers", session.lesson.look
    with rooms.picture:
        picture.plot(key, f"{choice.scope(session.walk)} {asked.where} {asked.row}", look)
        tables.twin(*picture.table, key)
    with rooms.words:
        if asked.view == "chances":
            telling.rivals(session, shown)
        else:
            words.tell(session, asked, found, pair if lifted else None)
        words.why(found)
    return shown, found


def fields(asked: Asked, found: Grid) -> None:
    """The value of the chosen number, to be typed or dragged, and the way to the one that matters most."""
    usual, now = found.of(found.usual), found.of(found.now)
    reach = min(
        BOUND,
        float(f"{max(REACH * float(np.abs(found.drawn(found.now)).max()), abs(now), abs(usual), 1e-3):.2g}") * 1.05,
    )

    def take(key: str) -> Callable[[], None]:
        return lambda: controls.set_to(asked, float(st.session_state[key]), usual)

    with asked.bench:
        st.session_state["pick_on_value"] = st.session_state["pick_on_slide"] = max(-reach, min(reach, now))
        st.session_state["pick_on_value"] = now
        st.number_input(
            _("Its value"), -BOUND, BOUND, key="pick_on_value", on_change=take("pick_on_value"), step=reach / 20, format="%.4f", width=150
        )  # fmt: skip
        st.slider(
            _("or drag it"), -reach, reach, key="pick_on_slide", on_change=take("pick_on_slide"), step=reach / 100, format="%.3f", width=190,
        )  # fmt: skip


def numbers(session: Session, asked: Asked, found: Grid) -> Picture:
    """The numbers and their slopes, side by side."""
    down, across = found.shape
    rows, columns = [str(found.first[0] + at) for at in range(down)], [str(found.first[1] + at) for at in range(across)]
    names = (_("row"), _("column"))
    if asked.vector:
        rows, columns = [str(at * across) for at in range(down)], [f"+{at}" for at in range(across)]
        names = (_("dimension"), _("and so many more"))
    titles, title = (_("The numbers"), _("Slope of log p")), words.title(session, asked)
    shown, slopes = found.drawn(found.now), found.drawn(found.slopes)
    table = [
        [*found.number(at, to), float(shown[at, to]), float(slopes[at, to])]
        for at in range(down)
        for to in range(across)
    ]
    row_, column = found.steepest
    alt = _("{title}. The steepest is in row {row}, column {column}: {slope} for each unit.")
    told = alt.format(title=title, row=row_, column=column, slope=words.digits(float(np.abs(found.slopes).max())))
    places = [found.place(each.row, each.column) for each in asked.numbers if words.here(asked, each)]

    def take(cell: Cell) -> None:
        _grid, at, to = (int(each or 0) for each in cell)
        controls.point(asked, *found.number(at, to))

    return Picture(
        title=title, alt=told, on_click=take, tell=lambda: None,
        table=([_("row"), _("column"), _("number"), _("slope")], table),
        figure=one_number.grids(
            shown, slopes, rows=rows, columns=columns, names=names, titles=titles, value_names=(_("number"), _("slope")),
            title=title, mode=session.mode,
            selected=found.place(asked.row, asked.column), changed=[place for place in places if place],
        ),
    )  # fmt: skip
