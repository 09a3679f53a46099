"""What is looked at, line by line: long lines with a column for each look, and beside them what becomes of the answer without a line.

Weights go from 0 to 1 and are coloured as in every map; changes are signed and have colours of their own. Every cell has its number, so
nothing hangs on colour. A line that is known to decide has a star and a frame of dots. A click reports `[row, column]`, counted from 0.
"""

import textwrap
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, downwards, frame, hover, numerals, touch
from figures.labels import escape, shorten
from figures.theme import Mode

STAR, NOTHING = "★", "–"
FEW = 5  # columns whose names have room
LINE, MOST, ROW = 24, 66, 34  # characters of a line of a label, of a whole one; pixels of a row of one line


def looks(
    weights: Weights, rows: Sequence[str], columns: Sequence[str], *, changes: Weights | None = None, changed: Sequence[str] = (),
    gold: Collection[int] = (), texts: Mapping[tuple[int, int], str] | None = None, names: tuple[str, str] = ("sentence", "look"),
    value_name: str = "weight", title: str, mode: Mode = "light", selected: tuple[int, int] | None = None, digits: int = 2,
) -> go.Figure:  # fmt: skip
    """`weights (row, column)` from 0 to 1 and, right of them, signed `changes (row, changed)`; NaN, where there is none, is a dash.

    `texts` stand in a cell (row, column) in place of its number. `gold` rows have a star. `selected` is a cell, as a click reports it.
    """
    if weights.shape != (len(rows), len(columns)) or not weights.size:
        raise ValueError(
            f"Expected weights for {len(rows)} rows and {len(columns)} columns, but their shape is {weights.shape}."
        )
    right = np.empty((len(rows), 0)) if changes is None else changes
    whole = np.concatenate([weights, right], axis=1)
    heads = [*columns, *changed]
    written = [
        [(texts or {}).get((row, column)) or number(value, column >= len(columns), digits) for column, value in enumerate(line)]
        for row, line in enumerate(whole)
    ]  # fmt: skip
    reach = float(np.nanmax(np.abs(right), initial=0)) or 1.0
    tell = touch([escape(row) for row in rows], [escape(head) for head in heads])
    colours = (
        {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1},
        {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach},
    )
    data = []
    for side, (values, own) in enumerate(zip(parted(whole, len(columns)), colours, strict=True)):
        if side and changes is None:
            continue
        trace = {
            "type": "heatmap",
            "z": values,
            "meta": tell,
            "xgap": 2,
            "ygap": 2,
            "showscale": False,
            "hoverongaps": False,
        } | own
        own_side = range(len(columns), len(heads)) if side else range(len(columns))
        mine = [[text if column in own_side else "" for column, text in enumerate(line)] for line in written]
        data += [
            trace | {"hovertemplate": hover(names, value_name, "z")},
            numerals(trace, mine, hole=theme.MUTED[mode]),
        ]
    width = 10 if len(heads) <= FEW else 6
    labels = [label(row, place in gold) for place, row in enumerate(rows)]
    shapes = [dots(row, len(heads), mode) for row in sorted(gold) if 0 <= row < len(rows)]
    if selected is not None:
        shapes.append(frame(selected[1], selected[1], selected[0], selected[0], mode))
    layout = {
        "xaxis": axis([broken(head, width) for head in heads], names[1]) | {"side": "top"},
        "yaxis": downwards(axis(labels, names[0])), "shapes": shapes, "meta": {"minimum_width": 150 + 44 * len(heads)},
    }  # fmt: skip
    tall = max(ROW, 18 * max(text.count("<br>") + 1 for text in labels))
    high = 30 + 16 * max(broken(head, width).count("<br>") + 1 for head in heads)
    return theme.figure(data, layout, title=title, mode=mode, body=tall * len(rows), head=high, feet=8)


def parted(whole: Weights, count: int) -> tuple[list[list[float | None]], list[list[float | None]]]:
    """The first `count` columns with holes in place of the others, and the other way round; NaN is a hole."""
    both: list[list[list[float | None]]] = [[], []]
    for line in whole:
        values = [None if np.isnan(value) else float(value) for value in line]
        both[0].append([value if column < count else None for column, value in enumerate(values)])
        both[1].append([value if column >= count else None for column, value in enumerate(values)])
    return both[0], both[1]


def number(value: float, signed: bool, digits: int) -> str:
    """With a true minus, a plus where signs count, and a dash where there is none."""
    if np.isnan(value):
        return NOTHING
    told = f"{value:.{digits}f}"
    if not float(told):
        return told.lstrip("-")
    return ("+" if signed and value > 0 else "") + told.replace("-", "−")


def label(text: str, gold: bool) -> str:
    """In lines, escaped; with a star if it decides."""
    return f"<b>{STAR}</b> {broken(text, LINE)}" if gold else broken(text, LINE)


def broken(text: str, width: int) -> str:
    """A text in lines, escaped; of a very long one the beginning."""
    return "<br>".join(escape(shorten(line, 2 * width)) for line in textwrap.wrap(shorten(text, MOST), width) or [""])


def axis(labels: Sequence[str], title: str) -> dict[str, Any]:
    """An axis with a label for each place; `labels` are escaped already."""
    ticks = {"tickmode": "array", "tickvals": list(range(len(labels))), "ticktext": list(labels), "tickangle": 0}
    text = {"text": escape(title), "standoff": 6}
    return {"type": "linear", "range": [-0.5, len(labels) - 0.5], "fixedrange": True, "title": text} | ticks


def dots(row: int, columns: int, mode: Mode) -> dict[str, Any]:
    """The frame of a whole row."""
    return frame(0, columns - 1, row, row, mode) | {"line": {"color": theme.INK[mode], "width": 2, "dash": "dot"}}
