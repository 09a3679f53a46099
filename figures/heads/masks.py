"""Masks: scores and weights with a ✕ on every cell that may not be looked at, and what happens when cells are opened.

A sign, not only a colour, tells what is masked: ✕ for a masked cell, ○ for one that was opened. A click on a cell reports
`[query, key]`, on a bar `[query, None]`, from 0.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, downwards, numerals, piece_axis, places, touch, turned
from figures.heads.attention import FEET, PIECES, cells, map_layout
from figures.heads.head_steps import WIDE, WRITTEN, written
from figures.labels import escape, label, probability, short_labels, shorten, whole_labels
from figures.theme import Mode

MASKED, OPENED = "✕", "○"
BARS = 0.62  # where the bars beside a mask begin, as a share of the picture's width


def scores(
    values: Weights, mask: Weights, queries: Sequence[str], keys: Sequence[str], *, names: tuple[str, str] = PIECES,
    title: str, mode: Mode = "light", selected: tuple[int, int] | None = None, value_name: str = "score",
    origin: tuple[int, int] = (0, 0),
) -> go.Figure:  # fmt: skip
    """Scores, query by key, blue below zero and red above; where `mask` is False a curtain and a ✕ cover the colour."""
    reach = float(np.abs(values).max(initial=0)) or 1.0
    colours = {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach}
    return _covered(values, mask, queries, keys, names, title, mode, selected, value_name, colours, origin)


def weights(
    values: Weights, mask: Weights, queries: Sequence[str], keys: Sequence[str], *, names: tuple[str, str] = PIECES,
    title: str, mode: Mode = "light", selected: tuple[int, int] | None = None, value_name: str = "weight",
    origin: tuple[int, int] = (0, 0),
) -> go.Figure:  # fmt: skip
    """Weights, query by key, from 0 to 1; a ✕ where `mask` is False, and the weight so is exactly 0."""
    colours = {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1}
    return _covered(values, mask, queries, keys, names, title, mode, selected, value_name, colours, origin)


def steps(
    raw: Weights, softened: Weights, mask: Weights, queries: Sequence[str], keys: Sequence[str], *, titles: Sequence[str],
    mode: Mode = "light", names: tuple[str, str] = PIECES, selected: tuple[int, int] | None = None,
    origin: tuple[int, int] = (0, 0),
) -> list[go.Figure]:  # fmt: skip
    """Three pictures of one size: the scores `raw`, the same under the mask, and the weights `softened` that come of them."""
    nothing = np.ones_like(mask, dtype=bool)
    return [
        scores(raw, nothing, queries, keys, names=names, title=titles[0], mode=mode, selected=selected, origin=origin),
        scores(raw, mask, queries, keys, names=names, title=titles[1], mode=mode, selected=selected, origin=origin),
        weights(
            softened, mask, queries, keys, names=names, title=titles[2], mode=mode, selected=selected, origin=origin
        ),
    ]


def _covered(
    values: Weights, mask: Weights, queries: Sequence[str], keys: Sequence[str], axes: tuple[str, str], title: str,
    mode: Mode, selected: tuple[int, int] | None, value_name: str, colours: dict[str, Any], origin: tuple[int, int],
) -> go.Figure:  # fmt: skip
    """The map, a curtain over its masked cells that lets the mouse through, and the signs."""
    check(values, queries, keys)
    check(mask, queries, keys)
    cell = min(40, max(18, 270 // len(queries)))
    shares = colours["zmin"] == 0
    rows = zip(values.tolist(), mask.tolist(), strict=True)
    seen = [[value if may else None for value, may in zip(*row, strict=True)] for row in rows]  # what no curtain hides
    roomy = len(keys) <= WRITTEN[0] and len(queries) <= WRITTEN[1]
    trace = cells(values.tolist(), colours, value_name, axes)
    trace["meta"] = touch(whole_labels(queries), whole_labels(keys), origin=origin)
    room = 16 if not roomy else 46 if len(keys) <= WIDE and not shares else 32
    layout = map_layout(values.shape, queries, keys, axes, mode, selected, origin, room)
    head = turned(short_labels(keys))
    data = [trace, curtain(mask, mode), signs(~mask.astype(bool), MASKED, theme.MUTED[mode])]
    data += [numerals(trace, written(seen, shares))] if roomy else []
    return theme.figure(data, layout, title=title, mode=mode, body=cell * len(queries), head=head, feet=FEET)


def curtain(mask: Weights, mode: Mode) -> dict[str, Any]:
    """What hides the colour of the masked cells; the mouse does not feel it."""
    hidden = [[None if allowed else 1 for allowed in row] for row in mask.tolist()]
    shade = {"colorscale": theme.colour_scale((theme.PANEL[mode], theme.PANEL[mode])), "zmin": 0, "zmax": 1}
    gap = 1 if max(mask.shape) <= 30 else 0  # as the map below it has
    grid = {"x": places(mask.shape[1]), "y": places(mask.shape[0]), "z": hidden, "xgap": gap, "ygap": gap}
    return {"type": "heatmap", "showscale": False, "hoverinfo": "skip"} | grid | shade


def signs(where: Weights, sign: str, colour: str) -> dict[str, Any]:
    """A sign in every cell that is True; the mouse does not feel it."""
    found = np.argwhere(where)
    size = theme.FONT_SIZE if len(where) <= 24 else 10
    return {
        "type": "scatter",
        "mode": "text",
        "x": [str(column) for _, column in found],
        "y": [str(row) for row, _ in found],
        "text": [sign] * len(found),
        "textfont": {"size": size, "color": colour},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def leak(
    mask: Weights, usual: Sequence[float], leaked: Sequence[float], read: Sequence[str], written: Sequence[str], *,
    title: str, mode: Mode = "light", selected: int | None = None, names: tuple[str, str] = ("reads → writes", "may look at"),
    bar_names: tuple[str, str] = ("with the mask", "with the opened cells"), axis_title: str = "probability",
) -> go.Figure:  # fmt: skip
    """The decoder's mask with ✕ and ○, and beside each row how probable the right next piece is, before and after.

    `mask` (query, key) is True where a position may look. Position t has read `read[t]` and must write `written[t]`, which has
    the probability `usual[t]` with the causal mask and `leaked[t]` with this one. `selected` is a row.
    """
    check(mask, read, read)
    count = len(read)
    pairs = [f"{_brief(one)} → {_brief(next_one)}" for one, next_one in zip(read, written, strict=True)]
    future = np.triu(np.ones((count, count), dtype=bool), 1)
    opened = future & mask.astype(bool)
    across = short_labels(read)
    data = [
        _allowed(mask, opened, read, names, mode),
        signs(future & ~opened, MASKED, theme.MUTED[mode]),
        signs(opened, OPENED, theme.DARK_INK),
        _chances(usual, pairs, bar_names[0], -0.2, {"color": theme.MUTED[mode]}),
        _chances(leaked, pairs, bar_names[1], 0.2, {"color": theme.token_colour(1), "pattern": {"shape": "/", "size": 6}}),
    ]  # fmt: skip
    layout = _beside(across, pairs, names, axis_title) | {
        "shapes": [] if selected is None or not 0 <= selected < count else [row_frame(selected, mode)]
    }
    top = 24 + round(7.5 * max(len(text) for text in across))
    row = min(34, max(26, 250 // count))
    return theme.figure(data, layout, title=title, mode=mode, body=max(row * count, 90), head=top, feet=72)


def _beside(across: Sequence[str], pairs: Sequence[str], names: tuple[str, str], axis_title: str) -> dict[str, Any]:
    """The axes of a mask on the left and of bars on the right, which share their rows."""
    bars = {"domain": [BARS, 1], "range": [0, 1.36], "fixedrange": True, "tickvals": [0, 0.5, 1], "showgrid": True}
    legend = {"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom"}
    return {
        "xaxis": piece_axis(across, names[1], side="top", tickangle=-90) | {"domain": [0, BARS - 0.02]},
        "xaxis2": bars | {"title": {"text": escape(axis_title), "standoff": 8}, "anchor": "y"},
        "yaxis": downwards(piece_axis(pairs, names[0])),
        "barmode": "overlay",
        "legend": legend | {"font": {"size": theme.SMALL}},
        "showlegend": True,
        "meta": {"minimum_width": 190 + 17 * len(across)},
    }


def _brief(piece: str) -> str:
    """A piece beside another one."""
    return escape(shorten(label(piece), 9))


def _allowed(mask: Weights, opened: Weights, read: Sequence[str], axes: tuple[str, str], mode: Mode) -> dict[str, Any]:
    """The map of what may be looked at: 1 if yes, 0 if not, 2 if only because it was opened."""
    shades = theme.colour_scale((theme.PANEL[mode], theme.token_colour(4), theme.token_colour(1)))
    states = np.where(opened, 2, mask.astype(int))
    trace = cells(states.tolist(), {"colorscale": shades, "zmin": 0, "zmax": 2}, axes[1], axes) | {"showscale": False}
    trace["hovertemplate"] = f"<b>%{{hovertext}}</b><br>{escape(axes[1])}<extra></extra>"
    del trace["colorbar"]
    return trace | {"meta": touch(whole_labels(read), whole_labels(read))}


def _chances(
    values: Sequence[float], pairs: Sequence[str], name: str, place: float, look: dict[str, Any]
) -> dict[str, Any]:
    """One bar for each row, a little above or below its middle."""
    bars = {"type": "bar", "orientation": "h", "xaxis": "x2", "y": places(len(values)), "x": list(values)}
    shape = {"width": 0.36, "offset": place - 0.18, "marker": look, "cliponaxis": False, "name": escape(name)}
    text = {"text": [probability(value) for value in values], "textposition": "outside", "textangle": 0}
    tell = {"hovertext": list(pairs), "customdata": [[row, None, value] for row, value in enumerate(values)]}
    fit = {"constraintext": "none", "textfont": {"size": theme.SMALL}}
    hover = f"<b>%{{hovertext}}</b><br>{escape(name)} %{{x:.4f}}<extra></extra>"
    return bars | shape | text | tell | fit | {"hovertemplate": hover}


def row_frame(row: int, mode: Mode) -> dict[str, Any]:
    """The frame of a whole row, bars and all."""
    line = {"color": theme.ACCENT[mode], "width": 2}
    edges = {"x0": 0, "x1": 1, "xref": "paper", "y0": row - 0.5, "y1": row + 0.5}
    return {"type": "rect", "line": line, "layer": "above"} | edges


def batch(
    rows: Sequence[Sequence[str]], *, title: str, mode: Mode = "light", names: tuple[str, str] = ("sentence", "position"),
    row_names: Sequence[str] = ("1", "2"), padding: str = "<pad>",
) -> go.Figure:  # fmt: skip
    """Sentences of one batch, all as long as the longest, one chip for each piece; `padding` is hatched and has a ✕."""
    if not rows or len({len(row) for row in rows}) != 1 or len(rows) != len(row_names):
        raise ValueError(f"Expected rows of one length with a name each, but got {[len(row) for row in rows]}.")
    count, longest = len(rows[0]), max(len(text) for row in rows for text in short_labels(row))
    tall = 26 + 8 * min(longest, 14)
    layout = {
        "xaxis": {"range": [-0.5, count - 0.5], "fixedrange": True, "nticks": 12, "title": {"text": escape(names[1])}},
        "yaxis": {
            "range": [len(rows) - 0.5, -0.5],
            "fixedrange": True,
            "tickmode": "array",
            "tickvals": list(range(len(rows))),
            "ticktext": [escape(name) for name in row_names],
            "tickangle": -90,
            "title": {"text": escape(names[0])},
        },
        "barmode": "overlay",
        "meta": {"minimum_width": 90 + 20 * count},
    }
    data = [_chips(row, place, padding, mode) for place, row in enumerate(rows)]
    return theme.figure(data, layout, title=title, mode=mode, body=tall * len(rows), feet=48)


def _chips(pieces: Sequence[str], row: int, padding: str, mode: Mode) -> dict[str, Any]:
    """One row of chips, upright, as a telephone needs them."""
    spare = [piece == padding for piece in pieces]
    colours = [theme.PANEL[mode] if out else theme.token_colour(place) for place, out in enumerate(spare)]
    inks = [theme.INK[mode] if out else theme.token_ink(place) for place, out in enumerate(spare)]
    bars = {"type": "bar", "x": list(range(len(pieces))), "y": [-0.86] * len(pieces), "base": row + 0.43, "width": 0.9}
    texts = [MASKED if out else text for text, out in zip(short_labels(pieces), spare, strict=True)]
    text = {"text": texts, "textposition": "inside", "insidetextanchor": "middle", "textangle": -90}
    hatched = {"shape": ["x" if out else "" for out in spare], "fgcolor": theme.MUTED[mode], "size": 8}
    look = {"marker": {"color": colours, "pattern": hatched, "line": {"width": 1, "color": theme.GRID[mode]}}}
    fit = {"constraintext": "none", "insidetextfont": {"size": theme.SMALL, "color": inks}}
    return (
        bars
        | text
        | look
        | fit
        | {"hovertext": whole_labels(pieces), "hovertemplate": "<b>%{hovertext}</b><extra></extra>"}
    )
