"""The view "Local": the window of Luong's local attention, as it moves along the sentence while the French is written."""

import html
from collections.abc import Callable

import numpy as np
import streamlit as st

from figures.heads.window import window
from figures.labels import label
from pages.alignment import asked, beside, telling
from pages.alignment.asked import Shown
from pages.alignment.looks import Doubles, Moves
from relatives.alignment import WINDOW
from ui.controls import dimension
from ui.frame import Seen, Visit
from ui.frame.rooms import Rooms
from ui.measures.arithmetic import DotProduct
from ui.session import choice, relatives
from ui.show import live_plot, proof, prose, sums, tables
from ui.show.live_plot import Cell
from ui.show.numpy_lines import Redo
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

KIND = "luong-local"
HELD = 0.95  # of a row's weight: so much of it is "in effect" all that it reads
POINTS = 121  # of the window's curve


def seen(visit: Visit, chosen: Seen) -> Seen | str:
    """The chosen model if it has a window; else one that has, if there is one, of the same corpus before others."""
    if chosen.checkpoint.kind == KIND:
        return chosen
    names = beside.named(visit, chosen, [KIND])
    return visit.read_by(names[0]) if names else chosen


def show(visit: Visit, rooms: Rooms, shown: Shown) -> None:
    """The player, and where the window stands, term by term."""
    moves, found, lesson = shown.looks.moves, shown.looks, visit.lesson.of("local")
    if moves is None:
        return train(visit, rooms, shown)
    weights = found.weights[shown.row]
    rooms.seen(
        _(
            "About to write {query}, the window stands at {place} of {last}; the weights add up to {total}, nearly all on {some} of {n}."
        ),
        query=shown.query, place=number(float(moves.places[shown.row]), 2), last=moves.length, some=in_effect(weights), n=len(weights),
        total=number(float(weights.sum()), 2),
    )  # fmt: skip
    with rooms.picture:
        beside.say_other(shown.seen, _("Shown: {name}, because it has a window."))
        player(visit, shown, moves)
    with rooms.words:
        tell(shown, moves)
        costs(shown)
        dimension.slider(found.width, dimension_of(shown, moves))
        prose.depths(lesson, telling.values(shown))
    return None


def costs(shown: Shown) -> None:
    """What the window takes away, as the cards tell it: the same score with and without."""
    without = beside.of_kind(shown.seen, "luong-general")
    scores = [relatives.exact_match(each) if each else None for each in (shown.seen.origin, without)]
    if None not in scores:
        one, other = (f"{score:.0f}" for score in scores)
        told = _(
            "What does the window cost? Held-out sentences right letter by letter: {one} % with it, {other} % without (general)."
        )
        proof.show(told, one=one, other=other)


def train(visit: Visit, rooms: Rooms, shown: Shown) -> None:
    """What to do where no model has a window."""
    rooms.seen(_("No model here looks through a window at this sentence."))
    with rooms.picture:
        st.info(_("Local attention needs a model that learned with it. Train one, and it appears here:"))
        st.code(beside.command(shown.seen, KIND), language="bash")
    with rooms.words:
        prose.depths(visit.lesson.of("local"), telling.values(shown))


def in_effect(weights: Doubles) -> int:
    """How few annotations hold nearly all of a row's weight."""
    largest = np.sort(weights)[::-1].cumsum()
    return int((largest < HELD * largest[-1]).sum()) + 1


def player(visit: Visit, shown: Shown, moves: Moves) -> None:
    """One picture for each written piece."""
    rows = shown.rows
    step = -(-(rows.stop - rows.start) // asked.MOST_STEPS)
    places = sorted(
        {*range(rows.start, rows.stop, step), *([shown.row] if rows.start <= shown.row < rows.stop else [])}
    )
    pictures = [picture(visit, shown, moves, row) for row in places]
    start = places.index(shown.row) if shown.row in places else 0
    live_plot.show_steps(
        pictures, "al_local", shown.scope, take(shown), start=start, on_step=lambda at: choice.choose(places[at])
    )
    columns = [
        _("piece"),
        _("place"),
        _("sum of the weights"),
        _("read in effect"),
        *map(label, shown.looks.walk.source),
    ]
    table = [
        [
            label(shown.looks.walk.written[row]),
            float(moves.places[row]),
            float(weights.sum()),
            in_effect(weights),
            *weights.tolist(),
        ]
        for row, weights in enumerate(shown.looks.weights)
    ]
    tables.twin(columns, table, "al_local")


def picture(visit: Visit, shown: Shown, moves: Moves, row: int) -> live_plot.Step:
    """The window while one piece is about to be written."""
    found, drawn, place = shown.looks, shown.columns, float(moves.places[row])
    x = np.linspace(drawn.start - 0.5, drawn.stop - 0.5, POINTS)
    names = _("share"), _("weight"), _("window"), _("place p")
    figure = window(
        shown.pieces[1], found.shares[row, drawn].round(4), found.weights[row, drawn].round(4),
        (x.round(3), np.exp(-((x - place) ** 2) / (2 * (WINDOW / 2) ** 2)).round(4)), place, names=names,
        axes=(_("English piece"), _("share")), title="", mode=visit.mode, selected=shown.column if row == shown.row else None,
        first=drawn.start,
    )  # fmt: skip
    piece = label(found.walk.written[row])
    alt = _("About to write {piece}, the window stands at {place}; the weights add up to {total}.").format(
        piece=piece, place=number(place, 2), total=number(float(found.weights[row].sum()), 2)
    )
    return live_plot.Step(piece, figure, alt, visit.lesson.of("local").look)


def take(shown: Shown) -> Callable[[Cell], None]:
    """A click on a bar: its piece; the French one stays."""

    def choose(cell: Cell) -> None:
        choice.choose(shown.row, int(cell[0] or 0))

    return choose


def dimension_of(shown: Shown, moves: Moves) -> int:
    """The dimension that is told: unless another is chosen, that of the largest term of the place."""
    chosen = dimension.chosen(shown.looks.width)
    return DotProduct(moves.v, moves.squeezed[shown.row]).largest(1)[0].place if chosen is None else chosen


def tell(shown: Shown, moves: Moves) -> None:
    """The place term by term, the window at the chosen piece, and the sum of the weights."""
    found, d, row, column = shown.looks, dimension_of(shown, moves), shown.row, shown.column
    inside, score = DotProduct(moves.W[d], found.states[row]), DotProduct(moves.v, moves.squeezed[row])
    place, share = float(moves.places[row]), float(found.shares[row, column])
    reach, weight = float(moves.window[row, column]), float(found.weights[row, column])
    squeezed = sums.term(f"tanh = {number(float(moves.squeezed[row, d]))}", _("dim {place}").format(place=d))
    sigmoid = 1 / (1 + np.exp(-score.total))
    total = sums.listed_numbers(
        found.weights[row].tolist(), [label(each) for each in found.walk.source], total=float(found.weights[row].sum())
    )
    lines = [
        Line("tanh", f"{telling.summing(inside, 'W h')} → {squeezed}"),
        Line("v · tanh", telling.brief(score, d)),
        Line("p = S σ", f"{moves.length} × {number(float(sigmoid), 4)} = <b>{number(place, 4)}</b>", True),
        Line(
            html.escape(_("window")),
            f"exp(−({column} − {number(place, 2)})² / {WINDOW**2 / 2:g}) = <b>{number(reach, 4)}</b>",
        ),
        Line(html.escape(_("weight")), f"{number(share, 4)} × {number(reach, 4)} = <b>{number(weight, 4)}</b>"),
        Line(html.escape(_("sum")), total),
    ]
    title = filled(
        _("About to write {query}: where the window stands, and what {key} gets"), query=shown.query, key=shown.key
    )
    redo = Redo(numbers={"v": moves.v, "squeezed": moves.squeezed[row], "S": float(moves.length)},
                result="S / (1 + np.exp(-v @ squeezed))", shows=number(place, 4))  # fmt: skip
    sums.show(title, lines, redo=redo)
