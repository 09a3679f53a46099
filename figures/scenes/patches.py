"""A picture cut into patches, and a map of maps: how like each other their positions are. A click reports `[row, column]` or four places."""

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, frame, touch
from figures.labels import escape
from figures.scenes.over import hidden
from figures.scenes.pixels import laid
from figures.theme import Mode

APART = 0.82  # how much of its place a patch fills: the rest shows where the scissors went


def patches(
    picture: Weights, side: int, *, value_name: str, title: str, mode: Mode = "light", selected: tuple[int, int] | None = None,
    out: tuple[tuple[int, int], ...] = (),
) -> go.Figure:  # fmt: skip
    """`picture (y, x, 3)` cut into squares of `side` pixels; those `out` are not drawn. The mouse says the mean of the three colours."""
    if picture.ndim != 3 or picture.shape[0] % side or picture.shape[1] % side:
        raise ValueError(f"A picture of {picture.shape} cannot be cut into squares of {side} pixels.")
    tall, wide = picture.shape[0] // side, picture.shape[1] // side
    parts = picture.reshape(tall, side, wide, side, 3).swapaxes(1, 2)
    z = parts.mean((2, 3, 4))
    room = (1 - APART) / 2
    images = [
        laid(parts[row, column], column - 0.5 + room, row - 0.5 + room, APART, APART)
        for row in range(tall) for column in range(wide) if (row, column) not in out
    ]  # fmt: skip
    template = f"<b>%{{hovertext}}</b><br>{escape(value_name)} %{{z:.4f}}<extra></extra>"
    trace = {
        "type": "heatmap", "z": z.tolist(), "colorscale": [[0, theme.TRANSPARENT], [1, theme.TRANSPARENT]], "showscale": False,
        "hovertemplate": template, "meta": touch([str(row + 1) for row in range(tall)], [str(column + 1) for column in range(wide)]),
    }  # fmt: skip
    layout = {
        "xaxis": hidden([-0.5, wide - 0.5]), "yaxis": hidden([tall - 0.5, -0.5]) | {"scaleanchor": "x"}, "images": images,
        "shapes": [] if selected is None else [frame(selected[1], selected[1], selected[0], selected[0], mode)],
    }  # fmt: skip
    return theme.figure([trace], layout, title=title, mode=mode, body=240)


def mosaic(
    values: Weights, across: int, *, value_name: str, title: str, mode: Mode = "light", selected: int | None = None
) -> go.Figure:
    """`values (place, other)` of places in rows of `across`: for each place, where it stands, a small map of all others.

    From -1 to 1. A click reports `[row, column, row of the other, column of the other]`.
    """
    count = values.shape[0] // across
    if values.shape != (count * across, count * across) or not np.isfinite(values).all():
        raise ValueError(f"Expected a square of numbers, {across} places in a row, but their shape is {values.shape}.")
    size = (count * (count + 1) - 1, across * (across + 1) - 1)
    z: list[list[float | None]] = [[None] * size[1] for _ in range(size[0])]
    tiles = []
    for place, line in enumerate(values.reshape(-1, count, across).tolist()):
        row, column = divmod(place, across)
        top, left = row * (count + 1), column * (across + 1)
        tiles.append({"at": (top, left), "prefix": (row, column), "name": f"{row + 1}, {column + 1}"})
        for each, numbers in enumerate(line):
            z[top + each][left : left + across] = numbers
    names = [[str(each + 1) for each in range(number)] for number in (count, across)]
    trace = {
        "type": "heatmap", "z": z, "hoverongaps": False, "colorscale": theme.diverging(mode), "zmin": -1, "zmax": 1, "showscale": False,
        "hovertemplate": f"<b>%{{hovertext}}</b><br>{escape(value_name)} %{{z:.4f}}<extra></extra>", "meta": touch(names[0], names[1], tiles),
    }  # fmt: skip
    shapes = []
    if selected is not None:
        top, left = selected // across * (count + 1), selected % across * (across + 1)
        shapes = [frame(left, left + across - 1, top, top + count - 1, mode)]
    layout = {
        "xaxis": hidden([-0.5, size[1] - 0.5]),
        "yaxis": hidden([size[0] - 0.5, -0.5]) | {"scaleanchor": "x"},
        "shapes": shapes,
    }
    return theme.figure([trace], layout, title=title, mode=mode, body=420)
