"""Five methods side by side: what each gives to every English word, and how alike they rank them.

Methods run down, words to the right. A star marks what is strongest, signs tell for from against, so nothing hangs on colour.
A click reports `[row, column]`, counted from 0.
"""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.changed.probes import number, readable
from figures.grid import Weights, check, colour_bar, downwards, frame, hover, touch, upright
from figures.heads.attention import FEET
from figures.labels import escape, shorten
from figures.theme import Mode

STAR, NOTHING, UNKNOWN, GUESSED = "★", "–", "?", "◆"
CELL, WORD, METHOD = (
    42,
    54,
    78,
)  # pixels of a row's height, of a word's column and of a method's, below which the page scrolls


def methods(
    shares: Weights, methods: Sequence[str], words: Sequence[str], *, signed: Sequence[bool], strongest: Sequence[int | None],
    names: tuple[str, str] = ("method", "English word"), value_name: str = "share", title: str, mode: Mode = "light",
    selected: tuple[int, int] | None = None, guess: int | None = None,
) -> go.Figure:  # fmt: skip
    """`shares (method, word)` from -1 to 1 with their numbers; NaN, where a method has none, is a dash.

    `strongest` is the word of each method that gets a star; a `signed` method shows its plus. `guess` is a word in a dotted frame.
    """
    check(np.nan_to_num(shares), methods, words)
    texts = [
        [text(float(value), signed[row], strongest[row] == column) for column, value in enumerate(line)]
        for row, line in enumerate(shares)
    ]
    reach = float(np.nanmax(np.abs(shares), initial=0)) or 1.0
    labels = [f"{GUESSED} {shorten(word)}" if place == guess else shorten(word) for place, word in enumerate(words)]
    shapes = [] if guess is None or guess >= len(words) else [dotted(guess, len(methods), mode)]
    head = room(labels)
    data, layout = grid(
        shares, texts, [escape(word) for word in words], methods, labels, names, value_name, mode, selected, reach, WORD
    )
    layout["shapes"] += shapes
    return theme.figure(data, layout, title=title, mode=mode, body=CELL * len(methods), head=head, feet=FEET)


def room(labels: Sequence[str]) -> int:
    """The pixels over the words, which are turned by 90 degrees where a column is too narrow for one."""
    return 44 if max(map(len, labels)) <= WORD // 8 else upright([escape(label) for label in labels])


def guess(
    words: Sequence[str], *, names: tuple[str, str] = ("your guess", "English word"), title: str, mode: Mode = "light"
) -> go.Figure:
    """The words before anything is known of them."""
    labels = [shorten(word) for word in words]
    head = room(labels)
    unknown, whole = [[UNKNOWN] * len(words)], [escape(word) for word in words]
    data, layout = grid(np.zeros((1, len(words))), unknown, whole, names[:1], labels, names, "", mode, None, 1.0, WORD)
    layout["yaxis"] |= {"visible": False}
    return theme.figure(data, layout, title=title, mode=mode, body=CELL, head=head, feet=12)


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
    labels = [escape(name) for name in methods]
    data, layout = grid(taus, texts, labels, methods, methods, names, value_name, mode, selected, 1.0, METHOD)
    layout["xaxis"] |= {"ticktext": [broken(name, 11) for name in methods], "tickangle": 0}
    return theme.figure(data, layout, title=title, mode=mode, body=CELL * len(methods), head=76, feet=FEET)


def text(value: float, signed: bool, star: bool) -> str:
    """What stands in a cell."""
    if np.isnan(value):
        return NOTHING
    shown = number(value, 2)
    return f"{STAR} " * star + ("+" if signed and value > 0 and float(f"{value:.2f}") else "") + shown


def grid(
    values: Weights, texts: Sequence[Sequence[str]], whole: Sequence[str], rows: Sequence[str], columns: Sequence[str],
    names: tuple[str, str], value_name: str, mode: Mode, selected: tuple[int, int] | None, reach: float, width: int,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:  # fmt: skip
    """Data and layout of a signed heat map with texts in its cells; `whole` are the columns' whole labels, escaped."""
    z = [[None if np.isnan(value) else float(value) for value in line] for line in values]
    trace = {
        "type": "heatmap", "z": z, "xgap": 2, "ygap": 4, "colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach,
        "meta": touch([escape(row) for row in rows], whole), "hoverongaps": False, "showscale": bool(value_name),
    }  # fmt: skip
    trace |= {"hovertemplate": hover(names, value_name, "z"), "colorbar": colour_bar(value_name)} if value_name else {
        "hovertemplate": "<b>%{hovertext}</b><extra></extra>"
    }  # fmt: skip
    layout = {
        "xaxis": axis([escape(column) for column in columns], names[1]) | {"side": "top", "autotickangles": [0, -90]},
        "yaxis": downwards(axis([broken(row, 15) for row in rows], names[0])),
        "shapes": [] if selected is None else [frame(selected[1], selected[1], selected[0], selected[0], mode)],
        "meta": {"minimum_width": 130 + width * len(columns)},
    }  # fmt: skip
    return [trace, cells(values, texts, reach, mode)], layout


def axis(labels: Sequence[str], title: str) -> dict[str, Any]:
    """An axis with a label for each place; `labels` are escaped already."""
    ticks = {"tickmode": "array", "tickvals": list(range(len(labels))), "ticktext": list(labels)}
    name = {"text": escape(title), "standoff": 6}
    return {"type": "linear", "range": [-0.5, len(labels) - 0.5], "fixedrange": True, "title": name} | ticks


def broken(label: str, width: int) -> str:
    """A label in lines, escaped."""
    return "<br>".join(escape(line) for line in textwrap.wrap(label, width))


def dotted(column: int, rows: int, mode: Mode) -> dict[str, Any]:
    """The frame of a whole column."""
    line = {"color": theme.INK[mode], "width": 2, "dash": "dot"}
    return frame(column, column, 0, rows - 1, mode) | {"line": line}


def cells(values: Weights, texts: Sequence[Sequence[str]], reach: float, mode: Mode) -> dict[str, Any]:
    """The texts in the cells, dark or light, whichever can be read there; those with a star are bold."""
    scale = theme.SIGNED[mode]
    places = [(row, column) for row in range(len(texts)) for column in range(len(texts[0]))]
    shown, inks = [], []
    for row, column in places:
        value, told = float(values[row, column]), escape(texts[row][column])
        shown.append(f"<b>{told}</b>" if told.startswith(STAR) else told)
        shade = scale[round((value / reach + 1) / 2 * (len(scale) - 1))] if not np.isnan(value) else ""
        inks.append(readable(shade) if shade else theme.MUTED[mode])
    return {
        "type": "scatter", "mode": "text", "hoverinfo": "skip", "x": [column for _, column in places],
        "y": [row for row, _ in places], "text": shown, "textfont": {"size": theme.SMALL, "color": inks},
    }  # fmt: skip
