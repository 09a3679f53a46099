"""The three views of the page: step by step, all states, what is left of the first word."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from figures.labels import label
from figures.numbers import bands
from pages.one_hidden_state import equation, left, steps
from pages.one_hidden_state.steps import STEP, Step
from ui import controls, frame
from ui.frame import Rooms, Seen, Visit
from ui.session import choice, pointed
from ui.session.chips import chip
from ui.show import live_plot, prose, sums, tables
from ui.show.live_plot import Cell
from ui.text import filled
from ui.text import translate as _

VIEW, BAND, COLUMN = (
    "oh_view",
    "oh_band",
    "oh_column",
)  # in the address: the view, the vector and the dimension that were clicked
THIN, MANY = 15, 12  # pixels of a band where there are many


def show(visit: Visit) -> None:
    """The chosen view of what the chosen model did with the sentence."""
    seen = visit.seen()
    if isinstance(seen, str):
        with controls.row():
            visit.choose()
        st.info(seen)
        return
    visit.say_doubts(seen)
    rooms = frame.rooms(seen)
    steps.remember(seen.walk)
    pointed.remember(BAND, COLUMN)
    with rooms.picture, controls.row():
        visit.choose(_("Model"), width=215)
        names = {"steps": _("Step by step"), "states": _("All states"), "left": _("What is left")}
        view = controls.one_of(_("Picture"), VIEW, names)
        more = left.clauses() if view == "left" else 0
    if view == "left":
        left.show(visit, seen, rooms, more)
    elif view == "states":
        states(visit, seen, rooms)
    else:
        by_step(visit, seen, rooms)


def by_step(visit: Visit, seen: Seen, rooms: Rooms) -> None:
    """A player: each step's vectors, what goes in above, the new state below."""
    found = steps.steps(seen)
    start = steps.chosen(len(found))
    here, names = found[start], steps.names(found[start].trace)
    with rooms.picture:
        drawn = [picture(visit, each) for each in found]
        live_plot.show_steps(
            drawn, "oh_steps", choice.scope(seen.walk) + seen.name, clicked, start=start, on_step=steps.stand_at
        )
        rows = [[name, *here.row(key).tolist()] for key, name in names.items()]
        tables.twin([_("vector"), *(str(column) for column in range(here.cell.d_state))], rows, "oh_steps")
    told = {
        "gru": _("At {piece} the update gate keeps {share} of the old state, on average over {width} numbers."),
        "lstm": _("At {piece} the forget gate keeps {share} of the cell, on average over {width} numbers."),
    }.get(seen.checkpoint.kind, _("At {piece} the new state has a cosine of {share} with the old one, {width} numbers each."))  # fmt: skip
    rooms.seen(told, piece=piece_of(here), share=sums.number(steps.keeps(here), 2), width=here.cell.d_state)
    with rooms.words:
        equation_of(here, list(names))
        prose.depths(visit.lesson, values(seen, here))


def picture(visit: Visit, step: Step) -> live_plot.Step:
    """The vectors of one step."""
    names = steps.names(step.trace)
    band, column = chosen(list(names))
    groups = [
        (_("in"), [names["inputs"], names["before"]], [step.row("inputs"), step.row("before")]),
        (_("inside"), [names[key] for key in inner(names)], [step.row(key) for key in inner(names)]),
        (_("out"), [names["states"]], [step.row("states")]),
    ]
    title = (
        _("Reads {piece}").format(piece=label(step.piece))
        if step.encodes
        else _("Writes after {piece}").format(piece=label(step.piece))
    )
    figure = bands.bands(
        [(name, rows, stacked(values)) for name, rows, values in groups if rows], names=(_("vector"), _("dimension")), title=title,
        mode=visit.mode, selected=None if band is None or column is None else (band, column), value_name=_("number"), reach=1.0,
    )  # fmt: skip
    alt = _("{title}: {count} vectors of {width} numbers. It keeps {share} of what was there.").format(
        title=title, count=len(names), width=step.cell.d_state, share=sums.number(steps.keeps(step), 2)
    )
    return live_plot.Step(title, figure, alt, visit.lesson.of("steps").look)


def inner(names: dict[str, str]) -> list[str]:
    """The vectors between what goes in and what comes out."""
    return [key for key in names if key not in ("inputs", "before", "states")]


def stacked(rows: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Vectors as rows."""
    return np.stack(rows)


def states(visit: Visit, seen: Seen, rooms: Rooms) -> None:
    """Every state, a row each; the encoder's last is framed: it is handed over."""
    found = steps.steps(seen)
    read, written = (stacked([each.row("states") for each in found if each.encodes is side]) for side in (True, False))
    at, last = steps.chosen(len(found)), len(read) - 1
    column = pointed.chosen(COLUMN, found[0].cell.d_state)
    pieces = [numbered(each) for each in found]
    with rooms.picture:
        title = _("The state after each piece")
        figure = bands.bands(
            [(_("reads"), pieces[: last + 1], read), (_("writes"), pieces[last + 1 :], written)],
            names=(_("piece"), _("dimension")), title=title, mode=visit.mode, value_name=_("number"), framed=[(last, 0, read.shape[1] - 1)],
            selected=None if column is None else (at, column), tall=THIN if len(found) > MANY else bands.BAND,
        )  # fmt: skip
        alt = _("{title}: {rows} rows of {width} numbers; row {last} is handed over to the decoder.").format(
            title=title, rows=len(found), width=read.shape[1], last=last + 1
        )
        look = visit.lesson.of("states").look
        live_plot.show(figure, "oh_states", alt, choice.scope(seen.walk) + seen.name, on_click=to_step, look=look)
        columns = [_("piece"), *(str(each) for each in range(read.shape[1]))]
        tables.twin(
            columns,
            [[piece, *row] for piece, row in zip(pieces, [*read.tolist(), *written.tolist()], strict=True)],
            "oh_states",
        )
    told = _(
        "{pieces} pieces of {width} numbers each went in. Of {all} numbers the decoder gets the last row: {width}."
    )
    rooms.seen(told, pieces=len(read), width=read.shape[1], all=f"{read.size:,}")
    with rooms.words:
        keys = list(steps.names(found[at].trace))
        equation_of(found[at], keys, "states")
        prose.depths(visit.lesson.of("states"), values(seen, found[at]))


def numbered(step: Step) -> str:
    """A row's label: the piece."""
    return label(step.piece)


def piece_of(step: Step) -> object:
    """The piece of a step as a chip."""
    return chip(step.piece, step.at)


def clicked(cell: Cell) -> None:
    """A click on a number of a step. Only in callbacks."""
    pointed.choose(BAND, int(cell[0] or 0))
    pointed.choose(COLUMN, int(cell[-1] or 0))


def to_step(cell: Cell) -> None:
    """A click on a row of all states: its step, and the dimension. Only in callbacks."""
    steps.stand_at(int(cell[0] or 0))
    pointed.choose(COLUMN, int(cell[-1] or 0))


def chosen(keys: list[str]) -> tuple[int | None, int | None]:
    """The band and the column that were clicked, if there are such."""
    band = pointed.chosen(BAND, len(keys))
    column = st.session_state.get(COLUMN)
    return band, column if isinstance(column, int) and column >= 0 else None


def equation_of(step: Step, keys: list[str], name: str = "") -> None:
    """The sum of the clicked number, or how to click one."""
    band, column = chosen(keys)
    name = name or (keys[band] if band is not None else "")
    if not name or column is None or column >= step.cell.d_state:
        prose.cell()
        return
    where = _("{vector}, dimension {column}, at {piece}")
    title = filled(where, vector=steps.names(step.trace)[name], column=column, piece=piece_of(step))
    sums.show(title, equation.lines(step, name, column))


def values(seen: Seen, step: Step) -> dict[str, str]:
    """The numbers of the lesson."""
    model = seen.checkpoint.model
    return {
        "name": seen.name, "piece": label(step.piece), "pieces": str(len(seen.walk.source)), "width": str(step.cell.d_state),
        "keeps": sums.number(steps.keeps(step), 2), "all": f"{len(seen.walk.source) * step.cell.d_state:,}",
        "parameters": f"{model.number_of_parameters:,}", "french": seen.walk.target_text, "step": str(st.session_state[STEP]),
    }  # fmt: skip
