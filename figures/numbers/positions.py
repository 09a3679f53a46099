"""Sinusoidal positions, section 3.5 of "Attention Is All You Need" (arXiv 1706.03762), and what they are added to.

Rows are positions and columns dimensions, both counted from 0, as in the formula. A name of a row is plain text, such as
`3 dog`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, downwards, frame, piece_axis, touch
from figures.heads import attention
from figures.heads.attention import FEET, Mosaic, cells
from figures.labels import escape, shorten
from figures.theme import Mode

TRACK = 40  # pixels of the curve of one dimension
SQUARE = 290  # pixels of the map of two positions
HEAD = 12  # pixels between the title and the plot
AXES = ("position", "dimension")
Point = tuple[int, int] | None


def waves(
    values: Weights, rows: Sequence[str], wavelengths: Sequence[float], *, title: str, mode: Mode = "light",
    names: tuple[str, str] = AXES, wave_name: str = "wavelength", value_name: str = "value", selected: Point = None,
    first: int = 0,
) -> go.Figure:  # fmt: skip
    """`values` (position, dimension) from -1 to 1; under the mouse also each dimension's wavelength, in positions.

    The position of the first row is `first`. `selected`, a position and a dimension, is framed. A click reports
    `[position, dimension]`.
    """
    columns = [str(place) for place in range(len(wavelengths))]
    check(values, rows, columns)
    told = [
        f"{column}, {escape(wave_name)} {brief(length)}" for column, length in zip(columns, wavelengths, strict=True)
    ]
    colours = {"colorscale": theme.diverging(mode), "zmin": -1, "zmax": 1}
    trace = cells(values.tolist(), colours, value_name, names) | {"xgap": 0}
    trace["meta"] = touch([escape(row) for row in rows], told, origin=(first, 0))
    layout = {
        "xaxis": dimension_axis(columns, names[1]),
        "yaxis": downwards(piece_axis([escape(shorten(row)) for row in rows], names[0])),
        "shapes": [] if selected is None else chosen(selected[0] - first, selected[1], values.shape, 0, mode),
        "meta": {"minimum_width": 320},
    }
    body = max(6, min(32, 300 // len(rows))) * len(rows)
    return theme.figure([trace], layout, title=title, mode=mode, body=body, head=HEAD, feet=FEET + 36)


def brief(length: float) -> str:
    """A wavelength in a few digits."""
    return f"{length:,.0f}" if length >= 1000 else f"{length:.4g}"


def similarity(
    cosines: Weights, rows: Sequence[str], *, title: str, mode: Mode = "light", names: tuple[str, str] = AXES,
    value_name: str = "cosine", selected: Point = None, first: int = 0,
) -> go.Figure:  # fmt: skip
    """`cosines` (position, position), from 0 to 1, or with two colours if some are below 0. A click reports two positions.

    Of `names` only the first, that of the positions, is needed; `first` is the position of the first row and column.
    """
    pieces = [f"▁{row}" for row in rows]  # so that the label is the text itself
    origin, names = (first, first), (names[0], names[0])
    if float(cosines.min(initial=0)) >= 0:
        return attention.heatmap(
            cosines, pieces, pieces, names=names, title=title, mode=mode, selected=selected, value_name=value_name,
            origin=origin, tall=SQUARE,
        )  # fmt: skip
    return attention.signed_heatmap(
        cosines, pieces, pieces, names=names, title=title, mode=mode, selected=selected, value_name=value_name,
        limit=1.0, origin=origin, tall=SQUARE,
    )  # fmt: skip


def stacked(
    parts: Weights, rows: Sequence[str], parts_names: Sequence[str], *, title: str, mode: Mode = "light",
    names: tuple[str, str] = AXES, value_name: str = "value", selected: Point = None, limit: float | None = None,
    first: int = 0,
) -> go.Figure:  # fmt: skip
    """`parts` (part, position, dimension), one over the other with one scale of colours, from `-limit` to `limit`.

    `selected`, a position and a dimension, is framed in every part. A click reports `[part, position, dimension]`.
    """
    columns = [str(place) for place in range(parts.shape[2])]
    check(parts, rows, columns)
    count = len(parts)
    cell = max(4, min(24, 270 // (count * len(rows))))
    plan = Mosaic(count, len(rows), len(columns), 1, -(-26 // cell), cell)
    reach = limit or float(np.abs(parts).max(initial=0)) or 1.0
    colours = {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach}
    trace = cells(plan.spread(parts.tolist()), colours, value_name, names) | {"xgap": 0, "ygap": 0}
    tiles = [
        {"at": plan.corner(part), "prefix": [part], "name": f"{escape(text)}: "}
        for part, text in enumerate(parts_names)
    ]
    trace["meta"] = touch([escape(row) for row in rows], columns, tiles, origin=(first, 0))
    tops = [plan.corner(part)[0] for part in range(count)]
    layout = {
        "xaxis": dimension_axis(columns, names[1]),
        "yaxis": downwards(piece_axis(*stacked_labels(plan, rows, names[0]), **ticks(plan))),
        "annotations": [heading(text, top, mode) for text, top in zip(parts_names, tops, strict=True)],
        "shapes": [] if selected is None else [
            shape for top in tops
            for shape in chosen(selected[0] - first, selected[1], parts.shape[1:], top, mode)
        ],
        "meta": {"minimum_width": 320},
    }  # fmt: skip
    return theme.figure([trace], layout, title=title, mode=mode, body=cell * plan.shape()[0], head=HEAD, feet=FEET + 36)


def stacked_labels(plan: Mosaic, rows: Sequence[str], title: str) -> tuple[list[str], str]:
    """The labels of all rows of a stack, empty where a part's title stands, and the axis's title."""
    return ([""] * plan.gap + [escape(shorten(row)) for row in rows]) * plan.heads, title


def ticks(plan: Mosaic) -> dict[str, Any]:
    """The rows of a stack that have a label: all, or every second or third where they are low."""
    step = -(-16 // plan.cell)
    shown = [
        top + row
        for top in (plan.corner(part)[0] for part in range(plan.heads))
        for row in range(0, plan.queries, step)
    ]
    return {"tickmode": "array", "tickvals": shown}


def heading(text: str, top: int, mode: Mode) -> dict[str, Any]:
    """The title over a part."""
    place = {"x": -0.5, "y": top - 0.5, "xanchor": "left", "yanchor": "bottom", "showarrow": False, "borderpad": 1}
    return place | {"text": escape(text), "font": {"size": theme.SMALL, "color": theme.INK[mode]}}


def dimension_axis(columns: Sequence[str], title: str) -> dict[str, Any]:
    """The axis of the dimensions, under the picture."""
    return piece_axis(list(columns), title, side="bottom", autotickangles=[0, -90], nticks=12)


def chosen(row: int, column: int, shape: tuple[int, ...], top: int, mode: Mode) -> list[dict[str, Any]]:
    """A thin frame around the whole row and a frame around the cell, `top` rows down, if they are shown."""
    if not (0 <= row < shape[0] and 0 <= column < shape[1]):
        return []
    line = frame(0, shape[1] - 1, top + row, top + row, mode)
    half = max(0.0, shape[1] / 160 - 0.5)  # cells are narrow: the frame must be seen
    cell = frame(column - half, column + half, top + row, top + row, mode)
    return [line | {"line": {"color": theme.ACCENT[mode], "width": 1.5}}, cell]


def curves(
    along: Weights, heights: Weights, points: Weights, dimensions: Sequence[int], rows: Sequence[str], tracks: Sequence[str],
    *, title: str, mode: Mode = "light", names: tuple[str, str] = AXES, value_name: str = "value", selected: Point = None,
    first: int = 0, shift: int = 0, thick: int | None = None,
) -> go.Figure:  # fmt: skip
    """One track for each of `dimensions`, first on top, named by `tracks`: its wave and the sentence's points on it.

    `along` (step,) are positions, `heights` (dimension, step) the values there; `points` (position, dimension) the values at
    the positions of `rows`, the first of which is `first`. The chip of position p has the colour of place p + `shift`. The
    wave of the dimension `thick` is thick and its name bold. A click
    on a point reports `[position, dimension, value]`.
    """
    picked = [dimension == thick for dimension in dimensions]
    data = [wave(along, heights[track], track, picked[track], mode) for track in range(len(dimensions))]
    told = [f"<b>{escape(text)}</b>" if bold else escape(text) for text, bold in zip(tracks, picked, strict=True)]
    data.append(dots(points, dimensions, rows, names, value_name, selected, first, shift, mode))
    down = [-0.7, len(dimensions) - 0.3]
    layout = {
        "xaxis": {
            "title": {"text": escape(names[0]), "standoff": 8}, "fixedrange": True, "showgrid": True,
            "range": [float(along[0]) - 0.7, float(along[-1]) + 0.5],
        },
        "yaxis": {
            "title": {"text": escape(names[1]), "standoff": 8}, "fixedrange": True, "range": down[::-1],
            "tickmode": "array", "tickvals": list(range(len(dimensions))), "ticktext": told,
        },
        "shapes": [] if selected is None else [upright(selected[0], down, mode)],
        "meta": {"minimum_width": 480},
    }  # fmt: skip
    return theme.figure(data, layout, title=title, mode=mode, body=TRACK * len(dimensions), head=HEAD, feet=52)


def wave(along: Weights, heights: Weights, track: int, picked: bool, mode: Mode) -> dict[str, Any]:
    """The curve of one dimension in its track: +1 is 0.42 of a track above its middle."""
    look = {"color": theme.ACCENT[mode] if picked else theme.MUTED[mode], "width": 4 if picked else 1.5}
    line = {"type": "scatter", "mode": "lines", "line": look, "hoverinfo": "skip"}
    return line | {"x": along.tolist(), "y": (track - 0.42 * heights).tolist()}


def dots(
    points: Weights, dimensions: Sequence[int], rows: Sequence[str], names: tuple[str, str], value_name: str,
    selected: Point, first: int, shift: int, mode: Mode,
) -> dict[str, Any]:  # fmt: skip
    """The values at the sentence's positions, in the colours of their chips."""
    every = [(track, row) for track in range(len(dimensions)) for row in range(len(rows))]
    here = [selected == (first + row, dimensions[track]) for track, row in every]
    look = {
        "opacity": 1,
        "size": [16 if chosen else 9 for chosen in here],
        "color": [theme.token_colour(first + row + shift) for _, row in every],
        "line": {"color": [theme.ACCENT[mode] if chosen else theme.INK[mode] for chosen in here],
                 "width": [4 if chosen else 1 for chosen in here]},
    }  # fmt: skip
    told = {
        "customdata": [[first + row, dimensions[track], float(points[row, track])] for track, row in every],
        "hovertext": [f"{escape(rows[row])} → {dimensions[track]}" for track, row in every],
        "hovertemplate": f"{escape(names[0])} → {escape(names[1])}<br><b>%{{hovertext}}</b><br>"
        f"{escape(value_name)} %{{customdata[2]:.4f}}<extra></extra>",
    }
    at = {
        "x": [first + row for _, row in every],
        "y": [track - 0.42 * float(points[row, track]) for track, row in every],
    }
    return {"type": "scatter", "mode": "markers", "marker": look} | at | told


def upright(position: int, down: list[float], mode: Mode) -> dict[str, Any]:
    """A line through all tracks at the chosen position."""
    line = {"color": theme.ACCENT[mode], "width": 1, "dash": "dot"}
    return {
        "type": "line",
        "x0": position,
        "x1": position,
        "y0": down[0],
        "y1": down[1],
        "line": line,
        "layer": "below",
    }
