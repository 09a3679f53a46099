"""One thing changed at a time: what each change came to, as dots in rows, in two panels beside each other that group them alike.

A click on a dot reports `[panel, row]`, counted from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from figures import theme
from figures.labels import escape
from figures.theme import Mode

ROW = 15.5  # pixels
PANELS = ((0.0, 0.43), (0.7, 1.0))  # of the width; the names of the second stand between them
DOT, MEAN = 6, 11  # pixels of a single run, and of the mean of several


@dataclass(frozen=True, slots=True)
class Row:
    """A change, and what came of it: one value for each run, none if it was not tried yet."""

    part: str  # rows of one part stand together, beside those of the same part in the other panel; "" is the base
    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows that share an axis."""

    title: str
    axis: str
    rows: Sequence[Row]


def rows(
    panels: tuple[Panel, Panel], *, parts: Sequence[str], title: str, axis: str, mode: Mode = "light",
    selected: tuple[int, int] | None = None,
) -> go.Figure:  # fmt: skip
    """Each row a line, in the order of `parts`; the base's values go down through all of them as a band. `axis` names the rows."""
    places, count = slots(panels, parts)
    layout: dict[str, Any] = {"shapes": [], "annotations": [], "meta": {"minimum_width": 520}}
    data = []
    for at, panel in enumerate(panels):
        layout |= axes(panel, at, places[at], count, axis)
        layout["annotations"].append(heading(panel, at))
        layout["shapes"] += band(panel, at, mode)
        if selected and selected[0] == at:
            layout["shapes"].append(marked(at, places[at][selected[1]], mode))
        data += [runs(panel, at, places[at]), means(panel, at, places[at], selected, mode)]
    layout["shapes"] += borders(panels, parts, mode)
    return theme.figure(data, layout, title=title, mode=mode, body=round(ROW * count), head=22, feet=46)


def slots(panels: tuple[Panel, Panel], parts: Sequence[str]) -> tuple[list[list[int]], int]:
    """The line of each row of each panel, and how many lines there are: each part has as many as its longer side."""
    found: list[list[int]] = [[0] * len(panel.rows) for panel in panels]
    first = 0
    for part in parts:
        sides = [[number for number, row in enumerate(panel.rows) if row.part == part] for panel in panels]
        for at, side in enumerate(sides):
            for line, number in enumerate(side):
                found[at][number] = first + line
        first += max(map(len, sides))
    return found, first


def suffix(at: int) -> str:
    """Plotly's number of an axis."""
    return "" if at == 0 else str(at + 1)


def axes(panel: Panel, at: int, places: Sequence[int], count: int, axis: str) -> dict[str, Any]:
    """Both axes of a panel. A part's letter stands before its first name."""
    texts, told = [], set()
    for row in panel.rows:
        texts.append(f"<b>{escape(row.part)}</b>  {escape(row.name)}" if row.part not in told else escape(row.name))
        told.add(row.part)
    across = {
        "title": {"text": escape(panel.axis), "standoff": 4},
        "domain": list(PANELS[at]),
        "anchor": f"y{suffix(at)}",
    }
    down = {
        "title": {"text": "" if at else escape(axis), "standoff": 4}, "tickvals": list(places), "ticktext": texts, "range": [count - 0.4, -0.6],
        "anchor": f"x{suffix(at)}",
    }  # fmt: skip
    return {
        f"xaxis{suffix(at)}": across | {"fixedrange": True, "showgrid": True, "nticks": 5, "range": list(ends(panel))},
        f"yaxis{suffix(at)}": down | {"fixedrange": True},
    }


def ends(panel: Panel) -> tuple[float, float]:
    """The ends of the axis of values."""
    values = [value for row in panel.rows for value in row.values] or [0.0, 1.0]
    edge = 0.08 * (max(values) - min(values) or 1.0)
    return min(values) - edge, max(values) + edge


def heading(panel: Panel, at: int) -> dict[str, Any]:
    """What a panel holds, over it."""
    where = {
        "xref": "paper",
        "x": PANELS[at][0],
        "xanchor": "left",
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "yshift": 2,
    }
    return where | {"text": f"<b>{escape(panel.title)}</b>", "showarrow": False, "font": {"size": theme.SMALL}}


def band(panel: Panel, at: int, mode: Mode) -> list[dict[str, Any]]:
    """From the base's lowest run to its highest, down through all rows; and its mean."""
    values = next((row.values for row in panel.rows if not row.part and row.values), ())
    if not values:
        return []
    where = {"xref": f"x{suffix(at)}", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    middle = sum(values) / len(values)
    shade = {"type": "rect", "x0": min(values), "x1": max(values), "fillcolor": theme.GRID[mode], "line": {"width": 0}}
    line = {
        "type": "line",
        "x0": middle,
        "x1": middle,
        "line": {"color": theme.MUTED[mode], "width": 1.5, "dash": "dash"},
    }
    return [shade | where, line | where]


def marked(at: int, line: int, mode: Mode) -> dict[str, Any]:
    """A frame around the chosen row."""
    frame = {
        "type": "rect",
        "xref": f"x{suffix(at)} domain",
        "x0": 0,
        "x1": 1,
        "yref": f"y{suffix(at)}",
        "y0": line - 0.48,
        "y1": line + 0.48,
    }
    return frame | {"line": {"color": theme.ACCENT[mode], "width": 2}, "fillcolor": theme.TRANSPARENT}


def borders(panels: tuple[Panel, Panel], parts: Sequence[str], mode: Mode) -> list[dict[str, Any]]:
    """A thin line between two parts."""
    found, first = [], 0
    for part in parts[:-1]:
        first += max(sum(row.part == part for row in panel.rows) for panel in panels)
        found.append({
            "type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": first - 0.5, "y1": first - 0.5, "layer": "below",
            "line": {"color": theme.GRID[mode], "width": 1},
        })  # fmt: skip
    return found


def runs(panel: Panel, at: int, places: Sequence[int]) -> dict[str, Any]:
    """Every single run of rows that have several, small."""
    told = [(number, value) for number, row in enumerate(panel.rows) if len(row.values) > 1 for value in row.values]
    return dots(panel, at, places, told) | {"marker": {"size": DOT, "color": theme.token_colour(4), "opacity": 0.9}}


def means(panel: Panel, at: int, places: Sequence[int], selected: tuple[int, int] | None, mode: Mode) -> dict[str, Any]:
    """The mean of each row."""
    told = [(number, sum(row.values) / len(row.values)) for number, row in enumerate(panel.rows) if row.values]
    chosen = [selected == (at, number) for number, _ in told]
    look = {
        "size": MEAN, "symbol": "circle" if at == 0 else "diamond", "color": theme.token_colour(0 if at == 0 else 1), "opacity": 1,
        "line": {"color": [theme.ACCENT[mode] if one else theme.INK[mode] for one in chosen], "width": [3 if one else 1 for one in chosen]},
    }  # fmt: skip
    return dots(panel, at, places, told) | {"marker": look}


def dots(panel: Panel, at: int, places: Sequence[int], told: Sequence[tuple[int, float]]) -> dict[str, Any]:
    """Values (row, value) at their lines."""
    return {
        "type": "scatter", "mode": "markers", "cliponaxis": False, "xaxis": f"x{suffix(at)}", "yaxis": f"y{suffix(at)}",
        "x": [value for _, value in told], "y": [places[number] for number, _ in told],
        "customdata": [[at, number] for number, _ in told],
        "hovertext": [f"<b>{escape(panel.rows[number].name)}</b><br>{value:.4g}" for number, value in told],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip
