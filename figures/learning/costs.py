"""Quality against cost: panels below each other, each with its own axes, for marks of one panel are no match for another's.

A click on a mark reports `[panel, mark]`, counted from 0.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import plotly.graph_objects as go

from figures import theme
from figures.labels import escape, shorten
from figures.numbers.scatter import LETTER, LINE, Box, free, legend
from figures.theme import Mode

HEIGHTS, APART = (164, 90), 72  # pixels of the panels, and between two
WIDTH = 500  # pixels of a panel, as the names find their places
NAME = 26  # letters of a name
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross")


class Mark(NamedTuple):
    """A model: what its training cost, in operations (`None` where nobody says), and how well it does."""

    name: str
    cost: float | None
    score: float
    kind: str  # its shape and colour; named below the picture
    hollow: bool = False
    least: bool = False  # it cost at least that much


@dataclass(frozen=True, slots=True)
class Panel:
    """One exam: only its own marks can be compared."""

    title: str
    axes: tuple[str, str]  # cost and score
    marks: Sequence[Mark]
    span: tuple[float, float] | None = None  # of the scores; otherwise a little more than they take


def panels(
    shown: Sequence[Panel], *, kinds: Sequence[str], unknown: str, title: str, mode: Mode = "light",
    selected: tuple[int, int] | None = None,
) -> go.Figure:  # fmt: skip
    """The cost from left to right, ten times as much at each step; the score upwards. `selected` (panel, mark) is ringed.

    `kinds` gives each kind of mark its shape and colour, whatever marks there are.
    A mark whose cost nobody says stands at the left, over the word `unknown`. A panel without marks is drawn empty.
    """
    body = sum(HEIGHTS[: len(shown)]) + APART * (len(shown) - 1)
    layout: dict[str, Any] = {"annotations": [], "meta": {"minimum_width": 500}} | legend()
    data, upper = [], 0
    for place, panel in enumerate(shown):
        span, lower = costs(panel), upper + HEIGHTS[place]
        chosen = selected[1] if selected and selected[0] == place else None
        layout |= axes(panel, place, span, (1 - lower / body, 1 - upper / body), unknown)
        layout["annotations"] += [heading(panel, upper, body, mode), *names(panel, place, span, chosen, mode)]
        data += [marks(panel, place, kind, kinds, span, chosen, mode) for kind in kinds]
        upper = lower + APART
    seen: set[str] = set()
    for trace in data:
        trace["showlegend"] = bool(trace["x"]) and trace["name"] not in seen
        seen |= {trace["name"]} if trace["x"] else set()
    return theme.figure(data, layout, title=title, mode=mode, body=body, head=24, feet=76)


def suffix(place: int) -> str:
    """Plotly's number of an axis."""
    return "" if place == 0 else str(place + 1)


def costs(panel: Panel) -> tuple[float, float]:
    """Powers of ten from end to end of the axis; costs that nobody says stand left of all others."""
    logs = [math.log10(mark.cost) for mark in panel.marks if mark.cost] or [0.0, 1.0]
    room = 0.4 if any(mark.cost is None for mark in panel.marks) else 0.0
    return min(logs) - 0.3 - room, max(logs) + 0.3


def scores(panel: Panel) -> tuple[float, float]:
    """The ends of the axis of scores."""
    values = [mark.score for mark in panel.marks] or [0.0, 1.0]
    edge = 0.18 * (max(values) - min(values) or 1.0)
    return panel.span or (min(values) - edge, max(values) + edge)


def at(mark: Mark, span: tuple[float, float]) -> float:
    """Where it stands from left to right."""
    return mark.cost or 10 ** (span[0] + 0.25)


def axes(
    panel: Panel, place: int, span: tuple[float, float], domain: tuple[float, float], unknown: str
) -> dict[str, Any]:
    """Both axes of a panel."""
    powers = range(math.ceil(span[0]), math.floor(span[1]) + 1)
    ticks = {10.0**power: f"10<sup>{power}</sup>" for power in powers}
    if any(mark.cost is None for mark in panel.marks):
        left = 10 ** (span[0] + 0.25)
        ticks = {left: escape(unknown)} | {value: text for value, text in ticks.items() if value > 2.5 * left}
    across = {
        "type": "log",
        "range": list(span),
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
        "anchor": f"y{suffix(place)}",
    }
    up = {
        "range": list(scores(panel)),
        "domain": [max(0.0, domain[0]), domain[1]],
        "anchor": f"x{suffix(place)}",
        "nticks": 5,
    }
    rest = {"fixedrange": True, "showgrid": True}
    return {
        f"xaxis{suffix(place)}": across | rest | {"title": {"text": escape(panel.axes[0]), "standoff": 4}},
        f"yaxis{suffix(place)}": up | rest | {"title": {"text": escape(panel.axes[1]), "standoff": 8}},
    }


def heading(panel: Panel, upper: int, body: int, mode: Mode) -> dict[str, Any]:
    """What exam it is, over the panel."""
    font = {"size": theme.SMALL, "color": theme.INK[mode]}
    where = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "y": 1 - upper / body, "yanchor": "bottom"}
    return {
        "text": f"<b>{escape(panel.title)}</b>",
        "showarrow": False,
        "font": font,
        "align": "left",
        "yshift": 3,
    } | where


def marks(
    panel: Panel, place: int, kind: str, kinds: Sequence[str], span: tuple[float, float], chosen: int | None, mode: Mode
) -> dict[str, Any]:
    """The marks of one kind in one panel. A hollow one is filled with the ground, its edge has the colour."""
    own = [number for number, mark in enumerate(panel.marks) if mark.kind == kind]
    colour, ground = theme.token_colour(kinds.index(kind)), theme.BACKGROUND[mode]
    look = {
        "symbol": SHAPES[kinds.index(kind) % len(SHAPES)], "opacity": 1,
        "color": [ground if panel.marks[number].hollow else colour for number in own],
        "size": [17 if number == chosen else 12 for number in own],
        "line": {
            "color": [theme.ACCENT[mode] if number == chosen else colour if panel.marks[number].hollow else theme.INK[mode] for number in own],
            "width": [4 if number == chosen else 2.5 if panel.marks[number].hollow else 1 for number in own],
        },
    }  # fmt: skip
    return {
        "type": "scatter", "mode": "markers", "marker": look, "cliponaxis": False, "name": escape(shorten(kind, 30)), "legendgroup": kind,
        "xaxis": f"x{suffix(place)}", "yaxis": f"y{suffix(place)}",
        "x": [at(panel.marks[number], span) for number in own], "y": [panel.marks[number].score for number in own],
        "customdata": [[place, number] for number in own],
        "hovertext": [told(panel.marks[number]) for number in own], "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip


def told(mark: Mark) -> str:
    """What the mouse is told."""
    cost = "?" if mark.cost is None else f"{'≥ ' if mark.least else ''}{mark.cost:.1e}"
    return f"<b>{escape(mark.name)}</b><br>{mark.score:g}<br>{cost}"


def names(panel: Panel, place: int, span: tuple[float, float], chosen: int | None, mode: Mode) -> list[dict[str, Any]]:
    """A name beside each mark that has room for one; the chosen one's comes first."""
    low, high = scores(panel)
    across, up = WIDTH / (span[1] - span[0]), HEIGHTS[place] / (high - low)
    pixels = [(math.log10(at(mark, span)) * across, -mark.score * up) for mark in panel.marks]
    taken: list[Box] = [(x - 8, y - 8, x + 8, y + 8) for x, y in pixels]
    left, right = span[0] * across, span[1] * across
    taken += [(left - 900, -9e9, left, 9e9), (right, -9e9, right + 900, 9e9)]  # a name stays inside
    taken += [(left, -9e9, right, -high * up), (left, -low * up, right, 9e9)]
    notes = []
    for number in sorted(range(len(panel.marks)), key=lambda number: number != chosen):
        mark = panel.marks[number]
        text = f"{'≥ ' if mark.least else ''}{shorten(mark.name, NAME)}"
        if shift := free(pixels[number], len(text) * LETTER + 4, taken):
            notes.append(note(mark, text, (place, at(mark, span)), shift, number == chosen, mode))
    return notes


def note(
    mark: Mark, text: str, where: tuple[int, float], shift: tuple[float, float], chosen: bool, mode: Mode
) -> dict[str, Any]:
    """A name, with a thin line to its mark."""
    line = {"showarrow": True, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": theme.MUTED[mode], "standoff": 7}
    place = {"xref": f"x{suffix(where[0])}", "yref": f"y{suffix(where[0])}", "x": math.log10(where[1]), "y": mark.score}
    font = {"size": theme.SMALL, "color": theme.ACCENT[mode] if chosen else theme.INK[mode]}
    said = f"<b>{escape(text)}</b>" if chosen else escape(text)
    return place | line | {"ax": shift[0], "ay": shift[1], "text": said, "font": font, "height": LINE}
