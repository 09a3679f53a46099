"""One query's row by several score functions: above their scores, below the weights that the softmax makes of them.

Bars stand in groups, one group for each key; functions differ in colour and hatching. A click reports `[function, key]`, from 0. Over
the end of each bar lies a dot that nobody sees, so that a bar of no height can be clicked as well.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

PANEL, APART, HEAD = 104, 14, 26  # pixels of a panel, between the two, and over them for the legend
HATCHES = ("", "/", "x", ".")
GROUP = 0.78  # of the width of a key, for its bars
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
    data = [
        part
        for panel, numbers in enumerate((scores, weights))
        for place, (name, values) in enumerate(zip(names, numbers, strict=True))
        for part in bars(place, name, values, pieces, panel, first, selected, mode, len(names))
    ]
    layout: dict[str, Any] = {
        "xaxis": across(pieces, axes[0]),
        "yaxis": upright(axes[1], (1 - SHARE, 1), scores), "yaxis2": upright(axes[2], (0, SHARE), weights, span=(0, 1.04)) | {"anchor": "x"},
        "barmode": "overlay", "showlegend": True, "meta": {"minimum_width": max(320, 90 + 44 * len(pieces))},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "font": {"size": theme.SMALL}},
    }  # fmt: skip
    return theme.figure(data, layout, title=title, mode=mode, body=2 * PANEL + APART, head=HEAD, feet=72)


def across(pieces: Sequence[str], title: str) -> dict[str, Any]:
    """The axis of the keys: numbers, so that each bar has a place of its own."""
    ticks = {"tickmode": "array", "tickvals": list(range(len(pieces))), "ticktext": short_labels(pieces)}
    text = {"text": escape(title), "standoff": 8}
    return {
        "type": "linear",
        "range": [-0.5, len(pieces) - 0.5],
        "fixedrange": True,
        "anchor": "y2",
        "title": text,
    } | ticks


def bars(
    place: int, name: str, values: Weights, pieces: Sequence[str], panel: int, first: int, selected: tuple[int, int] | None, mode: Mode,
    functions: int,
) -> list[dict[str, Any]]:  # fmt: skip
    """One function's bars in one panel, and the dots over their ends."""
    there = [key for key, value in enumerate(values) if np.isfinite(value)]
    chosen = [selected == (place, key + first) for key in there]
    said, wide = whole_labels(pieces), GROUP / functions
    common = {
        "x": [key + (place - (functions - 1) / 2) * wide for key in there], "y": [float(values[key]) for key in there],
        "customdata": [[place, key + first] for key in there], "hovertext": [f"{said[key]}, {escape(name)}" for key in there],
        "hovertemplate": "<b>%{hovertext}</b><br>%{y:.4f}<extra></extra>", "yaxis": "y2" if panel else "y", "legendgroup": str(place),
    }  # fmt: skip
    bar = {
        "type": "bar", "name": escape(name), "showlegend": panel == 0, "width": wide,
        "marker": {
            "color": theme.token_colour(place), "line": {"color": theme.ACCENT[mode], "width": [3 if each else 0 for each in chosen]},
            "pattern": {"shape": HATCHES[place % len(HATCHES)], "fgcolor": theme.BACKGROUND[mode], "fillmode": "overlay", "size": 6},
        },
    }  # fmt: skip
    dot = {
        "type": "scatter",
        "mode": "markers",
        "showlegend": False,
        "marker": {"size": 10, "color": theme.TRANSPARENT},
    }
    return [common | bar, common | dot]


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
