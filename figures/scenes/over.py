"""A look at a picture, or several: the more weight a part of it has, the more light falls on it. A click reports `[panel, row, column]`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, frame, touch
from figures.labels import escape
from figures.scenes.pixels import laid
from figures.theme import Mode

GAP = 1  # cells between two panels
HEAD = 1.1  # cells above each panel, for its name
LIT = 0.3  # a part with that weight is fully lit


def looks(
    picture: Weights, weights: Weights, names: Sequence[str], *, columns: int, value_name: str, title: str, mode: Mode = "light",
    selected: tuple[int, int, int] | None = None, marked: Sequence[tuple[int, int]] = (), cell: int = 38,
) -> go.Figure:  # fmt: skip
    """`picture (y, x, 3)` once for each of `weights (panel, row, column)`, `columns` panels side by side, each under its name.

    What has weight is lit, from 0 (dark) to `LIT`. Cells (row, column) that are `marked` are outlined in each panel, the `selected` is framed.
    """
    how: dict[str, Any] = {
        "columns": columns,
        "title": title,
        "mode": mode,
        "selected": selected,
        "marked": marked,
        "cell": cell,
    }
    return _over(picture, weights, names, veil(value_name), **how)  # fmt: skip


def changes(
    picture: Weights, values: Weights, names: Sequence[str], *, columns: int, value_name: str, title: str, mode: Mode = "light",
    selected: tuple[int, int, int] | None = None, marked: Sequence[tuple[int, int]] = (), cell: int = 38,
) -> go.Figure:  # fmt: skip
    """The same for signed `values (panel, row, column)`: blue below zero, red above, the picture shining through."""
    reach = float(np.abs(values).max()) or 1.0
    template = f"<b>%{{hovertext}}</b><br>{escape(value_name)} %{{z:.4f}}<extra></extra>"
    look = {
        "colorscale": theme.diverging(mode),
        "zmin": -reach,
        "zmax": reach,
        "opacity": 0.62,
        "showscale": False,
        "hovertemplate": template,
    }
    how: dict[str, Any] = {
        "columns": columns,
        "title": title,
        "mode": mode,
        "selected": selected,
        "marked": marked,
        "cell": cell,
    }
    return _over(picture, values, names, look, **how)  # fmt: skip


def _over(
    picture: Weights, values: Weights, names: Sequence[str], look: dict[str, Any], *, columns: int, title: str, mode: Mode,
    selected: tuple[int, int, int] | None, marked: Sequence[tuple[int, int]], cell: int,
) -> go.Figure:  # fmt: skip
    """Panels of one picture, with a map of `values (panel, row, column)` over each."""
    if values.ndim != 3 or len(values) != len(names) or not values.size or not np.isfinite(values).all():
        raise ValueError(
            f"Expected numbers for {len(names)} panels, rows and columns, but their shape is {values.shape}."
        )
    count, tall, wide = values.shape
    lines = -(-count // columns)
    spots = [(place // columns * (tall + GAP), place % columns * (wide + GAP)) for place in range(count)]
    z: list[list[float | None]] = [[None] * (columns * (wide + GAP) - GAP) for _ in range(lines * (tall + GAP) - GAP)]
    for (top, left), rows in zip(spots, values.tolist(), strict=True):
        for row, line in enumerate(rows):
            z[top + row][left : left + wide] = line
    rows, across = ([str(each + 1) for each in range(size)] for size in (tall, wide))
    tiles = [
        {"at": spot, "prefix": (place,), "name": escape(name)}
        for place, (spot, name) in enumerate(zip(spots, names, strict=True))
    ]
    trace = {
        "type": "heatmap",
        "z": z,
        "hoverongaps": False,
        "xgap": 1,
        "ygap": 1,
        "meta": touch(rows, across, tiles),
    } | look
    shapes = [framed(spots[place], row, column, mode, place) for place in range(count) for row, column in marked]
    if selected is not None:
        top, left = spots[selected[0]]
        shapes.append(frame(left + selected[2], left + selected[2], top + selected[1], top + selected[1], mode))
    layout = {
        "xaxis": hidden([-0.5, len(z[0]) - 0.5]), "yaxis": hidden([len(z) - 0.5, -0.5 - HEAD]) | {"scaleanchor": "x"},
        "images": [laid(picture, left - 0.5, top - 0.5, wide, tall) for top, left in spots],
        "annotations": [named(name, *spot, mode) for name, spot in zip(names, spots, strict=True)], "shapes": shapes,
        "meta": {"minimum_width": 20 + 21 * len(z[0])},
    }  # fmt: skip
    return theme.figure([trace], layout, title=title, mode=mode, body=round(cell * (len(z) + HEAD)))


def veil(value_name: str) -> dict[str, Any]:
    """Dark where there is no weight, nothing where there is much."""
    template = f"<b>%{{hovertext}}</b><br>{escape(value_name)} %{{z:.4f}}<extra></extra>"
    return {"colorscale": theme.VEIL, "zmin": 0, "zmax": LIT, "showscale": False, "hovertemplate": template}


def hidden(ends: list[float]) -> dict[str, Any]:
    """An axis without marks."""
    return {"type": "linear", "visible": False, "range": ends, "fixedrange": True, "constrain": "domain"}


def named(name: str, top: int, left: int, mode: Mode) -> dict[str, Any]:
    """The name over a panel."""
    look = {
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": theme.SMALL, "color": theme.INK[mode]},
    }
    return {"x": left - 0.5, "y": top - 0.55, "text": escape(name)} | look


def framed(spot: tuple[int, int], row: int, column: int, mode: Mode, place: int) -> dict[str, Any]:
    """The outline of a part that is marked."""
    top, left = spot
    line = {"color": theme.INK["dark"], "width": 2, "dash": "dot"}
    return frame(left + column, left + column, top + row, top + row, mode) | {"line": line, "name": f"marked {place}"}
