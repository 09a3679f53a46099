"""Five methods side by side: what each gives to every English word, and how alike they rank them.

Words run down, methods to the right, so that a long sentence is a long page, not a wide one. A star marks what is strongest, signs
tell for from against, so nothing hangs on colour. A click reports `[row, column]`, counted from 0.
"""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.changed.probes import number
from figures.grid import Weights, check, colour_bar, downwards, frame, hover, numerals, touch
from figures.heads.attention import FEET
from figures.labels import escape, shorten
from figures.theme import Mode

STAR, NOTHING, UNKNOWN, GUESSED = "★", "–", "?", "◆"
CELL, METHOD, HEAD = (
    34,
    44,
    84,
)  # pixels of a row's height, of a method's column, below which the page scrolls, and of its name's lines


def methods(
    shares: Weights, methods: Sequence[str], words: Sequence[str], *, signed: Sequence[bool], strongest: Sequence[int | None],
    names: tuple[str, str] = ("English word", "method"), value_name: str = "share", title: str, mode: Mode = "light",
    selected: tuple[int, int] | None = None, guess: int | None = None,
) -> go.Figure:  # fmt: skip
    """`shares (method, word)` from -1 to 1 with their numbers; NaN, where a method has none, is a dash.

    `strongest` is the word of each method that gets a star; a `signed` method shows its plus. `selected` is a word and a method,
    as a click reports them, `guess` a word in a dotted frame.
    """
    check(np.nan_to_num(shares), methods, words)
    texts = [
        [text(float(value), signed[row], strongest[row] == column) for row, value in enumerate(line)]
        for column, line in enumerate(shares.T)
    ]
    reach = float(np.nanmax(np.abs(shares), initial=0)) or 1.0
    labels = [f"{GUESSED} {shorten(word)}" if place == guess else shorten(word) for place, word in enumerate(words)]
    shapes = [] if guess is None or guess >= len(words) else [dotted(guess, len(methods), mode)]
    named = words, methods
    data, layout = grid(shares.T, texts, named, (labels, methods), names, value_name, mode, selected, reach)
    layout["shapes"] += shapes
    return theme.figure(data, layout, title=title, mode=mode, body=height(words), head=HEAD, feet=FEET)


def height(words: Sequence[str]) -> int:
    """The pixels of so many rows: lower ones for a long sentence."""
    return len(words) * min(CELL, max(24, 300 // len(words)))


def guess(
    words: Sequence[str], *, names: tuple[str, str] = ("English word", "your guess"), title: str, mode: Mode = "light"
) -> go.Figure:
    """The words before anything is known of them."""
    labels, unknown = [shorten(word) for word in words], [[UNKNOWN] for _word in words]
    named = words, names[1:]
    data, layout = grid(np.zeros((len(words), 1)), unknown, named, (labels, [""]), names, "", mode, None, 1.0)
    return theme.figure(data, layout, title=title, mode=mode, body=height(words), head=32, feet=12)


def agreement(
    taus: Weights, methods: Sequence[str], *, same: Sequence[Sequence[bool]], names: tuple[str, str] = ("method", "method"),
    value_name: str = "tau", title: str, mode: Mode = "light", selected: tuple[int, int] | None = None,
) -> go.Figure:  # fmt: skip
    """`taus (method, method)` from -1 to 1, NaN a dash; a star where both name the `same` strongest word."""
    check(np.nan_to_num(taus), methods, methods)
    texts = [
        [text(float(value), False, bool(same[row][column])) for column, value in enumerate(line)]
        for row, line in enumerate(taus)
    ]
    named = methods, methods
    data, layout = grid(taus, texts, named, named, names, value_name, mode, selected, 1.0)
    return theme.figure(data, layout, title=title, mode=mode, body=CELL * len(methods), head=HEAD, feet=FEET)


def text(value: float, signed: bool, star: bool) -> str:
    """What stands in a cell."""
    if np.isnan(value):
        return NOTHING
    shown = number(value, 2)
    return f"{STAR} " * star + ("+" if signed and value > 0 and float(f"{value:.2f}") else "") + shown


def grid(
    values: Weights, texts: Sequence[Sequence[str]], whole: tuple[Sequence[str], Sequence[str]],
    labels: tuple[Sequence[str], Sequence[str]], names: tuple[str, str], value_name: str, mode: Mode,
    selected: tuple[int, int] | None, reach: float,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:  # fmt: skip
    """Data and layout of a signed heat map with texts in its cells; `whole` and `labels` are of the rows and of the columns."""
    z = [[None if np.isnan(value) else float(value) for value in line] for line in values]
    down, right = ([escape(name) for name in each] for each in whole)
    trace = {
        "type": "heatmap", "z": z, "xgap": 2, "ygap": 2, "colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach,
        "meta": touch(down, right), "hoverongaps": False, "showscale": bool(value_name),
    }  # fmt: skip
    trace |= {"hovertemplate": hover(names, value_name, "z"), "colorbar": colour_bar(value_name)} if value_name else {
        "hovertemplate": "<b>%{hovertext}</b><extra></extra>"
    }  # fmt: skip
    rows, columns = ([broken(label, width) for label in each] for each, width in zip(labels, (15, 11), strict=True))
    layout = {
        "xaxis": axis(columns, names[1]) | {"side": "top", "autotickangles": [0, -90]},
        "yaxis": downwards(axis(rows, names[0])),
        "shapes": [] if selected is None else [frame(selected[1], selected[1], selected[0], selected[0], mode)],
        "meta": {"minimum_width": 100 + METHOD * len(columns)},
    }  # fmt: skip
    return [trace, words(trace, texts, mode)], layout


def axis(labels: Sequence[str], title: str) -> dict[str, Any]:
    """An axis with a label for each place; `labels` are escaped already."""
    ticks = {"tickmode": "array", "tickvals": list(range(len(labels))), "ticktext": list(labels)}
    name = {"text": escape(title), "standoff": 6}
    return {"type": "linear", "range": [-0.5, len(labels) - 0.5], "fixedrange": True, "title": name} | ticks


def broken(label: str, width: int) -> str:
    """A label in lines, escaped."""
    return "<br>".join(escape(line) for line in textwrap.wrap(label, width))


def dotted(row: int, columns: int, mode: Mode) -> dict[str, Any]:
    """The frame of a whole row."""
    line = {"color": theme.INK[mode], "width": 2, "dash": "dot"}
    return frame(0, columns - 1, row, row, mode) | {"line": line}


def words(trace: dict[str, Any], texts: Sequence[Sequence[str]], mode: Mode) -> dict[str, Any]:
    """The texts in the cells and in the holes; those with a star are bold."""
    shown = [[f"<b>{escape(text)}</b>" if text.startswith(STAR) else escape(text) for text in line] for line in texts]
    return numerals(trace, shown, hole=theme.MUTED[mode])
