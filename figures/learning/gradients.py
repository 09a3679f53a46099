"""How large the gradient of every matrix is while a model learns: a map of matrices by steps, and over it the norm of all, with its limit."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, colour_bar, frame, touch
from figures.labels import escape
from figures.theme import Mode

LINE, APART, MAP = 90, 26, 400  # pixels of the line, between the two, and of the map
FEET = 90  # of the steps and the colour bar
DECADES = 1e-6  # of the largest number, below which a gradient has the colour of nothing
TICKS = 6  # steps that are named
CLIPPED = "▲"  # over a step whose gradient was made shorter
Groups = Sequence[tuple[str, Sequence[str]]]


def gradients(
    sizes: Weights, steps: Sequence[int], groups: Groups, norms: Sequence[float], limit: float, *, title: str, mode: Mode = "light",
    names: tuple[str, str] = ("matrix", "step"), line_name: str = "all together", value_name: str = "norm of the gradient",
    selected: tuple[int, int] | None = None,
) -> go.Figure:  # fmt: skip
    """`sizes (matrix, step)`, 0 or more, NaN where none was recorded, in colours by their powers of ten; `norms (step)`, of all together.

    The matrices stand in `groups`, such as a layer's, from above to below. Where a norm is over the `limit`, the step was clipped. A
    click reports `[matrix, step]`, both counted from 0, and `selected` frames it. Each look has a column, however far apart their steps.
    """
    rows = [f"{group}, {name}" for group, inside in groups for name in inside]
    check(np.nan_to_num(sizes), rows, [str(step) for step in steps])
    if len(norms) != len(steps):
        raise ValueError(f"Expected a norm for each of {len(steps)} steps, but got {len(norms)}.")
    low, high = reach(sizes)
    columns = list(range(len(steps)))
    z = [[None if np.isnan(value) else float(np.log10(max(value, 10.0**low))) for value in line] for line in sizes]
    said = [[None if np.isnan(value) else float(value) for value in line] for line in sizes]
    trace = {
        "type": "heatmap", "z": z, "x": columns, "y": list(range(len(rows))), "colorscale": theme.sequential(mode), "zmin": low, "zmax": high,
        "text": said, "hoverongaps": False, "meta": touch([escape(row) for row in rows], [f"{step:,}" for step in steps]),
        "hovertemplate": f"%{{hovertext}}<br>{escape(value_name)} %{{text:.3g}}<extra></extra>",
        "colorbar": colour_bar(f"{value_name}: 10ⁿ"),
    }  # fmt: skip
    whole, share = LINE + APART + MAP, MAP / (LINE + APART + MAP)
    layout = {
        "xaxis": across(steps, names[1]), "yaxis": down(groups, names[0], share), "yaxis2": upright(norms, limit, line_name, share, whole),
        "shapes": [threshold(limit, len(steps), mode), *borders(groups, len(steps), mode), *chosen(selected, sizes.shape, mode)],
        "annotations": [above(line_name, mode)], "meta": {"minimum_width": 380},
    }  # fmt: skip
    return theme.figure(
        [trace, *line(norms, steps, limit, mode)], layout, title=title, mode=mode, body=whole, head=22, feet=FEET
    )


def reach(sizes: Weights) -> tuple[float, float]:
    """The powers of ten between which the colours lie."""
    positive = sizes[np.isfinite(sizes) & (sizes > 0)]
    if not positive.size:
        return -1.0, 0.0
    largest = float(positive.max())
    low, high = np.floor(np.log10(max(float(positive.min()), largest * DECADES))), np.ceil(np.log10(largest))
    return float(low), float(max(high, low + 1))


def across(steps: Sequence[int], title: str) -> dict[str, Any]:
    """The columns, a few of them named by their step."""
    shown = sorted({round(place) for place in np.linspace(0, len(steps) - 1, min(TICKS, len(steps)))})
    ticks = {
        "tickmode": "array",
        "tickvals": shown,
        "ticktext": [f"{steps[place]:,}" for place in shown],
        "tickangle": 0,
    }
    text = {"text": escape(title), "standoff": 6}
    return {
        "type": "linear",
        "range": [-0.5, len(steps) - 0.5],
        "fixedrange": True,
        "anchor": "y",
        "title": text,
    } | ticks


def down(groups: Groups, title: str, share: float) -> dict[str, Any]:
    """The matrices, from above to below; each group is named at its middle."""
    ends = list(accumulate(len(inside) for _, inside in groups))
    middles = [end - (len(inside) + 1) / 2 for end, (_, inside) in zip(ends, groups, strict=True)]
    ticks = {"tickmode": "array", "tickvals": middles, "ticktext": [escape(name) for name, _ in groups]}
    text = {"text": escape(title), "standoff": 6}
    return {
        "type": "linear",
        "range": [ends[-1] - 0.5, -0.5],
        "fixedrange": True,
        "domain": [0, share],
        "title": text,
    } | ticks


def upright(norms: Sequence[float], limit: float, title: str, share: float, whole: int) -> dict[str, Any]:
    """The axis of the line, by powers of ten."""
    found = [float(np.log10(norm)) for norm in norms if norm > 0] + [float(np.log10(limit))]
    edges = {"type": "log", "range": [min(found) - 0.15, max(found) + 0.3], "domain": [share + APART / whole, 1]}
    hidden = {"text": escape(title), "font": {"color": theme.TRANSPARENT, "size": 1}, "standoff": 0}
    return edges | {
        "anchor": "x",
        "fixedrange": True,
        "showgrid": True,
        "dtick": 1,
        "exponentformat": "power",
        "title": hidden,
    }


def line(norms: Sequence[float], steps: Sequence[int], limit: float, mode: Mode) -> list[dict[str, Any]]:
    """The norm of all, and a sign over each step that was clipped."""
    over = [place for place, norm in enumerate(norms) if norm > limit]
    values = [float(norm) if norm > 0 else None for norm in norms]
    told = {
        "type": "scatter", "mode": "lines+markers" if len(norms) < 3 else "lines", "x": list(range(len(norms))), "y": values, "yaxis": "y2",
        "line": {"color": theme.token_colour(0), "width": 2.5}, "hovertext": [f"{step:,}" for step in steps],
        "hovertemplate": "%{y:.3g}<extra>%{hovertext}</extra>",
    }  # fmt: skip
    signs = {
        "type": "scatter", "mode": "markers", "x": over, "y": [float(norms[place]) for place in over], "yaxis": "y2", "hoverinfo": "skip",
        "marker": {"symbol": "triangle-up", "size": 8, "color": theme.token_colour(5), "line": {"width": 1, "color": theme.INK[mode]}},
    }  # fmt: skip
    return [told, signs]


def threshold(limit: float, count: int, mode: Mode) -> dict[str, Any]:
    """The line over which a gradient is clipped."""
    look = {"color": theme.INK[mode], "width": 1.5, "dash": "dash"}
    return {
        "type": "line",
        "xref": "x",
        "yref": "y2",
        "x0": -0.5,
        "x1": count - 0.5,
        "y0": limit,
        "y1": limit,
        "line": look,
    }


def borders(groups: Groups, count: int, mode: Mode) -> list[dict[str, Any]]:
    """A line between two groups."""
    ends = list(accumulate(len(inside) for _, inside in groups))[:-1]
    look = {"color": theme.BACKGROUND[mode], "width": 1.5}
    return [
        {"type": "line", "x0": -0.5, "x1": count - 0.5, "y0": end - 0.5, "y1": end - 0.5, "line": look} for end in ends
    ]


def chosen(selected: tuple[int, int] | None, shape: tuple[int, ...], mode: Mode) -> list[dict[str, Any]]:
    """The frame of the chosen cell."""
    if selected is None or not (0 <= selected[0] < shape[0] and 0 <= selected[1] < shape[1]):
        return []
    return [frame(selected[1], selected[1], selected[0], selected[0], mode)]


def above(name: str, mode: Mode) -> dict[str, Any]:
    """The name of the line, over its left edge."""
    where = {
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": 1,
        "yanchor": "bottom",
        "showarrow": False,
    }
    return where | {"text": escape(name), "font": {"size": theme.SMALL, "color": theme.MUTED[mode]}, "borderpad": 3}
