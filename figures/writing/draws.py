"""Translations that were drawn by lot: how often each came, and how often it was to be expected.

The bar of a translation is the number of draws that wrote it; the upright stroke is its chance of being drawn, as a number of draws. A row
for all the others may stand below. A click reports `[row]`, from 0; the row of the others cannot be clicked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from figures import theme
from figures.labels import escape, shorten
from figures.theme import Mode

ROW = 40  # pixels of a translation with its bar
LIMIT = 44  # characters of a translation
BAR = 0.18  # from the middle of a row down to the middle of its bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One translation, or all the others together."""

    text: str
    sign: str = ""  # before the text: the beam's own, the one that is walked through
    count: int
    expected: float | None = None  # chance times draws; None for all the others
    others: bool = False


def draws(
    rows: Sequence[Row], *, axis_title: str, title: str, mode: Mode = "light", selected: int | None = None
) -> go.Figure:
    """One row for each translation, the first on top; `axis_title` names the draws."""
    if not rows:
        raise ValueError("There must be at least one translation to show.")
    expected = [(row.expected, place) for place, row in enumerate(rows) if row.expected is not None]
    longest = max(max(row.count for row in rows), *(value for value, _ in expected), 1)
    places = list(range(len(rows)))
    bars = {
        "type": "bar", "orientation": "h", "x": [row.count for row in rows], "y": [place + BAR for place in places],
        "width": 0.36, "hoverinfo": "skip",
        "marker": {
            "color": [theme.PANEL[mode] if row.others else theme.token_colour(0) for row in rows],
            "line": {"color": theme.MUTED[mode], "width": 1},
        },
    }  # fmt: skip
    layout = {
        "xaxis": {
            "title": {"text": escape(axis_title), "standoff": 6}, "range": [0, longest * 1.1], "fixedrange": True,
            "showgrid": True, "nticks": 6,
        },
        "yaxis": {"visible": False, "fixedrange": True, "range": [len(rows) - 0.5, -0.6]},
        "annotations": [over(place, row, mode) for place, row in enumerate(rows)],
        "shapes": framed(selected, mode), "meta": {"minimum_width": 340},
    }  # fmt: skip
    data = [bars, strokes(expected, mode), counted(rows), touched(rows, longest)]
    return theme.figure(data, layout, title=title, mode=mode, body=ROW * len(rows) + 8, feet=48)


def strokes(expected: Sequence[tuple[float, int]], mode: Mode) -> dict[str, Any]:
    """Where each bar was to be expected to end."""
    across = [x for value, _ in expected for x in (value, value, None)]
    down = [y for _, place in expected for y in (place + BAR - 0.27, place + BAR + 0.27, None)]
    line = {"color": theme.ACCENT[mode], "width": 3}
    return {"type": "scatter", "mode": "lines", "x": across, "y": down, "line": line, "hoverinfo": "skip"}


def counted(rows: Sequence[Row]) -> dict[str, Any]:
    """The number behind each bar and its stroke."""
    return {
        "type": "scatter", "mode": "text", "hoverinfo": "skip", "cliponaxis": False, "textposition": "middle right",
        "x": [max(row.count, row.expected or 0) for row in rows], "y": [place + BAR for place in range(len(rows))],
        "text": [f" {row.count}" for row in rows], "textfont": {"size": theme.SMALL},
    }  # fmt: skip


def touched(rows: Sequence[Row], longest: float) -> dict[str, Any]:
    """The whole row of a translation can be clicked, although its bar may be short."""
    places = [place for place, row in enumerate(rows) if not row.others]
    return {
        "type": "bar", "orientation": "h", "x": [longest * 1.1] * len(places), "y": places, "width": 1,
        "marker": {"color": theme.TRANSPARENT}, "customdata": [[place] for place in places],
        "hovertext": [escape(rows[place].text) for place in places],
        "hovertemplate": "<b>%{hovertext}</b><extra></extra>",
    }  # fmt: skip


def over(place: int, row: Row, mode: Mode) -> dict[str, Any]:
    """The translation over its bar, at the left edge of the picture."""
    text = escape(shorten(row.text, LIMIT - len(row.sign)))
    told = f"<b>{escape(row.sign)} {text}</b>" if row.sign else text
    font = {"size": theme.SMALL, "color": theme.MUTED[mode] if row.others else theme.INK[mode]}
    side = {"xref": "paper", "x": 0, "xanchor": "left", "yanchor": "bottom", "showarrow": False, "align": "left"}
    return side | {"y": place - 0.02, "text": told, "font": font}


def framed(selected: int | None, mode: Mode) -> list[dict[str, Any]]:
    """The frame of the translation that is walked through."""
    if selected is None:
        return []
    edges = {"x0": 0, "x1": 1, "xref": "paper", "y0": selected - 0.5, "y1": selected + 0.5}
    return [{"type": "rect", "line": {"color": theme.ACCENT[mode], "width": 2}} | edges]
