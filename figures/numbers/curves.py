"""Values along the layers as curves, in panels below each other that share the horizontal axis.

Curves differ in colour, mark and dash. A click on a point reports `[panel, curve, station]`, from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights
from figures.labels import escape
from figures.theme import Mode

PANEL, APART = 130, 26  # pixels of a panel, and between two
WIDTH = 46  # pixels of a station, so that its label fits
MARKS = ("circle", "square", "diamond", "triangle-up", "x")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves that share a vertical axis. A value that is NaN is left out."""

    name: str  # the axis title
    curves: Sequence[tuple[str, Weights]]  # a name, and a value for each station
    span: tuple[float, float] | None = None  # of the axis; otherwise from 0 to the largest value


def curves(
    panels: Sequence[Panel], stations: Sequence[str], *, axis_title: str, title: str, mode: Mode = "light",
    selected: tuple[int, int, int] | None = None,
) -> go.Figure:  # fmt: skip
    """Draw every curve over `stations`, plain labels in order, broken at their first space. `selected` rings the point (panel, curve, station)."""
    for panel in panels:
        for name, values in panel.curves:
            if len(values) != len(stations) or not len(stations):
                raise ValueError(f"The curve {name!r} has {len(values)} values for {len(stations)} stations.")
    height = PANEL * len(panels) + APART * (len(panels) - 1)
    data, number = [], 0
    for place, panel in enumerate(panels):
        for curve, (name, values) in enumerate(panel.curves):
            data.append(line(place, curve, number, name, values, stations, panel.name))
            number += 1
    if selected is not None:
        data += ring(panels, selected, mode)
    layout: dict[str, Any] = {
        "xaxis": stations_axis(stations, axis_title, len(panels)), "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "font": {"size": theme.SMALL}},
        "meta": {"minimum_width": max(320, 80 + WIDTH * len(stations))},
    }  # fmt: skip
    for place, panel in enumerate(panels):
        layout["yaxis" + suffix(place)] = upright_axis(panel, place, height)
    return theme.figure(data, layout, title=title, mode=mode, body=height, head=30 * (-(-number // 2)), feet=76)


def suffix(place: int) -> str:
    """How Plotly numbers its axes: "", "2", "3" ..."""
    return "" if place == 0 else str(place + 1)


def line(
    place: int, curve: int, number: int, name: str, values: Weights, stations: Sequence[str], unit: str
) -> dict[str, Any]:
    """One curve with its marks."""
    there = [station for station, value in enumerate(values) if np.isfinite(value)]
    colour = theme.token_colour(number)
    return {
        "type": "scatter", "mode": "lines+markers", "name": escape(name), "yaxis": "y" + suffix(place), "xaxis": "x",
        "x": there, "y": [float(values[station]) for station in there],
        "line": {"color": colour, "width": 2, "dash": DASHES[number % len(DASHES)]},
        "marker": {"size": 10, "symbol": MARKS[number % len(MARKS)], "color": colour},
        "customdata": [[place, curve, station] for station in there],
        "hovertext": [escape(f"{name}, {stations[station]}") for station in there],
        "hovertemplate": f"<b>%{{hovertext}}</b><br>{escape(unit)} %{{y:.4f}}<extra></extra>",
    }  # fmt: skip


def ring(panels: Sequence[Panel], selected: tuple[int, int, int], mode: Mode) -> list[dict[str, Any]]:
    """A ring around the chosen point."""
    place, curve, station = selected
    value = float(panels[place].curves[curve][1][station])
    look = {"size": 18, "symbol": "circle-open", "color": theme.ACCENT[mode], "line": {"width": 3}}
    axes = {"xaxis": "x", "yaxis": "y" + suffix(place), "showlegend": False, "hoverinfo": "skip"}
    return [{"type": "scatter", "mode": "markers", "x": [station], "y": [value], "marker": look} | axes]


def stations_axis(stations: Sequence[str], title: str, panels: int) -> dict[str, Any]:
    """The axis below the lowest panel."""
    ticks = {
        "tickmode": "array",
        "tickvals": list(range(len(stations))),
        "ticktext": [broken(text) for text in stations],
    }
    text = {"text": escape(title), "standoff": 8}
    place = {"anchor": "y" + suffix(panels - 1), "range": [-0.5, len(stations) - 0.5], "fixedrange": True}
    return {"type": "linear", "title": text, "showgrid": True, "tickangle": 0} | ticks | place


def broken(text: str) -> str:
    """A label in two lines."""
    return escape(text).replace(" ", "<br>", 1)


def upright_axis(panel: Panel, place: int, height: int) -> dict[str, Any]:
    """The vertical axis of a panel."""
    top = 1 - place * (PANEL + APART) / height
    largest = max((float(np.nanmax(values)) for _, values in panel.curves), default=1.0)
    low, high = panel.span or (0.0, largest * 1.1 or 1.0)
    look = {"domain": [max(0.0, top - PANEL / height), top], "range": [low, high], "fixedrange": True, "showgrid": True}
    return {"type": "linear", "title": {"text": escape(panel.name), "standoff": 6}, "nticks": 6} | look
