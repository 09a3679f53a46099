"""Maps whose cells hold a piece and its probability: what each layer would write, and what else each step could have written.

A click on a cell reports `[row, column]`, counted from `origin`.
"""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, downwards, frame, numerals, piece_axis, touch
from figures.heads.attention import FEET, cells
from figures.labels import escape, shorten
from figures.theme import Mode

CELL, WIDTH = 40, 48  # pixels of a cell
LABEL = 7  # characters in a cell


def named(
    values: Weights, names: Sequence[Sequence[str]], rows: Sequence[str], columns: Sequence[str], *,
    axes: tuple[str, str], title: str, mode: Mode = "light", selected: tuple[int, int] | None = None,
    marked: Sequence[tuple[int, int]] = (), value_name: str = "probability", origin: tuple[int, int] = (0, 0),
) -> go.Figure:  # fmt: skip
    """`values` (row, column) between 0 and 1, each cell with its name; names, rows and columns are plain text.

    `selected` is framed; the names of the cells in `marked` are bold and underlined. Both count from `origin`.
    """
    check(values, rows, columns)
    if [len(line) for line in names] != [len(columns)] * len(rows):
        raise ValueError(f"Expected a name for each of {len(rows)} x {len(columns)} cells.")
    trace = cells(values.tolist(), {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1}, value_name, axes)
    trace["text"] = texts = written(names, {(row - origin[0], column - origin[1]) for row, column in marked})
    trace["meta"] = touch([escape(row) for row in rows], [escape(column) for column in columns], origin=origin)
    trace["hovertemplate"] = f"%{{hovertext}}<br><b>%{{text}}</b><br>{escape(value_name)} %{{z:.4f}}<extra></extra>"
    across = [escape(shorten(column, LABEL)) for column in columns]
    layout = {
        "xaxis": piece_axis(across, axes[1], side="top", tickangle=0),
        "yaxis": downwards(piece_axis([f"{escape(row)} " for row in rows], axes[0])),
        "shapes": around(selected, origin, (len(rows), len(columns)), mode),
        "meta": {"minimum_width": 84 + WIDTH * len(columns)},
    }
    return theme.figure(
        [trace, numerals(trace, texts)], layout, title=title, mode=mode, body=CELL * len(rows), head=44, feet=FEET
    )


def written(names: Sequence[Sequence[str]], marked: set[tuple[int, int]]) -> list[list[str]]:
    """The names in the cells."""
    return [
        [emphasis(escape(shorten(name, LABEL)), (row, column) in marked) for column, name in enumerate(line)]
        for row, line in enumerate(names)
    ]


def emphasis(text: str, marked: bool) -> str:
    """Bold and underlined, or as it is."""
    return f"<b><u>{text}</u></b>" if marked else text


def around(
    selected: tuple[int, int] | None, origin: tuple[int, int], shape: tuple[int, int], mode: Mode
) -> list[dict[str, Any]]:
    """The frame of the chosen cell, or of the whole column if the row is -1."""
    if selected is None:
        return []
    row, column = selected[0] - origin[0], selected[1] - origin[1]
    if not 0 <= column < shape[1] or row >= shape[0]:
        return []
    return [frame(column, column, max(row, 0), shape[0] - 1 if selected[0] < 0 else row, mode)]
