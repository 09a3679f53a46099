"""The model as it is beside the changed one: two maps of attention side by side, and how likely each piece is before and after.

What differs is marked by signs, not by colour alone: ▲ where the changed model looks more, ▼ where it looks less.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, frame, piece_axis, touch, upright
from figures.heads.attention import FEET, PIECES, Mosaic, cells, mosaic_axes
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

SIDES = ("as it is", "changed")
MORE, LESS, MARKED = "▲", "▼", 0.05  # signs of a weight that rose or fell by so much at least
HEIGHT = 210  # pixels of the bars
WIDE = 30  # keys from which on both maps are made to fit side by side, rather than to have wide columns


def maps(
    before: Weights, after: Weights, queries: Sequence[str], keys: Sequence[str], *, sides: tuple[str, str] = SIDES,
    names: tuple[str, str] = PIECES, title: str, mode: Mode = "light", selected: tuple[int, int] | None = None,
    edited: Collection[int] = (), value_name: str = "weight", origin: tuple[int, int] = (0, 0),
) -> go.Figure:  # fmt: skip
    """One head's weights (query, key), as they are on the left, of the changed model on the right.

    A click reports `[side, query, key]`. Rows in `edited` have a dotted frame; `selected` frames a cell on both sides.
    `origin` is the query and the key of the first cell, from which `edited` and `selected` count too.
    """
    check(before, queries, keys)
    check(after, queries, keys)
    cell = min(30, max(18, 270 // len(queries)))
    plan = Mosaic(2, len(queries), len(keys), 2, -(-26 // cell), cell)
    colours = {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1}
    trace = cells(plan.spread([before.tolist(), after.tolist()]), colours, value_name, names)
    tiles = [{"at": plan.corner(side), "prefix": [side], "name": f"{escape(sides[side])}: "} for side in (0, 1)]
    trace["meta"] = touch(whole_labels(queries), whole_labels(keys), tiles, origin)
    layout = mosaic_axes(plan, short_labels(queries), short_labels(keys), names) | {
        "annotations": [heading(plan, side, sides[side], mode) for side in (0, 1)],
        "shapes": [*dotted(plan, edited, origin, mode), *chosen(plan, selected, origin, mode)],
        "meta": {"minimum_width": 110 + round((13 if len(keys) <= WIDE else 6.5) * plan.shape()[1])},
    }
    feet, body = FEET + upright(short_labels(keys)), plan.cell * plan.shape()[0]
    return theme.figure(
        [trace, signs(plan, before, after, colours)], layout, title=title, mode=mode, body=body, feet=feet
    )


def heading(plan: Mosaic, side: int, name: str, mode: Mode) -> dict[str, Any]:
    """The name over a map."""
    top, left = plan.corner(side)
    place = {"x": left - 0.5, "y": top - 0.5, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    font = {"size": theme.SMALL, "color": theme.INK[mode]}
    return place | {"text": f"<b>{escape(name)}</b>", "font": font, "borderpad": 1}


def dotted(plan: Mosaic, edited: Collection[int], origin: tuple[int, int], mode: Mode) -> list[dict[str, Any]]:
    """The frames of edited rows, on the right."""
    top, left = plan.corner(1)
    rows = [row - origin[0] for row in sorted(edited) if 0 <= row - origin[0] < plan.queries]
    line = {"color": theme.ACCENT[mode], "width": 2, "dash": "dot"}
    return [frame(left, left + plan.keys - 1, top + row, top + row, mode) | {"line": line} for row in rows]


def chosen(plan: Mosaic, selected: tuple[int, int] | None, origin: tuple[int, int], mode: Mode) -> list[dict[str, Any]]:
    """The frames of the chosen cell, one on each side, if it is shown."""
    if selected is None:
        return []
    row, column = selected[0] - origin[0], selected[1] - origin[1]
    if not (0 <= row < plan.queries and 0 <= column < plan.keys):
        return []
    corners = [plan.corner(side) for side in (0, 1)]
    return [frame(left + column, left + column, top + row, top + row, mode) for top, left in corners]


def signs(plan: Mosaic, before: Weights, after: Weights, colours: Mapping[str, Any]) -> dict[str, Any]:
    """▲ and ▼ in the cells of the changed map that differ, dark or light, whichever can be read there."""
    moved = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    top, left = plan.corner(1)
    places = np.argwhere(np.abs(moved) >= MARKED).tolist()
    inks = theme.inks(colours, [float(after[row, column]) for row, column in places])
    return {
        "type": "scatter", "mode": "text", "hoverinfo": "skip", "x": [str(left + column) for _, column in places],
        "y": [str(top + row) for row, _ in places],
        "text": [MORE if moved[row, column] > 0 else LESS for row, column in places],
        "textfont": {"size": theme.SMALL, "color": inks},
    }  # fmt: skip


def chances(
    pieces: Sequence[str], before: Weights | Sequence[float], after: Weights | Sequence[float] | None, *,
    sides: tuple[str, str] = SIDES, axis_title: str = "probability", piece_name: str = "French piece", title: str,
    mode: Mode = "light", selected: int | None = None, first: int = 0,
) -> go.Figure:  # fmt: skip
    """How likely each piece of the reference is, before (filled) and after (striped), if anything is. A click reports `[place]`.

    The places count from `first`, and so does `selected`, which is framed.
    """
    one, other = ([float(value) for value in values] for values in (before, before if after is None else after))
    if not len(pieces) == len(one) == len(other) or not pieces:
        raise ValueError(f"Expected two numbers for each of {len(pieces)} pieces, but got {len(one)} and {len(other)}.")
    places = list(range(len(pieces)))
    told = [
        [f"{escape(name)} {value:.4f}" for value in values] for name, values in zip(sides, (one, other), strict=True)
    ]
    shown = [bars(one, -0.2, sides[0], mode), bars(other, 0.2, sides[1], mode, striped=True)]
    if after is None:
        shown, told = [bars(one, 0, sides[0], mode)], told[:1]
    data = [*shown, touched(pieces, told, first)]
    place = -1 if selected is None else selected - first
    shapes = [frame(place, place, 0.5, 0.5, mode) | {"y0": 0, "y1": 1.02}] if place in places else []
    across = piece_axis(short_labels(pieces), piece_name, type="linear", tickmode="array", autotickangles=[0, -90])
    del across["labelalias"]
    layout = {
        "xaxis": across | {"tickvals": places, "ticktext": short_labels(pieces)},
        "yaxis": {"range": [0, 1.08], "fixedrange": True, "nticks": 3, "showgrid": True, "title": {"text": escape(axis_title)}},
        "shapes": shapes, "barmode": "overlay", "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": theme.SMALL}},
        "meta": {"minimum_width": 90 + 22 * len(pieces)},
    }  # fmt: skip
    return theme.figure(data, layout, title=title, mode=mode, body=HEIGHT, head=26, feet=FEET)


def bars(values: list[float], shift: float, name: str, mode: Mode, striped: bool = False) -> dict[str, Any]:
    """The bars of one side, a little to the left or right of each place."""
    line = {"color": theme.INK[mode], "width": 1}
    look: dict[str, Any] = {"color": theme.token_colour(0), "line": line}
    if striped:
        look = {"color": theme.token_colour(1), "line": line, "pattern": {"shape": "/", "fgcolor": theme.INK[mode]}}
    return {
        "type": "bar", "x": [place + shift for place in range(len(values))], "y": values, "width": 0.38, "marker": look,
        "name": escape(name), "hoverinfo": "skip",
    }  # fmt: skip


def touched(pieces: Sequence[str], told: Sequence[Sequence[str]], first: int) -> dict[str, Any]:
    """Whole columns that can be clicked, although their bars may be short; they say what is `told` of them, side by side."""
    said = ["<br>".join(lines) for lines in zip(whole_labels(pieces), *told, strict=True)]
    return {
        "type": "bar", "x": list(range(len(pieces))), "y": [1.0] * len(pieces), "width": 1, "showlegend": False,
        "marker": {"color": theme.TRANSPARENT}, "customdata": [[first + place] for place in range(len(pieces))],
        "hovertext": said, "hovertemplate": "<b>%{hovertext}</b><extra></extra>",
    }  # fmt: skip
