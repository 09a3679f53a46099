"""A window that moves along a sentence: the shares of its pieces, what the window leaves of them, and where it stands.

A click on a bar reports `[place]`.
"""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

BODY, HEAD, FEET = 220, 30, 76  # pixels of the plot, of the legend above it, and below it
NAMED = 24  # so many pieces are all named


def window(
    pieces: Sequence[str], shares: Weights, weights: Weights, curve: tuple[Weights, Weights], place: float, *,
    names: tuple[str, str, str, str], axes: tuple[str, str], title: str, mode: Mode = "light", selected: int | None = None, first: int = 0,
) -> go.Figure:  # fmt: skip
    """`shares` (piece) as outlines, `weights` (piece) as bars in them, the window as a `curve` (x, y), and a mark at `place`.

    `names` are those of the shares, the weights, the window and its place, `axes` those of the pieces and the numbers. Places count from
    `first`, the place of the first piece that is drawn; `selected` frames one.
    """
    if not len(pieces) or shares.shape != (len(pieces),) or weights.shape != (len(pieces),):
        raise ValueError(
            f"Expected shares and weights of {len(pieces)} pieces, but got {shares.shape} and {weights.shape}."
        )
    places = [first + at for at in range(len(pieces))]
    line = {"color": theme.ACCENT[mode], "width": 3}
    x, y = ([float(each) for each in part] for part in curve)
    data = [
        bars(places, shares, pieces, names[0]) | outlined(mode),
        bars(places, weights, pieces, names[1]) | {"marker": filled(places, selected, mode), "width": 0.5},
        {"type": "scatter", "mode": "lines", "name": escape(names[2]), "x": x, "y": y,
         "line": {"color": theme.INK[mode], "width": 2, "dash": "dot"}, "hoverinfo": "skip"},
        {"type": "scatter", "mode": "lines+markers", "name": escape(f"{names[3]} = {place:.2f}"), "x": [place, place], "y": [0, 1.04],
         "line": line, "marker": {"symbol": "triangle-down", "size": [0, 13], "color": theme.ACCENT[mode]}, "hoverinfo": "skip"},
    ]  # fmt: skip
    layout: dict[str, Any] = {
        "xaxis": across(pieces, places, axes[0]),
        "yaxis": {"type": "linear", "range": [0, 1.1], "fixedrange": True, "showgrid": True, "title": {"text": escape(axes[1]), "standoff": 6}},
        "barmode": "overlay", "showlegend": True, "meta": {"minimum_width": max(320, 90 + 20 * len(places[:: pace(places)]))},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "font": {"size": theme.SMALL}},
    }  # fmt: skip
    return theme.figure(data, layout, title=title, mode=mode, body=BODY, head=HEAD, feet=FEET)


def across(pieces: Sequence[str], places: list[int], title: str) -> dict[str, Any]:
    """The axis of the pieces: numbers, because the window may stand between two of them."""
    every = pace(places)
    marks = {"tickvals": places[::every], "ticktext": short_labels(pieces)[::every]}
    ticks = {"tickmode": "array", "autotickangles": [0, -90]} | marks
    ends = {"type": "linear", "range": [places[0] - 0.6, places[-1] + 0.6], "fixedrange": True}
    return ends | ticks | {"title": {"text": escape(title), "standoff": 8}}


def pace(places: list[int]) -> int:
    """Every so many pieces have their name below: all of few, every third of many, so that the window is seen at once."""
    return 1 + len(places) // NAMED


def bars(places: list[int], values: Weights, pieces: Sequence[str], name: str) -> dict[str, Any]:
    """A bar for each piece."""
    return {
        "type": "bar", "name": escape(name), "x": places, "y": [float(value) for value in values], "width": 0.8,
        "customdata": [[place] for place in places], "hovertext": [f"{each}, {escape(name)}" for each in whole_labels(pieces)],
        "hovertemplate": "<b>%{hovertext}</b><br>%{y:.4f}<extra></extra>",
    }  # fmt: skip


def outlined(mode: Mode) -> dict[str, Any]:
    """The look of the shares."""
    return {"marker": {"color": theme.TRANSPARENT, "line": {"color": theme.MUTED[mode], "width": 2}}}


def filled(places: list[int], selected: int | None, mode: Mode) -> dict[str, Any]:
    """The look of the weights; the chosen one is framed."""
    edges = [3 if place == selected else 0 for place in places]
    return {"color": theme.token_colour(0), "line": {"color": theme.ACCENT[mode], "width": edges}}
