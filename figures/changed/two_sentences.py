"""Two sentences in one head: both maps and their difference, piece beside piece; and how far apart their vectors are, layer by layer.

A row or a column stands for a piece that both have, or for one that only one of them has: there the other map and the difference
are empty. Such a piece is named with its sentence, `A: letter`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.changed.before_after import heading
from figures.grid import Weights, downwards, frame, numerals, piece_axis, touch, turned, upright
from figures.heads.attention import FEET, PIECES, Mosaic, cells, mosaic_axes
from figures.labels import escape, label, shorten
from figures.theme import Mode

SIDES = ("A", "B", "B − A")
TILES = len(SIDES)
WIDTH, NARROW, WIDE = (
    450,
    4,
    11,
)  # pixels that the columns commonly have, and of the narrowest and the widest that is asked for
STANDOFF = 18  # pixels between the rows and what they are: Plotly takes marked ones for shorter than they are
SMALLEST = 0.1  # the difference, and the distance, that has the strongest colour at least: nothing looks like nothing


def maps(
    first: Weights, second: Weights, queries: Sequence[str], keys: Sequence[str], *, sides: tuple[str, str, str] = SIDES,
    names: tuple[str, str] = PIECES, title: str, mode: Mode = "light", selected: tuple[int, int] | None = None,
    value_names: tuple[str, str] = ("weight", "difference"),
) -> go.Figure:  # fmt: skip
    """Two maps of weights (query, key) and what the second has more, NaN where a sentence has no such piece; `sides` name them.

    A click reports `[side, query, key]`, from 0; `selected` frames a cell in all three.
    """
    refuse(first, second, (len(queries), len(keys)))
    cell = min(22, max(12, 190 // len(queries)))
    plan = Mosaic(TILES, len(queries), len(keys), TILES, -(-26 // cell), cell)
    rows, columns = (marked(pieces, *alone(first, second, axis), sides) for pieces, axis in ((queries, 1), (keys, 0)))
    reach = max(float(np.nanmax(np.abs(second - first), initial=0)), SMALLEST)
    shares = {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1}
    signed = {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach}
    drawn = [[holes(first), holes(second), nothing(plan)], [nothing(plan), nothing(plan), holes(second - first)]]
    data = []
    for tiles, colours, name, at in zip(drawn, (shares, signed), value_names, (0.0, 0.6), strict=True):
        trace = cells(plan.spread(tiles), colours, name, names) | {"xgap": 0, "ygap": 0}
        trace["meta"] = touch(whole(rows), whole(columns), spots(plan, sides))
        trace["colorbar"] |= {"x": at, "len": 0.36, "nticks": 4}
        data.append(trace)
    layout = mosaic_axes(plan, short(rows), short(columns), names) | {
        "annotations": [heading(plan, side, name, mode) for side, name in enumerate(sides)],
        "shapes": [] if selected is None else framed(plan, selected, mode),
        "meta": {"minimum_width": 110 + round(plan.shape()[1] * min(WIDE, max(NARROW, WIDTH / plan.shape()[1])))},
    }
    layout["yaxis"]["title"]["standoff"] = STANDOFF
    feet, body = FEET + upright(short(columns)), plan.cell * plan.shape()[0]
    return theme.figure(data, layout, title=title, mode=mode, body=body, feet=feet)


def refuse(first: Weights, second: Weights, shape: tuple[int, int]) -> None:
    """Raise `ValueError` for maps of another shape, for none at all, and for infinite numbers."""
    if first.shape != shape or second.shape != shape or not first.size:
        raise ValueError(f"Expected two maps of the shape {shape}, but got {first.shape} and {second.shape}.")
    if np.isinf(first).any() or np.isinf(second).any():
        raise ValueError("A picture cannot show infinity.")


def alone(first: Weights, second: Weights, axis: int) -> tuple[Weights, Weights]:
    """Which rows (`axis` 1) or columns (0) only the first has, and only the second."""
    mine, theirs = (np.asarray(np.isnan(each).all(axis)) for each in (first, second))
    return theirs & ~mine, mine & ~theirs


def marked(pieces: Sequence[str], first: Weights, second: Weights, sides: Sequence[str]) -> list[str]:
    """The labels; one that only one sentence has is named with it."""
    whose = [sides[0] if mine else sides[1] if theirs else "" for mine, theirs in zip(first, second, strict=True)]
    return [f"{side}: {label(piece)}" if side else label(piece) for side, piece in zip(whose, pieces, strict=True)]


def whole(labels: Sequence[str]) -> list[str]:
    """For hovering."""
    return [escape(text) for text in labels]


def short(labels: Sequence[str]) -> list[str]:
    """For axes."""
    return [escape(shorten(text)) for text in labels]


def holes(values: Weights) -> list[list[float | None]]:
    """The numbers, `None` where there is none."""
    return [[None if np.isnan(value) else float(value) for value in row] for row in values]


def nothing(plan: Mosaic) -> list[list[float | None]]:
    """A tile that another trace draws."""
    return [[None] * plan.keys for _ in range(plan.queries)]


def spots(plan: Mosaic, sides: Sequence[str]) -> list[dict[str, Any]]:
    """Where the three maps lie."""
    return [{"at": plan.corner(side), "prefix": [side], "name": f"{escape(name)}: "} for side, name in enumerate(sides)]


def framed(plan: Mosaic, selected: tuple[int, int], mode: Mode) -> list[dict[str, Any]]:
    """The chosen cell, in each map."""
    row, column = selected
    if not (0 <= row < plan.queries and 0 <= column < plan.keys):
        return []
    corners = [plan.corner(side) for side in range(TILES)]
    return [frame(left + column, left + column, top + row, top + row, mode) for top, left in corners]


def drift(
    values: Weights, pieces: Sequence[str], stations: Sequence[str], *, only: tuple[Weights, Weights], sides: tuple[str, str] = SIDES[:2],
    names: tuple[str, str] = ("piece", "after"), title: str, mode: Mode = "light", selected: tuple[int, int] | None = None,
    value_name: str = "distance",
) -> go.Figure:  # fmt: skip
    """How far apart the vectors of each piece are (piece, station), NaN for a piece that only one sentence has: `only` says which of them.

    A click reports `[piece, station]`, from 0.
    """
    if values.shape != (len(pieces), len(stations)) or not values.size or np.isinf(values).any():
        raise ValueError(f"Expected finite distances of {len(pieces)} pieces at {len(stations)} stations.")
    labels, columns = marked(pieces, *only, sides), [escape(name) for name in stations]
    top = max(float(np.nanmax(values, initial=0)), SMALLEST)
    trace = cells(holes(values), {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": top}, value_name, names)
    trace["meta"] = touch(whole(labels), columns)
    texts = [["" if np.isnan(value) else f"{value:.2f}" for value in row] for row in values]
    row, column = selected or (-1, -1)
    there = 0 <= row < len(pieces) and 0 <= column < len(stations)
    cell = min(28, max(16, 240 // len(pieces)))
    layout = {
        "xaxis": piece_axis(columns, names[1], side="top"), "yaxis": downwards(piece_axis(short(labels), names[0])),
        "shapes": [frame(column, column, row, row, mode)] if there else [],
        "meta": {"minimum_width": 130 + 46 * len(stations)},
    }  # fmt: skip
    return theme.figure(
        [trace, numerals(trace, texts)],
        layout,
        title=title,
        mode=mode,
        body=cell * len(pieces),
        head=turned(["x"]),
        feet=FEET,
    )
