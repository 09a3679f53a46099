"""The view "Cost": time and memory of the three scores by the length of the sentence, on record and on this machine."""

import html
from collections.abc import Sequence
from threading import Lock

import numpy as np
import streamlit as st

from figures.numbers.measured import Axis, Series, measured
from pages.score_functions import asked as controls
from pages.score_functions.asked import LENGTH, LINE, Asked
from pages.score_functions.three import FUNCTIONS, Function
from pages.score_functions.words import called
from relatives.scaling import cost as costs
from relatives.scaling import recorded
from relatives.scaling.cost import D_K, HEADS, LENGTHS, Cost
from relatives.scaling.recorded import RecordError
from ui.changed import measure
from ui.changed.measure import Work
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.show import live_plot, prose, sums, tables
from ui.show.live_plot import Cell
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

BODY = 230  # pixels
MS, MB = 1e3, 1e-6
ONE_AT_A_TIME = Lock()  # two measurements beside each other would measure each other
Line_ = tuple[str, Series, list[Cost]]  # a code, what is drawn, and what it is made of


USUAL = 64  # positions of a longish sentence


def show(rooms: Rooms, session: Session, asked: Asked) -> None:
    """The whole view."""
    with rooms.words:
        mine = measure.done(work())
    machine, known, trouble = on_record()
    first_line(rooms, mine or known, _("here") if mine else _("on record"))
    if lines := series(asked.cost, mine, known):
        picture(rooms, session, asked, lines)
    with rooms.picture:
        st.caption(trouble or _("On record: {machine}.").format(machine=machine))
    values = {
        "count": str(len(session.walk.source)), "tanh": f"{HEADS * len(session.walk.source) ** 2 * D_K:,}", "heads": str(HEADS), "d_k": str(D_K),
        "machine": machine or "–", "command": recorded.command_of(recorded.COSTS),
    }  # fmt: skip
    with rooms.words:
        prose.depths(session.lesson.of("cost"), values)


def on_record() -> tuple[str, tuple[Cost, ...], str]:
    """The machine of the shipped record, what it holds, and why there is none."""
    try:
        return *recorded.costs(recorded.COSTS), ""
    except RecordError as error:
        return "", (), str(error)


def ratio() -> tuple[int, float] | None:
    """At a usual length on record: how many times as long the additive score takes as the dot product. `None` without a record.

    At larger ones memory is fetched anew from the system, which says more of the machine than of the score.
    """
    seconds = {(each.function, each.n): each.seconds for each in on_record()[1]}
    lengths = sorted(n for function, n in seconds if function == "additive" and ("dot", n) in seconds)
    if not lengths:
        return None
    n = max((each for each in lengths if each <= USUAL), default=lengths[0])
    return n, seconds["additive", n] / seconds["dot", n]


def work() -> Work[Cost]:
    """All that there is to measure."""
    jobs = costs.jobs()

    def one(place: int) -> Cost:
        with ONE_AT_A_TIME:
            return costs.cost(*jobs[place])

    label = _("Measure on this machine (a few seconds)")
    return Work(key="sf_measuring", label=label, count=len(jobs), one=one, pace="score_costs", scope="score_costs")


def series(what: str, mine: Sequence[Cost] | None, known: Sequence[Cost]) -> list[Line_]:
    """The three functions as lines; those on record as points beside them once this machine's are there."""
    lines: list[Line_] = []
    for code, found, told in (
        ("mine", mine or (), _("{function}, here")),
        ("known", known, _("{function}, on record")),
    ):
        for style, function in enumerate(FUNCTIONS):
            if parts := sorted((each for each in found if each.function == function), key=lambda each: each.n):
                x, y = np.array([float(each.n) for each in parts]), np.array([value(each, what) for each in parts])
                look = "points" if mine and code == "known" else "line"
                name = told.format(function=called(function, D_K))
                drawn = Series(name=name, x=x, y=y, look=look, style=style)  # type: ignore[arg-type]
                lines.append((f"{code}_{function}", drawn, parts))
    return lines


def value(one: Cost, what: str) -> float:
    """Milliseconds or megabytes."""
    return one.seconds * MS if what == "time" else one.bytes * MB


def picture(rooms: Rooms, session: Session, asked: Asked, lines: list[Line_]) -> None:
    """The picture, and the clicked point's numbers."""
    codes = [code for code, _drawn, _parts in lines]
    chosen = st.session_state.get(LINE)
    place = codes.index(chosen) if chosen in codes else 0
    parts = lines[place][2]
    point = controls.number(LENGTH, len(parts))
    point = len(parts) - 1 if point is None else point
    title = (
        _("Time by the length of the sentence") if asked.cost == "time" else _("Memory by the length of the sentence")
    )
    up = _("milliseconds") if asked.cost == "time" else _("megabytes")
    axes = Axis(title=_("positions n"), log=True, ticks=LENGTHS), Axis(title=up, log=True, ticks=decades(lines))
    drawn = [each for _code, each, _parts in lines]
    figure = measured(drawn, axes, title=title, mode=session.mode, selected=(place, point), body=BODY)
    told = "; ".join(f"{each.name}: {each.y[0]:.3g} … {each.y[-1]:.3g}" for each in drawn)

    def take(clicked: Cell) -> None:
        st.session_state[LINE], st.session_state[LENGTH] = codes[int(clicked[0] or 0)], int(clicked[1] or 0)

    with rooms.picture:
        live_plot.show(
            figure, "score_cost", f"{title}. {told}.", on_click=take, look=session.lesson.sections["Look at cost"]
        )
        rows = [[each.name, one.n, one.seconds * MS, one.bytes * MB] for _code, each, parts in lines for one in parts]
        tables.twin([_("what"), "n", _("milliseconds"), _("megabytes")], rows, "score_cost")
    with rooms.words:
        tell(lines[place][1].name, parts[point])


def decades(lines: list[Line_]) -> list[float]:
    """The powers of ten between the smallest and the largest value."""
    values = np.concatenate([each.y for _code, each, _parts in lines])
    low, high = np.floor(np.log10(values.min())), np.ceil(np.log10(values.max()))
    return [float(10.0**power) for power in np.arange(low, high + 1)]


def tell(name: str, one: Cost) -> None:
    """What there is to compute and to keep at one length, and what that took."""
    count = HEADS * one.n**2 * D_K
    product = f"{HEADS} × {one.n}² × {D_K} = <b>{count:,}</b>"
    kept = HEADS * one.n**2 * (D_K if one.function == "additive" else 1)
    steps = _("tanh") if one.function == "additive" else _("products")
    held = filled(_("{megabytes} MB at most at a time, counted"), megabytes=number(one.bytes * MB))
    each = number(one.seconds * 1e9 / count)
    lines = [
        Line(html.escape(steps), product),
        Line(html.escape(_("numbers")), f"{kept:,} × 4 = <b>{number(4 * kept * MB)}</b> MB"),
        Line(html.escape(_("memory")), held),
        Line(
            html.escape(_("time")), filled(_("{time} ms: {each} ns for each"), time=number(one.seconds * MS), each=each)
        ),
    ]
    sums.show(filled(_("{name}: n = {n}"), name=name, n=one.n), lines)


def first_line(rooms: Rooms, found: Sequence[Cost], where: str) -> None:
    """The largest length: the additive score beside the scaled dot product."""
    longest = {each.function: each for each in found if each.n == max(one.n for one in found)}
    names: tuple[Function, Function] = ("additive", "scaled")
    if not all(name in longest for name in names):
        return rooms.seen(_("Nothing is on record here. Measure the three scores on this machine."))
    one, other = (longest[name] for name in names)
    told = _("{n} positions, {where}: additive {one} ms and {bytes} MB; q · k ÷ √d_k {other} ms and {less} MB.")
    return rooms.seen(
        told, n=one.n, where=where, one=number(one.seconds * MS, 1), bytes=number(one.bytes * MB, 0), other=number(other.seconds * MS, 1),
        less=number(other.bytes * MB, 0),
    )  # fmt: skip
