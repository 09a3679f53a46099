"""The view "The map": whom each written piece looks at, growing word by word, and the sums behind a cell."""

from collections.abc import Callable

import streamlit as st

from figures import describe
from figures.heads import links
from figures.labels import label
from pages.alignment import asked as controls
from pages.alignment import telling
from pages.alignment.asked import Shown
from ui.controls import dimension
from ui.frame import Visit
from ui.frame.rooms import Rooms
from ui.session import choice
from ui.show import live_plot, prose, tables
from ui.show.live_plot import Cell
from ui.show.sums import number
from ui.text import translate as _


def show(visit: Visit, rooms: Rooms, shown: Shown) -> None:
    """The player, the sum of the chosen cell, and what it is for."""
    found = shown.looks
    told = _("About to write {query}, it gives {key} {weight} of its look; the other {n} English pieces get {rest}.")
    weight = float(found.weights[shown.row, shown.column])
    rest = float(found.weights[shown.row].sum()) - weight
    rooms.seen(
        told, query=shown.query, key=shown.key, weight=number(weight, 2), n=len(found.annotations) - 1, rest=number(rest, 2)
    )  # fmt: skip
    with rooms.picture:
        player(visit, shown)
    with rooms.words:
        telling.cell(shown)
        telling.adds(visit, shown)
        dimension.slider(found.width, shown.dimension)
        prose.depths(visit.lesson, telling.values(shown))


def player(visit: Visit, shown: Shown) -> None:
    """One picture for each written piece: its row has just come."""
    ends = controls.stops(len(shown.pieces[0]))
    pictures = [picture(visit, shown, end) for end in ends]
    live_plot.show_steps(
        pictures, "al_map", shown.scope, take, start=controls.stop(shown, ends), on_step=stand(shown, ends)
    )
    weights = shown.looks.weights[shown.rows, shown.columns]
    tables.twin(describe.column_names(shown.pieces[1]), describe.table(weights, *shown.pieces), "al_map")


def picture(visit: Visit, shown: Shown, end: int) -> live_plot.Step:
    """The map with `end` of its rows."""
    weights = shown.looks.weights[shown.rows, shown.columns].round(4)
    rows, columns = shown.pieces
    cell = (shown.row, shown.column) if shown.row - shown.rows.start < end else None
    figure = links.gold_map(
        weights, rows, columns, (), names=names(), title="", mode=visit.mode, selected=cell, origin=shown.origin, until=end
    )  # fmt: skip
    alt = f"{shown.seen.name}. {describe.sentence(weights[:end], rows[:end], columns)}"
    look = visit.lesson.look if shown.looks.moves is None else visit.lesson.sections["Look at windowed"]
    if end < len(rows):
        last = weights[end - 1]
        template = _("{piece} is written next: it looks most at {key}, {weight}.")
        look = template.format(
            piece=label(rows[end - 1]), key=label(columns[int(last.argmax())]), weight=number(float(last.max()), 2)
        )
    return live_plot.Step(label(rows[end - 1]), figure, alt, look)


def names() -> tuple[str, str]:
    """What rows and columns are."""
    return _("French piece about to be written"), _("English piece")


def stand(shown: Shown, ends: list[int]) -> Callable[[int], None]:
    """For the player: so many rows are shown, and the last of them is told."""

    def stand_at(place: int) -> None:
        st.session_state[controls.ROWS] = ends[place]
        choice.choose(shown.rows.start + ends[place] - 1)

    return stand_at


def take(cell: Cell) -> None:
    """A click on a cell: `[row, column]`. Only in callbacks."""
    choice.choose(*(None if place is None else int(place) for place in cell[:2]))
