"""What the maps of weights share: axes of pieces, a bar of colours, frames, and a check of what came in.

An axis of pieces has one category per position ("0", "1", ...), renamed to the piece by `labelalias`. So two equal
pieces stay two, and the browser, which alone knows the width of the page, thins the labels out where they overlap.
"""

from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from figures import theme
from figures.labels import escape
from figures.theme import Mode

FLAT = 44  # pixels over a map for labels side by side and the axis title
ALL = 40  # so many labels are all written, because there is room for them
ONE_TILE: tuple[Mapping[str, Any], ...] = ({"at": (0, 0), "prefix": (), "name": ""},)
Weights = NDArray[Any]  # numbers of any kind, their axes named where they are used


def check(weights: Weights, queries: Sequence[str], keys: Sequence[str]) -> None:
    """Raise `ValueError` unless `weights` is finite, not empty, and its last two axes are the queries and the keys."""
    if weights.shape[-2:] != (len(queries), len(keys)) or not weights.size:
        sizes = f"{len(queries)} queries and {len(keys)} keys"
        raise ValueError(f"Expected weights for {sizes}, at least one of each, but their shape is {weights.shape}.")
    if not np.isfinite(weights).all():
        raise ValueError(
            "A picture cannot show NaN or infinity; draw the weights after the softmax, or the scores before the mask."
        )


def places(count: int) -> list[str]:
    """The categories of an axis with `count` positions."""
    return [str(position) for position in range(count)]


def piece_axis(labels: Sequence[str], title: str, **more: Any) -> dict[str, Any]:
    """An axis with one label per position, in order; `labels` are escaped already, `title` is not."""
    aliases = {str(position): text for position, text in enumerate(labels)}
    text = {"text": escape(title), "standoff": 8}
    return (
        {
            "type": "category",
            "labelalias": aliases,
            "range": [-0.5, len(labels) - 0.5],
            "fixedrange": True,
            "title": text,
        }
        | ({"tickmode": "linear", "dtick": 1} if len(labels) <= ALL else {})
        | more
    )


def touch(
    rows: Sequence[str], columns: Sequence[str], tiles: Sequence[Mapping[str, Any]] = ONE_TILE,
    origin: tuple[int, int] = (0, 0), words: Sequence[str] | Sequence[Sequence[str]] = (),
) -> dict[str, Any]:  # fmt: skip
    """What the cells of a heat map say and report, told once for all of them: the browser spells it out cell by cell.

    A cell of the tile `at` (row, column) says `name: row → column` and reports `[*prefix, row, column]`, counted from
    `origin`. `rows` and `columns` are whole labels, escaped already. Written out for each cell, this is most of a picture's
    weight (see `unfold` in `ui/assets/live_plot.js`). `words`, escaped already, are said instead of the numbers: one for each
    value 0, 1, ..., or for each (row, column).
    """
    told = {"rows": list(rows), "columns": list(columns), "tiles": list(tiles), "origin": list(origin)}
    return {"cells": told | ({"words": words} if words else {})}


def turned(labels: Sequence[str]) -> int:
    """The pixels over a map for its labels, turned by 90 degrees where they must be, and for the axis title."""
    return FLAT if longest(labels) * len(labels) <= 24 else upright(labels)


def fitting(columns: Sequence[str], rows: Sequence[str]) -> dict[str, int]:
    """For the browser, which knows the width: whether the labels of `columns` fit side by side, and the pixels that this spares."""
    beside, spare = 40 + round(7.5 * longest(rows)), turned(columns) - FLAT
    return {"count": len(columns), "longest": longest(columns), "beside": beside, "spare": spare}


def longest(labels: Sequence[str]) -> int:
    """The characters of the longest label; labels are escaped already."""
    return max(len(unescape(text)) for text in labels)


def upright(labels: Sequence[str]) -> int:
    """The pixels under a map for its labels, turned by 90 degrees, and for the axis title."""
    return 36 + round(7.5 * longest(labels))


def downwards(axis: dict[str, Any]) -> dict[str, Any]:
    """The same axis read from top to bottom, as text is."""
    return axis | {"range": axis["range"][::-1]}


def numerals(
    trace: Mapping[str, Any], texts: Sequence[Sequence[str]], size: int = theme.SMALL, hole: str = ""
) -> dict[str, Any]:
    """`texts` (row, column) over the cells of the heat map `trace`, black or white, whichever can be read there.

    Over a hole there is nothing, unless it has a colour of its own, `hole`. (Plotly's own `texttemplate` writes in grey on a middling
    colour, with a contrast of 2.5.)
    """
    told = [
        (row, column, value, texts[row][column])
        for row, line in enumerate(trace["z"]) for column, value in enumerate(line) if texts[row][column] and (hole or value is not None)
    ]  # fmt: skip
    over = iter(theme.inks(trace, [value for _, _, value, _ in told if value is not None]))
    across, down = trace.get("x"), trace.get("y")
    return {
        "type": "scatter", "mode": "text", "hoverinfo": "skip", "showlegend": False,
        "x": [across[column] if across else column for _, column, _, _ in told],
        "y": [down[row] if down else row for row, _, _, _ in told], "text": [text for _, _, _, text in told],
        "textfont": {"size": size, "color": [hole if value is None else next(over) for _, _, value, _ in told]},
    }  # fmt: skip


def frame(left: float, right: float, top: float, bottom: float, mode: Mode) -> dict[str, Any]:
    """A frame around cells left..right, top..bottom, all inclusive."""
    line = {"color": theme.ACCENT[mode], "width": 3}
    return {
        "type": "rect",
        "x0": left - 0.5,
        "x1": right + 0.5,
        "y0": top - 0.5,
        "y1": bottom + 0.5,
        "line": line,
        "layer": "above",
    }


def hover(axes: tuple[str, str], value_name: str, value: str) -> str:
    """What the mouse is told: which pieces, and the number that Plotly knows as `value`."""
    asks, looked_at = escape(axes[0]), escape(axes[1])
    return f"{asks} → {looked_at}<br><b>%{{hovertext}}</b><br>{escape(value_name)} %{{{value}:.4f}}<extra></extra>"


def colour_bar(name: str) -> dict[str, Any]:
    """A colour bar under the picture, where it takes no width from a telephone."""
    place = {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 0,
        "yref": "container",
        "yanchor": "bottom",
        "len": 0.7,
    }
    text = {"text": escape(name), "side": "right", "font": {"size": theme.SMALL}}
    return place | {
        "thickness": 10,
        "outlinewidth": 0,
        "title": text,
        "tickfont": {"size": theme.SMALL},
        "ypad": 4,
        "xpad": 0,
    }
