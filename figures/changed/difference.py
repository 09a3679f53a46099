"""What one map has more than another: their signed difference, and beside each row how much of it lies elsewhere.

A click on a cell reports `[query, key]`, one on a bar `[query, None]`, counted from 0.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, places, touch, turned
from figures.heads.attention import FEET, PIECES, cells, map_layout
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

BARS = 0.24  # of the width
ROOM = 96  # pixels that the bars need on a telephone


def difference(
    values: Weights, queries: Sequence[str], keys: Sequence[str], *, elsewhere: Weights, names: tuple[str, str] = PIECES,
    title: str, mode: Mode = "light", selected: tuple[int, int] | None = None, value_name: str = "difference",
    elsewhere_name: str = "total variation", origin: tuple[int, int] = (0, 0),
) -> go.Figure:  # fmt: skip
    """`values` (query, key), from -1 to 1: blue where there is less, red where there is more; white is no difference.

    `elsewhere` (query), from 0 to 1, are the bars: half the sum of the row's sizes, if the row is whole. `origin` is the query and
    the key of the first cell.
    """
    check(values, queries, keys)
    if len(elsewhere) != len(queries):
        raise ValueError(f"Expected a bar for each of {len(queries)} queries, but got {len(elsewhere)}.")
    reach = max(float(np.abs(values).max()), 0.1)  # so that a difference of nothing looks like nothing
    colours = {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach}
    trace = cells(values.tolist(), colours, value_name, names)
    trace["meta"] = touch(whole_labels(queries), whole_labels(keys), origin=origin)
    layout = map_layout(values.shape, queries, keys, names, mode, selected, origin)
    layout["xaxis"]["domain"] = [0, 1 - BARS]
    layout["xaxis2"] = bar_axis(elsewhere_name)
    layout["meta"]["minimum_width"] += ROOM
    bars = bar_trace(elsewhere, queries, elsewhere_name, origin[0], mode)
    cell = min(44, max(18, 420 // len(queries)))
    head = turned(short_labels(keys))
    return theme.figure([trace, bars], layout, title=title, mode=mode, body=cell * len(queries), head=head, feet=FEET)


def bar_axis(name: str) -> dict[str, Any]:
    """The axis of the bars, from 0 to 1, with room for the number at the end of the longest; its name is above, as the keys are."""
    title = {"text": escape(name), "standoff": 6, "font": {"size": theme.SMALL}}
    return {
        "domain": [1 - BARS + 0.03, 1], "range": [0, 1.5], "fixedrange": True, "side": "top", "title": title, "showgrid": False,
        "tickvals": [0, 1], "anchor": "y",
    }  # fmt: skip


def bar_trace(values: Weights, queries: Sequence[str], name: str, first: int, mode: Mode) -> dict[str, Any]:
    """A bar for each row, with its number."""
    numbers = [float(value) for value in values]
    hover = f"<b>%{{hovertext}}</b><br>{escape(name)} %{{x:.4f}}<extra></extra>"
    return {
        "type": "bar", "orientation": "h", "x": numbers, "y": places(len(numbers)), "xaxis": "x2", "width": 0.55,
        "marker": {"color": theme.MUTED[mode]}, "text": [f"{number:.2f}" for number in numbers], "textposition": "outside",
        "textfont": {"size": theme.SMALL}, "textangle": 0, "constraintext": "none", "cliponaxis": False,
        "hovertext": whole_labels(queries), "hovertemplate": hover,
        "customdata": [[row + first, None] for row in range(len(numbers))],
    }  # fmt: skip
