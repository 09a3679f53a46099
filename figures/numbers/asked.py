"""The numbers that a question gives, as a table in colours: what is asked for is a question mark until it may be seen.

A cell reports `[row, column]`, counted from 0. NaN is a hole.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.changed.probes import axis
from figures.grid import Weights, check, colour_bar, downwards, frame, hover, numerals, touch, upright
from figures.heads.attention import FEET
from figures.labels import escape, shorten
from figures.theme import Mode

CELL, COLUMN, LOWEST = 30, 56, 56  # pixels of a cell, and of the least height
LABEL = 30  # characters of a row's label
FLAT, FEW = 12, 3  # characters of a column's label, beyond which it is turned, unless there are only so few
LETTER = 8  # pixels of a character
WRITTEN = 16  # columns, up to which the numbers stand in the cells
UNKNOWN, TINY = "?", 0.00005


def grid(
    values: Weights, rows: Sequence[str], columns: Sequence[str], *, names: tuple[str, str], value_name: str, title: str,
    hidden: Collection[tuple[int, int]] = (), shown: bool = False, mode: Mode = "light",
) -> go.Figure:  # fmt: skip
    """`values` (row, column) with plain labels. The `hidden` cells are framed by dots, and have their numbers once `shown`."""
    check(np.nan_to_num(values), rows, columns)
    z: list[list[float | None]] = [
        [None if np.isnan(value) or (not shown and (row, column) in hidden) else float(value) for column, value in enumerate(line)]
        for row, line in enumerate(values)
    ]  # fmt: skip
    seen = [value for line in z for value in line if value is not None]
    reach, signed = max(map(abs, seen), default=1.0) or 1.0, any(value < 0 for value in seen)
    scale, low = theme.diverging(mode) if signed else theme.sequential(mode), -reach if signed else 0.0
    trace: dict[str, Any] = {
        "type": "heatmap", "z": z, "xgap": 1, "ygap": 1, "colorscale": scale, "zmin": low, "zmax": reach, "hoverongaps": False,
        "meta": touch([escape(row) for row in rows], [escape(column) for column in columns]),
        "hovertemplate": hover(names, value_name, "z"), "colorbar": colour_bar(value_name), "showscale": len(columns) > WRITTEN,
    }  # fmt: skip
    layout, head = axes(rows, columns, names)
    layout["shapes"] = [dotted(row, cells, mode) for row, cells in runs(hidden)]
    words = written(trace, hidden, mode)
    body, feet = max(CELL * len(rows), LOWEST), 8 if len(columns) <= WRITTEN else FEET
    return theme.figure([trace, words], layout, title=title, mode=mode, body=body, head=head, feet=feet)


def axes(rows: Sequence[str], columns: Sequence[str], names: tuple[str, str]) -> tuple[dict[str, Any], int]:
    """Both axes and the least width of the page's part; and the pixels above the cells, as many as the columns' labels take."""
    across, down = ([escape(shorten(text, most)) for text in texts] for texts, most in ((columns, 14), (rows, LABEL)))
    longest, room = max(len(shorten(text)) for text in columns), len(columns) <= WRITTEN
    flat = room and (longest <= FLAT or len(columns) <= FEW)
    wide = max(COLUMN, LETTER * longest) if flat else COLUMN if room else COLUMN // 2
    layout = {
        "xaxis": axis(across, names[1]) | {"side": "top", "tickangle": 0 if flat else -90}, "yaxis": downwards(axis(down, names[0])),
        "meta": {"minimum_width": 40 + 7 * max(map(len, down)) + wide * len(columns)},
    }  # fmt: skip
    return layout, 44 if flat else upright(across)


def runs(hidden: Collection[tuple[int, int]]) -> list[tuple[int, tuple[int, int]]]:
    """The hidden cells as (row, (first, last column)), as few as there can be."""
    found: list[tuple[int, tuple[int, int]]] = []
    for row, column in sorted(hidden):
        if found and found[-1][0] == row and found[-1][1][1] == column - 1:
            found[-1] = (row, (found[-1][1][0], column))
        else:
            found.append((row, (column, column)))
    return found


def dotted(row: int, columns: tuple[int, int], mode: Mode) -> dict[str, Any]:
    """The frame around what is asked for."""
    line = {"color": theme.ACCENT[mode], "width": 2, "dash": "dot"}
    return frame(*columns, row, row, mode) | {"line": line}


def written(trace: dict[str, Any], hidden: Collection[tuple[int, int]], mode: Mode) -> dict[str, Any]:
    """The numbers in the cells if there is room for them, and the question marks in the holes."""
    room = len(trace["z"][0]) <= WRITTEN
    texts = [
        [
            (number(value) if room else "") if value is not None else f"<b>{UNKNOWN}</b>" if (row, column) in hidden else ""
            for column, value in enumerate(line)
        ]
        for row, line in enumerate(trace["z"])
    ]  # fmt: skip
    return numerals(trace, texts, hole=theme.INK[mode])


def number(value: float) -> str:
    """As many decimals as a cell has room for, with a true minus sign."""
    size = abs(value)
    if 0 < size < TINY:
        return "≈0"
    digits = 0 if value.is_integer() else 4 if size < 0.001 else 3 if size < 10 else 2 if size < 100 else 1
    return f"{value:.{digits}f}".replace("-", "−")
