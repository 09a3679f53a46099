"""Bars: how the tokenizer scores its ways to cut a sentence, and how likely the model finds each next piece."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights
from figures.labels import escape, shorten
from figures.theme import Mode

LIMIT = 42  # characters of a label, which stands over its bar and so may use the width of a telephone
ROW = 46  # pixels of a label with its bar


def bars(
    labels: Sequence[str], values: Weights | Sequence[float], *, title: str, axis_title: str, mode: Mode = "light",
    selected: int | None = None, limit: float | None = None, row: int = ROW, mark: float | None = None,
) -> go.Figure:  # fmt: skip
    """One bar per label, first on top, from 0 to its value. `selected` alone keeps its full colour.

    Labels are plain text, shown as they are; a label with its bar takes `row` pixels. The axis reaches `limit`; a `mark` is a dashed
    line through all bars. A click reports the bar's row, from 0.
    """
    numbers = [float(value) for value in values]
    if len(labels) != len(numbers) or not numbers:
        raise ValueError(
            f"Expected one value for each label, at least one; got {len(labels)} labels and {len(numbers)} values."
        )
    layout = {
        "xaxis": {
            "title": {"text": escape(axis_title), "standoff": 8},
            "range": span(numbers, limit),
            "fixedrange": True,
            "showgrid": True,
            "nticks": 5,
        },
        "yaxis": {"visible": False, "fixedrange": True, "range": [len(numbers) - 0.4, -0.75]},
        "annotations": [over(place, label, mode) for place, label in enumerate(labels)],
    }
    if mark is not None:
        layout |= {"shapes": [across(mark, mode)]}
    trace = bar_trace(labels, numbers, escape(axis_title), selected)
    return theme.figure([trace], layout, title=title, mode=mode, body=row * len(numbers) + 12, feet=52)


def bar_trace(labels: Sequence[str], numbers: list[float], name: str, selected: int | None) -> dict[str, Any]:
    """The bars with their numbers."""
    rows = list(range(len(numbers)))
    opacity = [1.0 if selected in (None, row) else 0.45 for row in rows]
    look = {"width": 0.4, "marker": {"color": theme.token_colour(0), "opacity": opacity}, "cliponaxis": False}
    text = {
        "text": [f"{number:.4g}" for number in numbers],
        "textposition": "outside",
        "textfont": {"size": theme.SMALL},
    }
    fit = {"textangle": 0, "constraintext": "none"}
    hover = f"<b>%{{hovertext}}</b><br>{name} %{{x:.6g}}<extra></extra>"
    touch = {"hovertext": [escape(label) for label in labels], "hovertemplate": hover, "customdata": rows}
    return {"type": "bar", "orientation": "h", "x": numbers, "y": rows} | look | text | fit | touch


def across(value: float, mode: Mode) -> dict[str, Any]:
    """A dashed line through all bars at a value."""
    line = {"color": theme.INK[mode], "width": 2, "dash": "dash"}
    return {"type": "line", "x0": value, "x1": value, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def span(numbers: list[float], limit: float | None) -> list[float]:
    """The range of the axis: zero, every number, and room for the text at the end of a bar."""
    low, high = min(0.0, *numbers, limit or 0.0), max(0.0, *numbers, limit or 0.0)
    return [low * 1.22, high * 1.22] if low or high else [0.0, 1.0]


def over(row: int, label: str, mode: Mode) -> dict[str, Any]:
    """The label over its bar, at the left edge of the picture."""
    place = {
        "xref": "paper",
        "x": 0,
        "y": row - 0.22,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "align": "left",
    }
    return place | {"text": escape(shorten(label, LIMIT)), "font": {"size": theme.SMALL, "color": theme.INK[mode]}}
