"""Numbers that can be changed by hand, as a grid, and beside it what a small change of each would do.

A click reports `[grid, row, column]`, from 0. A number that was changed has a dotted frame.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.changed.before_after import heading
from figures.grid import Weights, downwards, frame, touch
from figures.heads.attention import FEET, Mosaic, cells
from figures.labels import escape
from figures.theme import Mode

GRIDS = 2
BRIGHT = 99.0  # per cent of the numbers that are not drawn in the strongest colour
Place = tuple[int, int]


def grids(
    values: Weights, slopes: Weights, *, rows: Sequence[str], columns: Sequence[str], names: tuple[str, str] = ("row", "column"),
    titles: tuple[str, str] = ("number", "slope"), value_names: tuple[str, str] = ("number", "slope"),
    title: str, mode: Mode = "light", selected: Place | None = None,
    changed: Collection[Place] = (),
) -> go.Figure:  # fmt: skip
    """`values` and `slopes` (row, column) side by side, each about its own zero; `rows` and `columns` are plain labels.

    `selected` frames a cell in both grids, `changed` cells have a dotted frame in the first.
    """
    shape = (len(rows), len(columns))
    if values.shape != shape or slopes.shape != shape or not values.size:
        raise ValueError(f"Expected two grids of the shape {shape}, but got {values.shape} and {slopes.shape}.")
    if not (np.isfinite(values).all() and np.isfinite(slopes).all()):
        raise ValueError("A picture cannot show NaN or infinity.")
    cell = min(18, max(8, 208 // len(rows)))
    plan = Mosaic(GRIDS, *shape, GRIDS, -(-26 // cell), cell)
    data = [drawn(plan, grid, numbers, value_names[grid], names, mode) for grid, numbers in enumerate((values, slopes))]
    for grid, trace in enumerate(data):
        trace["meta"] = touch(
            [escape(each) for each in rows], [escape(each) for each in columns], [spot(plan, grid, titles[grid])]
        )
    dotted = {"color": theme.ACCENT[mode], "width": 2, "dash": "dot"}
    shapes = [framed(plan, 0, place, mode) | {"line": dotted} for place in changed]
    shapes += [framed(plan, grid, selected, mode) for grid in range(GRIDS)] if selected else []
    layout = axes(plan, rows, columns, names) | {
        "annotations": [heading(plan, grid, titles[grid], mode) for grid in range(GRIDS)], "shapes": shapes,
        "meta": {"minimum_width": 80 + 7 * plan.shape()[1]},
    }  # fmt: skip
    return theme.figure(data, layout, title=title, mode=mode, body=cell * plan.shape()[0], feet=FEET + 48)


def drawn(plan: Mosaic, grid: int, numbers: Weights, name: str, axes: tuple[str, str], mode: Mode) -> dict[str, Any]:
    """One grid as a heat map about zero; the other's place stays empty."""
    size = np.abs(numbers)
    reach = float(np.percentile(size, BRIGHT)) or float(size.max()) or 1.0
    nothing: list[list[float | None]] = [[None] * plan.keys for _ in range(plan.queries)]
    tiles: list[list[list[float | None]]] = [nothing, nothing]
    tiles[grid] = numbers.tolist()
    colours = {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach}
    trace = cells(plan.spread(tiles), colours, name, axes) | {"xgap": 0, "ygap": 0}
    trace["colorbar"] |= {"x": 0.54 * grid, "len": 0.42, "nticks": 4}
    return trace


def spot(plan: Mosaic, grid: int, name: str) -> dict[str, Any]:
    """Where a grid lies, and what is said of its cells first."""
    return {"at": plan.corner(grid), "prefix": [grid], "name": f"{escape(name)}, "}


def framed(plan: Mosaic, grid: int, place: Place, mode: Mode) -> dict[str, Any]:
    """A frame around a cell."""
    top, left = plan.corner(grid)
    row, column = place
    return frame(left + column, left + column, top + row, top + row, mode)


def axes(plan: Mosaic, rows: Sequence[str], columns: Sequence[str], names: tuple[str, str]) -> dict[str, Any]:
    """Every second label, for both grids."""
    top = plan.corner(0)[0]
    down = {"tickvals": [top + row for row in range(0, len(rows), 2)], "ticktext": [escape(each) for each in rows[::2]]}
    ends = [
        (plan.corner(grid)[1] + place, columns[place]) for grid in range(GRIDS) for place in range(0, len(columns), 4)
    ]
    across = {"tickvals": [place for place, _ in ends], "ticktext": [escape(text) for _, text in ends]}
    height, width = plan.shape()
    plain = {"type": "linear", "tickmode": "array", "fixedrange": True, "tickangle": 0}
    return {
        "xaxis": plain | across | {"range": [-0.5, width - 0.5], "title": {"text": escape(names[1]), "standoff": 8}},
        "yaxis": downwards(
            plain | down | {"range": [-0.5, height - 0.5], "title": {"text": escape(names[0]), "standoff": 8}}
        ),
    }
