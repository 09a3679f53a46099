"""One query's row by several score functions: above their scores, below the weights that the softmax makes of them.

Bars stand in groups, one group for each key; functions differ in colour and hatching. A click reports `[function, key]`, from 0.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, piece_axis
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

PANEL, APART, HEAD = 104, 14, 26  # pixels of a panel, between the two, and over them for the legend
HATCHES = ("", "/", "x", ".")
SHARE = PANEL / (2 * PANEL + APART)


def score_rows(
    names: Sequence[str], scores: Weights, weights: Weights, pieces: Sequence[str], *, axes: tuple[str, str, str], title: str,
    mode: Mode = "light", selected: tuple[int, int] | None = None, first: int = 0,
) -> go.Figure:  # fmt: skip
    """`scores`, `weights (function, key)` of `names` over `pieces`; NaN where the query may not look: no bar stands there.

    `axes` names the pieces, the scores and the weights. Keys are counted from `first`; `selected` frames the bars (function, key).
    """
    shape = (len(names), len(pieces))
    if scores.shape != shape or weights.shape != shape or not len(pieces):
        raise ValueError(f"Expected scores and weights {shape}, but got {scores.shape} and {weights.shape}.")
    data = [bars(place, name, values, pieces, panel, first, selected, mode)
            for panel, numbers in enumerate((scores, weights))
            for place, (name, values) in enumerate(zip(names, numbers, strict=True))]  # fmt: skip
    layout: dict[str, Any] = {
        "xaxis": piece_axis(short_labels(pieces), axes[0], side="bottom", anchor="y2"),
        "yaxis": upright(axes[1], (1 - SHARE, 1), scores), "yaxis2": upright(axes[2], (0, SHARE), weights, span=(0, 1.04)) | {"anchor": "x"},
        "barmode": "group", "bargap": 0.25, "showlegend": True, "meta": {"minimum_width": max(320, 90 + 44 * len(pieces))},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "font": {"size": theme.SMALL}},
    }  # fmt: skip
    return theme.figure(data, layout, title=title, mode=mode, body=2 * PANEL + APART, head=HEAD, feet=72)


def bars(
    place: int, name: str, values: Weights, pieces: Sequence[str], panel: int, first: int, selected: tuple[int, int] | None, mode: Mode
) -> dict[str, Any]:  # fmt: skip
    """One function's bars in one panel."""
    there = [key for key, value in enumerate(values) if np.isfinite(value)]
    chosen = [selected == (place, key + first) for key in there]
    said = whole_labels(pieces)
    return {
        "type": "bar", "name": escape(name), "legendgroup": str(place), "showlegend": panel == 0, "yaxis": "y2" if panel else "y",
        "x": [str(key) for key in there], "y": [float(values[key]) for key in there], "customdata": [[place, key + first] for key in there],
        "hovertext": [f"{said[key]}, {escape(name)}" for key in there], "hovertemplate": "<b>%{hovertext}</b><br>%{y:.4f}<extra></extra>",
        "offsetgroup": str(place),
        "marker": {
            "color": theme.token_colour(place), "line": {"color": theme.ACCENT[mode], "width": [3 if each else 0 for each in chosen]},
            "pattern": {"shape": HATCHES[place % len(HATCHES)], "fgcolor": theme.BACKGROUND[mode], "fillmode": "overlay", "size": 6},
        },
    }  # fmt: skip


def upright(
    title: str, domain: tuple[float, float], values: Weights, span: tuple[float, float] | None = None
) -> dict[str, Any]:
    """The axis of a panel; it holds zero."""
    some = values[np.isfinite(values)]
    low, high = span or (min(0.0, float(some.min())) * 1.08, max(0.0, float(some.max())) * 1.08 or 1.0)
    return {
        "type": "linear", "domain": list(domain), "range": [low, high], "fixedrange": True, "showgrid": True, "nticks": 5, "zeroline": True,
        "title": {"text": escape(title), "standoff": 6},
    }  # fmt: skip
