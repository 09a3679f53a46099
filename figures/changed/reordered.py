"""Vectors of a sentence against those of the same sentence in another order: which of them are the same, and at which place.

Two maps side by side, each cell the largest difference between two vectors; = where there is none but rounding. A click reports
`[side, place, place in the other order]`, counted from 0.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.changed.before_after import heading
from figures.grid import Weights, check, touch, upright
from figures.heads.attention import FEET, Mosaic, cells, mosaic_axes
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

EQUAL, SAME = "=", 1e-4  # the sign of two vectors that differ by less everywhere
SIDES = ("with positions", "without")


def reordered(
    first: Weights, second: Weights, pieces: Sequence[str], others: Sequence[str], *, sides: tuple[str, str] = SIDES,
    names: tuple[str, str] = ("in this order", "reordered"), title: str, mode: Mode = "light", value_name: str = "largest difference",
) -> go.Figure:  # fmt: skip
    """`first` and `second` (place, place in the other order) are largest differences between vectors, each 0 or more."""
    check(first, pieces, others)
    check(second, pieces, others)
    cell = min(32, max(18, 420 // len(pieces)))
    plan = Mosaic(2, len(pieces), len(others), 2, -(-26 // cell), cell)
    top = float(max(first.max(), second.max())) or 1.0
    colours = {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": top}
    trace = cells(plan.spread([first.tolist(), second.tolist()]), colours, value_name, names)
    trace["hovertemplate"] = trace["hovertemplate"].replace(":.4f}", ":.2g}")
    tiles = [{"at": plan.corner(side), "prefix": [side], "name": f"{escape(sides[side])}: "} for side in (0, 1)]
    trace["meta"] = touch(whole_labels(pieces), whole_labels(others), tiles)
    layout = mosaic_axes(plan, short_labels(pieces), short_labels(others), names) | {
        "annotations": [heading(plan, side, sides[side], mode) for side in (0, 1)],
        "meta": {"minimum_width": 110 + 13 * plan.shape()[1]},
    }
    feet, body = FEET + upright(short_labels(others)), plan.cell * plan.shape()[0]
    data = [trace, equals(plan, (first, second), colours)]
    return theme.figure(data, layout, title=title, mode=mode, body=body, feet=feet)


def equals(plan: Mosaic, maps: tuple[Weights, Weights], colours: Mapping[str, Any]) -> dict[str, object]:
    """= in every cell whose two vectors are the same."""
    found = [
        (plan.corner(side)[0] + int(row), plan.corner(side)[1] + int(column), float(values[row, column]))
        for side, values in enumerate(maps)
        for row, column in np.argwhere(values < SAME)
    ]
    inks = theme.inks(colours, [value for _, _, value in found])
    return {
        "type": "scatter", "mode": "text", "hoverinfo": "skip", "x": [str(column) for _, column, _ in found],
        "y": [str(row) for row, _, _ in found], "text": [EQUAL] * len(found),
        "textfont": {"size": theme.FONT_SIZE, "color": inks},
    }  # fmt: skip
