"""What was measured over a size: lines with the band between their quantiles, the theory's line, single points; axes even or by powers.

Series differ in colour, mark and dash. A click reports `[series, point]`, from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights
from figures.labels import escape
from figures.theme import Mode

BODY, FEET = 250, 56  # pixels of the plot, and below it
MARKS = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down")
DASHES = ("solid", "dash", "longdash", "dashdot")
LETTER = 8.2  # pixels, in the legend
Look = Literal["line", "points", "theory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Values `y` over `x`, of one length."""

    name: str
    x: Weights
    y: Weights
    look: Look = "line"  # a line with marks; points alone; or a thin dotted line that nothing can be clicked on
    band: tuple[Weights, Weights] | None = None  # low and high
    said: Sequence[str] = ()  # what the mouse says of each point; otherwise the series' name
    style: int | None = (
        None  # colour, mark and dash, where the same thing looks the same in several pictures; otherwise its place
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis: by powers if `log`, with marks only at `ticks` if there are any."""

    title: str
    log: bool = False
    ticks: Sequence[float] = ()


def measured(
    series: Sequence[Series], axes: tuple[Axis, Axis], *, title: str, mode: Mode = "light", selected: tuple[int, int] | None = None,
    body: int = BODY,
) -> go.Figure:  # fmt: skip
    """Draw every series over the axes (across, up). `selected` rings the point (series, point)."""
    for each in series:
        parts = [each.x, each.y, *(each.band or ())]
        if (
            not len(each.x)
            or len({len(part) for part in parts}) > 1
            or not all(np.isfinite(part).all() for part in parts)
        ):
            raise ValueError(f"The series {each.name!r} needs finite values, at least one, and as many of each.")
    data = [trace for place, each in enumerate(series) if each.band for trace in band(place, each)]
    data += [theory(each, mode) if each.look == "theory" else drawn(place, each) for place, each in enumerate(series)]
    if selected is not None:
        data.append(ring(series[selected[0]], selected[1], mode))
    layout: dict[str, Any] = {
        "xaxis": axis(axes[0], [each.x for each in series]), "yaxis": axis(axes[1], [part for each in series for part in heights(each)]),
        "showlegend": True, "legend": {
            "orientation": "h", "traceorder": "normal", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "font": {"size": theme.SMALL},
        },
        "meta": {"minimum_width": 320},
    }  # fmt: skip
    return theme.figure(data, layout, title=title, mode=mode, body=body, head=legend_height(series), feet=FEET)


def heights(each: Series) -> list[Weights]:
    """All that has to fit between the ends of the upright axis."""
    return [each.y, *(each.band or ())]


def legend_height(series: Sequence[Series]) -> int:
    """Pixels for the legend, on a telephone."""
    rows, used = 1, 0.0
    for each in series:
        wide = 44 + LETTER * len(each.name)
        if used and used + wide > 520:
            rows, used = rows + 1, 0.0
        used += wide
    return 8 + 22 * rows


def style(place: int, each: Series) -> int:
    """The number of its colour, its mark and its dash."""
    return place if each.style is None else each.style


def drawn(place: int, each: Series) -> dict[str, Any]:
    """A line with its marks, or the marks alone."""
    points = each.look == "points"
    said, look = each.said or [each.name] * len(each.x), style(place, each)
    colour = theme.token_colour(look)
    mark = {"size": 8 if points else 9, "symbol": MARKS[look % len(MARKS)], "color": colour}
    return {
        "type": "scatter", "mode": "markers" if points else "lines+markers", "name": escape(each.name),
        "x": [float(value) for value in each.x], "y": [float(value) for value in each.y],
        "line": {"color": colour, "width": 2, "dash": DASHES[look % len(DASHES)]},
        "marker": mark | {"opacity": 0.6 if points else 1},
        "customdata": [[place, point] for point in range(len(each.x))], "hovertext": [escape(text) for text in said],
        "hovertemplate": "<b>%{hovertext}</b><br>%{x:.4~g}: %{y:.4~g}<extra></extra>",
    }  # fmt: skip


def theory(each: Series, mode: Mode) -> dict[str, Any]:
    """A thin dotted line without marks."""
    return {
        "type": "scatter", "mode": "lines", "name": escape(each.name), "hoverinfo": "skip", "x": [float(value) for value in each.x],
        "y": [float(value) for value in each.y], "line": {"color": theme.INK[mode], "width": 1.5, "dash": "dot"},
    }  # fmt: skip


def band(place: int, each: Series) -> list[dict[str, Any]]:
    """What lies between low and high, as a faint ground behind the lines."""
    low, high = each.band or (each.y, each.y)
    around = {
        "x": [float(value) for value in [*each.x, *each.x[::-1]]], "y": [float(value) for value in [*low, *high[::-1]]],
        "fill": "toself", "fillcolor": faint(theme.token_colour(style(place, each))), "line": {"width": 0},
    }  # fmt: skip
    return [{"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False, **around}]


def faint(text: str) -> str:
    """The same colour, nearly transparent."""
    red, green, blue = theme.rgb(text)
    return f"rgba({red},{green},{blue},0.15)"


def ring(each: Series, point: int, mode: Mode) -> dict[str, Any]:
    """A ring around the chosen point."""
    look = {"size": 18, "symbol": "circle-open", "color": theme.ACCENT[mode], "line": {"width": 3}}
    where = {"x": [float(each.x[point])], "y": [float(each.y[point])]}
    return {"type": "scatter", "mode": "markers", "showlegend": False, "hoverinfo": "skip", "marker": look} | where


def axis(kind: Axis, parts: Sequence[Weights]) -> dict[str, Any]:
    """One axis that holds all of `parts`, with a little room around them."""
    values = np.concatenate([np.asarray(part, dtype=np.float64) for part in parts])
    values = np.log10(values[values > 0]) if kind.log else values
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    room = 0.05 * ((high - low) or 1.0)
    texts = [f"{tick:g}" for tick in kind.ticks]
    marks = {"tickmode": "array", "tickvals": list(kind.ticks), "ticktext": texts, "tickangle": 0} if texts else {}
    return {
        "type": "log" if kind.log else "linear", "range": [low - room, high + room], "fixedrange": True, "showgrid": True,
        "title": {"text": escape(kind.title), "standoff": 6}, "nticks": 7,
    } | marks  # fmt: skip
