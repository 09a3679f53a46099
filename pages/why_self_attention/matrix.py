"""The n x n matrix beside the n x d activations, at scale, for sentences twice, four times, eight times as long as the learner's."""

import html

import streamlit as st

from figures.numbers import table_one
from figures.numbers.table_one import Area
from pages.why_self_attention import asked as asking
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures.memory import BYTES, size
from ui.session.kept import hold
from ui.show import live_plot, proof, sums, tables
from ui.show.live_plot import Cell, Step
from ui.text import filled
from ui.text import translate as _

STEP, AREA = "wsa_step", "wsa_area"
LONG = 1000  # words: the example of many notes on the paper


def lengths(own: int) -> list[int]:
    """The sentence's own, then twice as long each time, and 1,000 at the end."""
    found = [own]
    while 2 * found[-1] < LONG:
        found.append(2 * found[-1])
    return [*found, LONG]


def chosen(session: Session) -> tuple[int, int]:
    """Which length, and which of the two areas, both from 0; an address can ask for any."""
    hold(STEP)
    hold(AREA)
    step, area = st.session_state[STEP], st.session_state[AREA]
    steps = len(lengths(asking.counted(session)[0]))
    return step if isinstance(step, int) and 0 <= step < steps else 0, 1 if area == 1 else 0


def areas(session: Session, n: int) -> list[Area]:
    """Both, with their numbers and bytes."""
    _n, heads, layers, d = asking.counted(session)
    maps = heads * layers
    weights = _("{count} weights").format(count=f"{n * n:,}"), f"× {maps} = {size(BYTES * n * n * maps)}"
    numbers = _("{count} numbers").format(count=f"{n * d:,}"), f"× {layers} = {size(BYTES * n * d * layers)}"
    return [Area("n × n", n, n, weights), Area("n × d", d, n, numbers)]


def show(rooms: Rooms, session: Session) -> None:
    """All of the view."""
    own, heads, layers, d = asking.counted(session)
    rooms.seen(
        _("Your {n} pieces: {squared} weights × {heads} heads × {layers} layers = {size}. 1,000 pieces: {thousand}."),
        n=own, squared=f"{own}² = {own * own:,}", heads=heads, layers=layers,
        size=size(BYTES * own * own * heads * layers), thousand=size(BYTES * LONG * LONG * heads * layers),
    )  # fmt: skip
    at, area = chosen(session)
    every = lengths(own)
    with rooms.picture:
        pictures(session, every, at, area)
    with rooms.words:
        tell(session, every[at], area)
        told = _(
            "From n = d / heads = {d} / {heads} = {even} on, the weights are more numbers than the vectors they mix."
        )
        link = proof.Link("60_many_heads", _("The maps of your sentence"), {"heads": "maps"})
        proof.show(told, link, d=d, heads=heads, even=f"{d / heads:g}")


def pictures(session: Session, every: list[int], at: int, area: int) -> None:
    """A step for each length; the browser plays them."""
    own, heads, layers, d = asking.counted(session)
    axes = (_("numbers across"), _("n, positions"))
    steps = []
    for n in every:
        parts = areas(session, n)
        figure = table_one.areas(parts, own, axes=axes, title="", mode=session.mode, selected=area)
        alt = "; ".join(f"{part.name}: {' '.join(part.words)}" for part in parts)
        steps.append(Step(f"n = {n:,}", figure, f"n = {n:,}. {alt}", session.lesson.sections["Look at matrix"]))

    def take(cell: Cell) -> None:
        st.session_state[AREA] = int(cell[0] or 0)

    def stand(step: int) -> None:
        st.session_state[STEP] = step

    live_plot.show_steps(steps, "wsa_matrix", f"{own} {d} {heads}", take, start=at, on_step=stand)
    rows = [[n, n * n, n * n * heads * layers, BYTES * n * n * heads * layers, BYTES * n * d * layers] for n in every]
    columns = ["n", "n²", _("weights of all heads and layers"), _("their bytes"), _("bytes of the n × d activations")]
    tables.twin(columns, rows, "wsa_matrix")


def tell(session: Session, n: int, area: int) -> None:
    """The chosen area, factor by factor."""
    _n, heads, layers, d = asking.counted(session)
    across, times = (n, heads * layers) if area == 0 else (d, layers)
    bytes_ = BYTES * n * across * times
    title = filled(
        _("{what} for n = {n}: {size}"), what="n × n" if area == 0 else "n × d", n=f"{n:,}", size=size(bytes_)
    )
    lines = [sums.Line(html.escape(_("one")), f"{n:,} × {across:,} = <b>{n * across:,}</b>", True)]
    if area == 0:
        lines.append(sums.Line(html.escape(_("heads")), f"× {heads} = <b>{n * across * heads:,}</b>"))
    lines += [
        sums.Line(html.escape(_("layers")), f"× {layers} = <b>{n * across * times:,}</b>"),
        sums.Line(html.escape(_("bytes")), f"× {BYTES} = <b>{bytes_:,}</b>"),
        sums.Line(
            html.escape(_("twice n")), f"× {4 if area == 0 else 2} = <b>{size(bytes_ * (4 if area == 0 else 2))}</b>"
        ),
    ]
    sums.show(title, lines)
