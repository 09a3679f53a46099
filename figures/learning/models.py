"""Models as points: how large each is, and how well it translates; the shape tells what it was trained on.

A click on a point reports the model's number, counted from 0.
"""

import math
import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go

from figures import theme
from figures.labels import escape, shorten
from figures.numbers.curves import MARKS
from figures.numbers.scatter import LETTER, LINE, Box, free, legend
from figures.theme import Mode

HEIGHT, WIDTH = 300, 560  # pixels of the plot; a name finds its place as if it were that wide
UNDER = -14.0  # where the points without a score lie
NAME = 24  # letters of a name


class Point(NamedTuple):
    """A model."""

    name: str
    parameters: int
    score: float | None  # per cent; `None` if it was never measured
    group: str  # what it was trained on


def sizes(
    points: Sequence[Point], *, axes: tuple[str, str], unmeasured: str, title: str, mode: Mode = "light",
    selected: int | None = None,
) -> go.Figure:  # fmt: skip
    """The size goes from left to right, ten times as large at each step; the score upwards. `selected` is ringed and in bold.

    `axes` names size and score; `unmeasured` is said of the points without a score, which lie below the axis.
    """
    if not points:
        raise ValueError("Expected at least one model.")
    logs = [math.log10(max(1, point.parameters)) for point in points]
    span = [min(logs) - 0.35, max(logs) + 0.35]
    lowest = -24.0 if any(point.score is None for point in points) else -4.0
    ticks = [0, 20, 40, 60, 80, 100]
    words = [*map(str, ticks), escape(unmeasured)] if lowest < -20 else [*map(str, ticks)]
    groups = list(dict.fromkeys(point.group for point in points))
    layout = {
        "xaxis": {"type": "log", "range": span, "fixedrange": True, "showgrid": True, "title": {"text": escape(axes[0]), "standoff": 8}}
        | decades(span),
        "yaxis": {"range": [lowest, 108], "fixedrange": True, "showgrid": True, "title": {"text": escape(axes[1]), "standoff": 8},
                  "tickvals": [*ticks, UNDER][: len(words)], "ticktext": words},
        "annotations": names(points, span, lowest, selected, mode), "meta": {"minimum_width": 340},
    } | legend()  # fmt: skip
    traces = [
        marks(points, group, MARKS[place % len(MARKS)], place, selected, mode) for place, group in enumerate(groups)
    ]
    return theme.figure(traces, layout, title=title, mode=mode, body=HEIGHT, feet=92)


def height(point: Point) -> float:
    """Where it lies."""
    return UNDER if point.score is None else point.score


def decades(span: list[float]) -> dict[str, Any]:
    """The marks of the axis: 1, 2 and 5 in each power of ten, fewer if it is wide."""
    steps = (1, 2, 5) if span[1] - span[0] < 1.6 else (1, 3) if span[1] - span[0] < 3 else (1,)
    powers = range(math.floor(span[0]), math.ceil(span[1]) + 1)
    values = [step * 10**power for power in powers for step in steps]
    return {"tickvals": values, "ticktext": [spelled(value) for value in values]}


def spelled(number: float) -> str:
    """20K, 2M."""
    for size, letter in ((10**9, "G"), (10**6, "M"), (10**3, "K")):
        if number >= size:
            return f"{number / size:g}{letter}"
    return f"{number:g}"


def marks(
    points: Sequence[Point], group: str, symbol: str, place: int, selected: int | None, mode: Mode
) -> dict[str, Any]:
    """The points of one group."""
    members = [number for number, point in enumerate(points) if point.group == group]
    edges = [theme.ACCENT[mode] if number == selected else theme.INK[mode] for number in members]
    look = {
        "symbol": symbol, "color": theme.token_colour(place), "opacity": 1,
        "size": [19 if number == selected else 13 for number in members],
        "line": {"color": edges, "width": [4 if number == selected else 1 for number in members]},
    }  # fmt: skip
    return {
        "type": "scatter", "mode": "markers", "marker": look, "cliponaxis": False, "name": escape(shorten(group, 30)),
        "x": [points[number].parameters for number in members], "y": [height(points[number]) for number in members],
        "customdata": [[number] for number in members],
        "hovertext": [told(points[number]) for number in members], "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip


def told(point: Point) -> str:
    """What the mouse is told."""
    score = "" if point.score is None else f"<br>{point.score:.1f}"
    return f"<b>{escape(point.name)}</b><br>{point.parameters:,}{score}"


def names(
    points: Sequence[Point], span: list[float], lowest: float, selected: int | None, mode: Mode
) -> list[dict[str, Any]]:
    """A name beside each point that has room for one; the chosen one first."""
    across, up = WIDTH / (span[1] - span[0]), HEIGHT / (108 - lowest)
    pixels = [(math.log10(max(1, point.parameters)) * across, -height(point) * up) for point in points]
    taken: list[Box] = [(x - 8, y - 8, x + 8, y + 8) for x, y in pixels]
    left, right = span[0] * across, span[1] * across
    taken += [(left - 900, -9e9, left, 9e9), (right, -9e9, right + 900, 9e9)]  # a name stays inside
    notes = []
    for number in sorted(range(len(points)), key=lambda number: number != selected):
        text = shorten(points[number].name, NAME)
        shift = free(pixels[number], wide(text) * LETTER + 4, taken)
        if shift is not None:
            notes.append(note(points[number], text, shift, number == selected, mode))
    return notes


def wide(text: str) -> int:
    """How many letters it is as wide as: those of Korean count twice."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def note(point: Point, text: str, shift: tuple[float, float], chosen: bool, mode: Mode) -> dict[str, Any]:
    """A name, with a thin line to its point."""
    line = {"showarrow": True, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": theme.MUTED[mode], "standoff": 7}
    place = {"x": math.log10(max(1, point.parameters)), "y": height(point), "ax": shift[0], "ay": shift[1]}
    said = f"<b>{escape(text)}</b>" if chosen else escape(text)
    font = {"size": theme.SMALL, "color": theme.ACCENT[mode] if chosen else theme.INK[mode]}
    return place | line | {"text": said, "font": font, "height": LINE}
