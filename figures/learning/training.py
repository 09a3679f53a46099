"""A training run: the schedule of its learning rate before it begins, and what was measured while it goes on.

A point of `schedule` reports its `[step]`, a point of `progress` its `[panel, curve, step]`, panels and curves counted from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from figures import theme
from figures.labels import escape
from figures.theme import Mode

SCHEDULE = 150  # pixels of the schedule
PANEL, APART = 84, 32  # pixels of a panel, and between two
MARKS = ("circle", "diamond", "square", "triangle-up", "x")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


@dataclass(frozen=True, slots=True)
class Curve:
    """Values over steps; `steps` ascend."""

    name: str
    steps: Sequence[int]
    values: Sequence[float]
    dots: bool = False  # whether each point is marked


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves that share a vertical axis."""

    name: str  # above it
    curves: Sequence[Curve]
    span: tuple[float, float] | None = None  # of the axis; otherwise from 0 to the largest value


def schedule(
    curve: Curve, phases: Sequence[tuple[str, int]] = (), *, axis_title: str, title: str, mode: Mode = "light"
) -> go.Figure:
    """The learning rate over the steps of a run. `phases` are (name, last step), in order; each has its own shade."""
    last = max(curve.steps, default=1)
    trace = line(curve, 0, 0, [[int(step)] for step in curve.steps], mode)
    axis = {"title": {"text": escape(curve.name), "standoff": 8}, "exponentformat": "power", "nticks": 4}
    top = max(curve.values, default=0.0) * 1.12 or 1.0
    layout: dict[str, Any] = {
        "xaxis": steps_axis(axis_title, last),
        "yaxis": axis | {"type": "linear", "range": [0, top], "fixedrange": True, "showgrid": True},
        **shaded(phases, mode),
        "meta": {"minimum_width": 300},
    }
    return theme.figure([trace], layout, title=title, mode=mode, body=SCHEDULE, head=42, feet=54)


def progress(
    panels: Sequence[Panel], until: int, *, axis_title: str, title: str, mode: Mode = "light", tall: int = PANEL
) -> go.Figure:
    """Every curve over the steps of a run that ends at step `until`, in panels below each other; curves may be empty.

    `tall` are the pixels of each panel.
    """
    height = tall * len(panels) + APART * (len(panels) - 1)
    data: list[dict[str, Any]] = []
    for place, panel in enumerate(panels):
        for number, curve in enumerate(panel.curves):
            reports = [[place, number, int(step)] for step in curve.steps]
            axes = {"xaxis": "x", "yaxis": f"y{place + 1}" if place else "y", "showlegend": len(panel.curves) > 1}
            data.append(line(curve, len(data), number, reports, mode) | axes)
    layout: dict[str, Any] = {
        "xaxis": steps_axis(axis_title, until) | {"anchor": f"y{len(panels)}" if len(panels) > 1 else "y"},
        "annotations": [above(panel.name, 1 - place * (tall + APART) / height, mode) for place, panel in enumerate(panels)],
        "showlegend": any(len(panel.curves) > 1 for panel in panels), "meta": {"minimum_width": 300},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1 + 26 / height, "yanchor": "bottom", "font": {"size": theme.SMALL}},
    }  # fmt: skip
    for place, panel in enumerate(panels):
        layout[f"yaxis{place + 1}" if place else "yaxis"] = upright_axis(
            panel, 1 - place * (tall + APART) / height, tall / height
        ) | {"nticks": max(4, tall // 40)}
    return theme.figure(data, layout, title=title, mode=mode, body=height, head=76, feet=54)


def line(curve: Curve, colour_number: int, number: int, reports: Sequence[Sequence[int]], mode: Mode) -> dict[str, Any]:
    """One curve, the `number`th of its panel. A single point is marked, or nothing would be seen."""
    if len(curve.steps) != len(curve.values):
        raise ValueError(f"The curve {curve.name!r} has {len(curve.values)} values for {len(curve.steps)} steps.")
    colour, marked = theme.token_colour(colour_number), curve.dots or len(curve.steps) == 1
    return {
        "type": "scatter", "mode": "lines+markers" if marked else "lines", "name": escape(curve.name),
        "x": [int(step) for step in curve.steps], "y": [float(value) for value in curve.values],
        "line": {"color": colour, "width": 2.5, "dash": DASHES[number % len(DASHES)]},
        "marker": {"size": 8, "symbol": MARKS[number % len(MARKS)], "color": colour, "line": {"width": 1, "color": theme.INK[mode]}},
        "customdata": [list(report) for report in reports],
        "hovertemplate": f"{escape(curve.name)} %{{y:.4g}}<extra>%{{x:,}}</extra>",
    }  # fmt: skip


def steps_axis(title: str, last: int) -> dict[str, Any]:
    """The axis of the steps, from 0 to a little beyond the last."""
    text = {"text": escape(title), "standoff": 8}
    look = {"range": [0, max(1, last) * 1.02], "fixedrange": True, "showgrid": True, "nticks": 6, "tickformat": ",d"}
    return {"type": "linear", "title": text} | look


def upright_axis(panel: Panel, top: float, share: float) -> dict[str, Any]:
    """The vertical axis of a panel, which takes a `share` of the picture's height below `top`."""
    largest = max((float(value) for curve in panel.curves for value in curve.values), default=1.0)
    low, high = panel.span or (0.0, largest * 1.08 or 1.0)
    look = {"domain": [max(0.0, top - share), top], "range": [low, high], "fixedrange": True, "showgrid": True}
    hidden = {"text": escape(panel.name), "font": {"color": theme.TRANSPARENT, "size": 1}, "standoff": 0}
    return {"type": "linear", "title": hidden, "exponentformat": "power"} | look


def above(name: str, top: float, mode: Mode) -> dict[str, Any]:
    """The name of a panel, over its left edge."""
    where = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    font = {"size": theme.SMALL, "color": theme.MUTED[mode]}
    return where | {"y": top, "text": escape(name), "font": font, "borderpad": 3}


def shaded(phases: Sequence[tuple[str, int]], mode: Mode) -> dict[str, Any]:
    """The name of each phase above it, every second one on a shade."""
    shapes, names, first = [], [], 0
    for number, (name, last) in enumerate(phases):
        edges = {"xref": "x", "yref": "paper", "x0": first, "x1": last, "y0": 0, "y1": 1}
        paint = {"fillcolor": theme.PANEL[mode], "line": {"width": 0}, "layer": "below"}
        if number % 2:
            shapes.append({"type": "rect"} | edges | paint)
        where = {
            "xref": "x",
            "yref": "paper",
            "x": last
            if number and number == len(phases) - 1
            else first,  # the last one to the right, or it would run into the first
            "xanchor": "right" if number and number == len(phases) - 1 else "left",
            "y": 1,
            "yanchor": "bottom",
            "yshift": 18 * (number % 2),
            "showarrow": False,
        }
        font = {"size": theme.SMALL, "color": theme.MUTED[mode]}
        names.append(where | {"text": escape(name), "font": font, "borderpad": 2})
        first = last
    return {"shapes": shapes, "annotations": names}
