"""The pictures of the three scores: a row of the sentence, and as curves over the length or the angle of the query."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from figures.heads import score_rows
from figures.labels import label
from figures.numbers.measured import Axis, Series, measured
from figures.theme import Mode
from pages.score_functions import words
from pages.score_functions.asked import FUNCTION, POINT
from pages.score_functions.three import FUNCTIONS, Doubles, Function, Three, score
from ui.session import attentions
from ui.show.live_plot import Cell, Figure
from ui.show.picture import Table
from ui.text import translate as _

BODY = 210  # pixels
TIMES = np.linspace(0, 4, 17)  # of the query's own length
DEGREES = np.arange(0, 181, 10.0)
Drawn = tuple[Figure, str, Table]  # the picture, what it tells in words, its table


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One query changed step by step, and its three scores with a key that stays."""

    x: Doubles
    queries: Doubles  # point d_head
    scores: Doubles  # function point
    bound: float  # sum |v|
    own: int  # the point that is nearest to the query as it is


def row(three: Three, function: Function, query: int, key: int, mode: Mode) -> Drawn:
    """The chosen query's scores and weights by all three functions."""
    view, names = three.view, words.legend(three)
    hidden = ~view.mask[query, view.columns]
    scores, weights = (each[:, query, view.columns].copy() for each in (three.scores, three.weights))
    scores[:, hidden] = weights[:, hidden] = np.nan
    pieces = view.pieces[1]
    title = _("Whom {piece} looks at, by three scores").format(piece=view.asking_chip(query))
    axes = (view.names[1], _("score"), _("weight"))
    selected = FUNCTIONS.index(function), key
    figure = score_rows.score_rows(
        names, scores, weights, pieces, axes=axes, title=title, mode=mode, selected=selected, first=view.columns.start
    )
    best = [label(view.key_pieces[int(each[query].argmax())]) for each in three.weights]
    alt = title + ". " + "; ".join(f"{name}: {piece}" for name, piece in zip(names, best, strict=True)) + "."
    columns = [_("piece"), *(f"{name}, {part}" for part in axes[1:] for name in names)]
    cells = np.concatenate([scores, weights]).T
    rows = [[label(piece), *each] for piece, each in zip(pieces, cells.tolist(), strict=True)]
    return figure, alt, (columns, rows)


def curve(three: Three, picture: str, query: int, key: int) -> Curve:
    """The query made longer along its direction, or turned towards the key and away from it at its own length."""
    asks, answers = three.queries[query], three.keys[key]
    if picture == "length":
        x, queries = TIMES, TIMES[:, None] * asks
        own = int(np.abs(TIMES - 1).argmin())
    else:
        x, queries = DEGREES, turned(asks, answers)
        size = float(np.linalg.norm(asks) * np.linalg.norm(answers))
        angle = np.degrees(np.arccos(np.clip(asks @ answers / size, -1, 1))) if size else 0.0
        own = int(np.abs(DEGREES - angle).argmin())
    scores = np.array([[score(function, each, answers, three.v) for each in queries] for function in FUNCTIONS])
    return Curve(x=x, queries=queries, scores=scores, bound=float(np.abs(three.v).sum()), own=own)


def turned(query: Doubles, key: Doubles) -> Doubles:
    """The query at every angle of `DEGREES` to the key, in the plane of both, as long as it is (point d_head)."""
    size = float(np.linalg.norm(key))
    along = key / size if size else np.eye(len(key))[0]
    across = query - (query @ along) * along
    if np.linalg.norm(across) < 1e-9:  # the query lies along the key: any plane will do
        across = np.eye(len(key))[int(np.abs(along).argmin())]
        across = across - (across @ along) * along
    across = across / np.linalg.norm(across)
    angles = np.radians(DEGREES)[:, None]
    found: Doubles = np.linalg.norm(query) * (np.cos(angles) * along + np.sin(angles) * across)
    return found


def curves(three: Three, found: Curve, picture: str, function: Function, point: int, mode: Mode) -> Drawn:
    """The three scores along a curve."""
    names = words.legend(three)
    series = [Series(name=name, x=found.x, y=scores) for name, scores in zip(names, found.scores, strict=True)]
    ends = np.array([found.x[0], found.x[-1]])
    side = -1 if found.scores[1, -1] < 0 and picture == "length" else 1  # where the dot product goes
    bound = _("±Σ|v|: the additive score stays within")
    series.append(Series(name=bound, x=ends, y=np.full(2, side * found.bound), look="theory"))
    across, title, ticks = (
        _("length of q, in times its own"),
        _("Make q longer: only the additive score comes to an end"),
        (0, 1, 2, 3, 4),
    )
    if picture == "angle":
        across, title, ticks = (
            _("angle between q and k, in degrees"),
            _("Turn q away from k: how the three scores fall"),
            (0, 45, 90, 135, 180),
        )
    axes = Axis(title=across, ticks=ticks), Axis(title=_("score"))
    figure = measured(series, axes, title=title, mode=mode, selected=(FUNCTIONS.index(function), point), body=BODY)
    last = ", ".join(f"{name} {words.two(each[-1])}" for name, each in zip(names, found.scores, strict=True))
    alt = _("{title}. At the right end: {last}.").format(title=title, last=last)
    rows = [[x, *each] for x, each in zip(found.x.tolist(), found.scores.T.tolist(), strict=True)]
    return figure, alt, ([across, *names], rows)


def take_row(three: Three, query: int, clicked: Cell) -> None:
    """A click on a bar: `[function, key]`. Only in callbacks."""
    st.session_state[FUNCTION] = FUNCTIONS[int(clicked[0] or 0)]
    attentions.chooser(three.view)([query, clicked[1]])


def take_point(clicked: Cell) -> None:
    """A click on a curve: `[function, point]`. Only in callbacks."""
    function = int(clicked[0] or 0)
    if function < len(FUNCTIONS):
        st.session_state[FUNCTION] = FUNCTIONS[function]
        st.session_state[POINT] = int(clicked[1] or 0)
