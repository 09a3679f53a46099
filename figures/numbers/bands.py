"""Long vectors as bands, one above the other on one scale: what goes into a step, and what comes out of it, number by number.

Blue is below zero and red above. A click reports `[band, 0, column]`, from 0; in `units`, the unit.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, colour_bar, downwards, frame, touch
from figures.heads.attention import FEET
from figures.labels import escape
from figures.theme import Mode

BAND = 26  # pixels
SATURATED = 99.5  # per cent of the numbers have a colour of their own; larger ones share the strongest
Group = tuple[str, Sequence[str], Weights]  # a name, the names of its bands, and its numbers (band, column)


def bands(
    groups: Sequence[Group], *, names: tuple[str, str] = ("vector", "dimension"), title: str, mode: Mode = "light",
    selected: tuple[int, int] | None = None, value_name: str = "value", breaks: int = 0,
    framed: Sequence[tuple[int, int, int]] = (), tall: int = BAND, reach: float | None = None,
) -> go.Figure:  # fmt: skip
    """Groups of vectors, all of one length. `selected` marks the column and frames the cell (band, column).

    A number of `reach`, if that is given, has the strongest colour already.

    `framed` are parts of bands with a frame: (band, first column, last column). A band is so many pixels `tall`.

    Bands are counted through all groups. `breaks` parts the columns of the first group every so many, as heads part a vector.
    """
    values = refuse_nothing([numbers for _, _, numbers in groups])
    rows = band_rows(groups)
    columns = values.shape[1]
    z: list[list[float | None]] = [[None] * columns for _ in range(rows[-1] + 1)]
    for row, line in zip(rows, values.tolist(), strict=True):
        z[row] = line
    bands_named = [name for _, each, _ in groups for name in each]
    tiles = [
        {"at": (row, 0), "prefix": [band], "name": f"{escape(bands_named[band])}: "} for band, row in enumerate(rows)
    ]
    told = touch([escape(names[1])], [str(column) for column in range(columns)], tiles)
    trace = signed(z, reach or limit(values), mode, value_name) | {"meta": told, "ygap": 2}
    shapes = [split(column, rows[0], mode) for column in range(breaks, columns, breaks)] if breaks else []
    parts = [frame(first, last, rows[band], rows[band], mode) for band, first, last in framed]
    down = {
        "type": "linear", "range": [-0.5, rows[-1] + 0.5], "fixedrange": True, "tickmode": "array", "tickvals": rows,
        "ticktext": [escape(name) for name in bands_named], "title": {"text": escape(names[0]), "standoff": 8},
    }  # fmt: skip
    layout = {
        "xaxis": counted(names[1], columns), "yaxis": downwards(down),
        "shapes": [*shapes, *parts, *marked(selected, groups, columns, mode)],
        "annotations": [head(name, rows[first], mode) for name, first in zip(titles(groups), firsts(groups), strict=True)],
        "meta": {"minimum_width": 120 + min(2 * columns, 440)},
    }  # fmt: skip
    body = tall * (rows[-1] + 1)
    return theme.figure([trace], layout, title=title, mode=mode, body=body, feet=FEET + 44)


def refuse_nothing(parts: Sequence[Weights]) -> Weights:
    """The bands of all groups, or `ValueError` if there is none, or a number that no colour could show."""
    values = np.concatenate([np.asarray(part, dtype=np.float64) for part in parts])
    if not values.size or not np.isfinite(values).all():
        raise ValueError(f"Bands need finite numbers, at least one; their shape is {values.shape}.")
    return values


def limit(values: Weights) -> float:
    """Where the colours end: nearly all numbers lie within."""
    return float(np.percentile(np.abs(values), SATURATED)) or float(np.abs(values).max()) or 1.0


def titles(groups: Sequence[Group]) -> list[str]:
    """The groups' names."""
    return [name for name, _, _ in groups]


def firsts(groups: Sequence[Group]) -> list[int]:
    """The first band of each group."""
    return [sum(len(names) for _, names, _ in groups[:place]) for place in range(len(groups))]


def band_rows(groups: Sequence[Group]) -> list[int]:
    """The row of each band: one row is left free above each group for its name."""
    return [
        band + place + 1
        for place, (first, (_, names, _)) in enumerate(zip(firsts(groups), groups, strict=True))
        for band in range(first, first + len(names))
    ]  # fmt: skip


def signed(z: list[list[float | None]], reach: float, mode: Mode, value_name: str) -> dict[str, Any]:
    """A heat map about zero."""
    colours = {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach, "colorbar": colour_bar(value_name)}
    template = f"<b>%{{hovertext}}</b><br>{escape(value_name)} %{{z:.4f}}<extra></extra>"
    return {"type": "heatmap", "z": z, "hoverongaps": False, "hovertemplate": template} | colours


def counted(title: str, count: int) -> dict[str, Any]:
    """An axis of numbers from 0."""
    text = {"text": escape(title), "standoff": 8}
    return {
        "type": "linear",
        "range": [-0.5, count - 0.5],
        "fixedrange": True,
        "title": text,
        "nticks": 9,
        "tickformat": "d",
    }


def head(name: str, row: int, mode: Mode) -> dict[str, Any]:
    """The name of a group above its first band."""
    place = {"x": 0, "xref": "paper", "y": row - 0.55, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    return place | {"text": f"<b>{escape(name)}</b>", "font": {"size": theme.SMALL, "color": theme.INK[mode]}}


def split(column: int, row: int, mode: Mode) -> dict[str, Any]:
    """A line across a band, where one head ends and the next begins."""
    line = {"color": theme.INK[mode], "width": 2}
    return {"type": "line", "x0": column - 0.5, "x1": column - 0.5, "y0": row - 0.7, "y1": row + 0.7, "line": line}


def marked(
    selected: tuple[int, int] | None, groups: Sequence[Group], columns: int, mode: Mode
) -> list[dict[str, Any]]:  # fmt: skip
    """The frame of the chosen cell, and a thin line down its column, through its group."""
    rows = band_rows(groups)
    if selected is None or not (0 <= selected[0] < len(rows) and 0 <= selected[1] < columns):
        return []
    band, column = selected
    first = max(each for each in firsts(groups) if each <= band)
    last = min((each for each in firsts(groups) if each > band), default=len(rows)) - 1
    line = {"color": theme.ACCENT[mode], "width": 1, "dash": "dot"}
    thin = {"type": "line", "x0": column, "x1": column, "y0": rows[first] - 0.5, "y1": rows[last] + 0.5, "line": line}
    return [thin, frame(column, column, rows[band], rows[band], mode)]


def units(
    parts: Sequence[tuple[str, Weights]], *, unit_name: str = "unit", title: str, mode: Mode = "light",
    selected: int | None = None, value_name: str = "value",
) -> go.Figure:  # fmt: skip
    """The same hidden units in each of `parts` (name, numbers by unit), each as a square, unit 0 top left, row by row.

    `selected` frames a unit in all parts. A click reports the unit.
    """
    values = refuse_nothing([numbers[None] for _, numbers in parts])
    side = math.ceil(math.sqrt(values.shape[1]))
    down = -(-values.shape[1] // side)
    pitch = side + max(1, side // 16)
    z: list[list[float | None]] = [[None] * (pitch * len(parts) - pitch + side) for _ in range(down)]
    where: list[list[Any]] = [[None] * len(z[0]) for _ in z]
    for part, numbers in enumerate(values.tolist()):
        for unit, number in enumerate(numbers):
            row, column = unit // side, part * pitch + unit % side
            z[row][column], where[row][column] = number, unit
    trace = signed(z, limit(values), mode, value_name) | {
        "customdata": where,
        "hovertext": spelled(where, unit_name),
    }
    hidden = {"visible": False, "fixedrange": True}
    height = 340
    shapes = [] if selected is None or not 0 <= selected < values.shape[1] else [
        frame(column, column, selected // side, selected // side, mode)
        for column in (part * pitch + selected % side for part in range(len(parts)))
    ]  # fmt: skip
    layout = {
        "xaxis": hidden | {"range": [-0.5, len(z[0]) - 0.5]}, "yaxis": hidden | {"range": [down - 0.5, -0.5]},
        "shapes": shapes, "annotations": [above(name, part * pitch, mode) for part, (name, _) in enumerate(parts)],
        "meta": {"minimum_width": 320},
    }  # fmt: skip
    return theme.figure([trace], layout, title=title, mode=mode, body=height, head=26, feet=FEET)


def spelled(where: list[list[Any]], unit_name: str) -> list[list[str]]:
    """What the mouse is told of each unit."""
    return [["" if unit is None else f"{escape(unit_name)} {unit}" for unit in row] for row in where]


def above(name: str, column: int, mode: Mode) -> dict[str, Any]:
    """The name of a part above its square."""
    place = {"x": column - 0.5, "y": -0.5, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    return place | {"text": f"<b>{escape(name)}</b>", "font": {"size": theme.SMALL, "color": theme.INK[mode]}}
