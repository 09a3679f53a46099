"""Time and memory of one layer, against n or d: the curves, the chosen point term by term, and theory's lines."""

from contextlib import AbstractContextManager
from typing import Any

import streamlit as st

from figures.numbers import table_one
from figures.numbers.table_one import Curve
from pages.why_self_attention import asked as asking
from pages.why_self_attention import counted, running
from pages.why_self_attention.curves import Asked, chosen, constant, curves
from relatives.measuring import LENGTHS, WIDTHS, Point, Record
from relatives.table_one import KINDS
from ui import controls
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.show import live_plot, tables
from ui.show.live_plot import Cell
from ui.text import translate as _


def ask(session: Session, what: str, bench: AbstractContextManager[Any]) -> Asked:
    """Draw the controls into their row and answer with what they say."""
    kind, n, d = asking.point(session)
    with bench:
        by = controls.one_of(_("Along"), asking.BY, {"n": "n", "d": "d"})
        if by == "n":
            widths = {str(each): str(each) for each in sorted(WIDTHS)}
            d = int(controls.menu(_("d, width"), asking.D, widths, str(asking.width(session)), width=100))
        else:
            lengths = {str(each): f"{each:,}" for each in LENGTHS}
            n = int(controls.menu(_("n, length"), asking.N, lengths, str(asking.LONG), width=100))
    return Asked(what=what, by=by, kind=kind, n=n, d=d, own=asking.counted(session)[0])


def show(rooms: Rooms, session: Session, what: str, bench: AbstractContextManager[Any]) -> None:
    """All of the view."""
    n, heads, layers, _d = asking.counted(session)
    rooms.seen(
        _("Your {n} pieces: {squared} weights × {heads} heads × {layers} layers. What does a layer cost?"),
        n=n, squared=f"{n}² = {n * n:,}", heads=heads, layers=layers,
    )  # fmt: skip
    asked = ask(session, what, bench)
    own, shipped = running.mine(), running.recorded()
    first = own if own and any(map(asked.at, own.points)) else shipped
    older = shipped if first is own else None
    with rooms.picture:
        if first is None:
            st.info(_("There are no results yet."))
        else:
            picture(session, asked, first, older)
        running.show(asked.d, first is not None and first is own)
        if first is not None:
            tables.twin(*table(first.points, older.points if older else []), "wsa_costs")
    with rooms.words:
        counted.tell(asked, first, older)


def lines(asked: Asked, first: Record, older: Record | None) -> list[tuple[Curve, list[Point]]]:
    """The curves of `first` with theory's lines, and the open points of `older`, each with what was measured."""
    names, found = asking.names(), []
    for record in (first, older) if older else (first,):
        for kind, points in curves(asked, record):
            factor, quiet = constant(asked, first, kind), record is not first
            theory = [] if quiet else [factor * asked.counted(each) for each in points]
            name = _("{kind}, recorded").format(kind=names[kind]) if quiet else names[kind]
            places, values = [asked.across(each) for each in points], [asked.value(each) for each in points]
            found.append((Curve(name, KINDS.index(kind), places, values, theory, quiet), points))
    return found


def picture(session: Session, asked: Asked, first: Record, older: Record | None) -> None:
    """The curves, which of them is chosen, and what they are in words."""
    found = lines(asked, first, older)
    drawn, every = [curve for curve, _points in found], [points for _curve, points in found]
    at = next(
        (
            (curve, place)
            for curve, points in enumerate(every)
            for place, each in enumerate(points)
            if chosen(asked, each)
        ),
        None,
    )

    def take(cell: Cell) -> None:
        curve, place = (int(each or 0) for each in cell)
        if curve < len(every) and place < len(every[curve]):
            each = every[curve][place]
            st.session_state.update({asking.KIND: each.kind, asking.N: str(each.n), asking.D: str(each.d)})

    title, name = title_of(asked)
    axes = (_("n, positions") if asked.by == "n" else _("d, numbers of a vector"), name)
    unit, spelled = (" ms", ",.3~r") if asked.what == "time" else ("B", ".3~s")
    figure = table_one.costs(
        drawn, axes=axes, title="", mode=session.mode, selected=at, unit=unit, spelled=spelled, own=mark(session, asked)
    )
    ends = [f"{each.name}: {each.xs[0]:,} → {each.ys[0]:.3g}, {each.xs[-1]:,} → {each.ys[-1]:.3g}" for each in drawn]
    look = session.lesson.sections["Look at memory" if asked.what == "memory" else "Look"]
    told = f"{title}. {'; '.join(ends)}."
    live_plot.show(figure, "wsa_costs", told, f"{asked.what} {asked.by}", on_click=take, look=look)


def mark(session: Session, asked: Asked) -> tuple[int, str] | None:
    """Where the learner's sentence, or the model, stands on the axis; none beyond its ends."""
    n, _heads, _layers, d = asking.counted(session)
    size, words, known = (n, _("your {n}").format(n=n), LENGTHS) if asked.by == "n" else (d, _("this model"), WIDTHS)
    return (size, words) if min(known) <= size <= max(known) else None


def title_of(asked: Asked) -> tuple[str, str]:
    """The title and the unit."""
    if asked.what == "time":
        return _("One layer, forward and backward"), _("milliseconds")
    return _("What one layer keeps for its backward pass"), _("bytes")


def table(first: list[Point], older: list[Point]) -> tuple[list[str], list[list[object]]]:
    """All that was measured, of every size."""
    names = asking.names()
    columns = [
        _("layer"),
        "n",
        "d",
        _("forward, ms"),
        _("backward, ms"),
        _("kept, bytes"),
        _("n × n matrices, bytes"),
        _("runs"),
        _("recorded, ms"),
    ]
    before = {(each.kind, each.n, each.d): 1e3 * each.seconds for each in older}
    return columns, [
        [names[each.kind], each.n, each.d, 1e3 * each.forward, 1e3 * each.backward, each.saved, each.matrix, each.runs,
         before.get((each.kind, each.n, each.d))]
        for each in first
    ]  # fmt: skip
