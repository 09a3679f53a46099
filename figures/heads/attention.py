"""Maps of attention: who looks at whom, and how much. Rows are queries, columns keys, as in softmax(Q K^T / sqrt(d_k)).

Pieces come as the tokenizer writes them (`▁dog`, `<0xEA>`). A click on a cell reports `[query, key]` in one map and
`[head, query, key]` in a mosaic, counted from 0. `layout.meta["minimum_width"]` is the
width in pixels below which the page should let the reader scroll sideways.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import (
    ALL,
    Weights,
    check,
    colour_bar,
    downwards,
    fitting,
    frame,
    hover,
    piece_axis,
    places,
    touch,
    turned,
    upright,
)
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

PIECES = ("French piece", "English piece")  # who asks, and who is looked at
FEET = 44  # pixels of the colour bar
HEADS = 4  # heads side by side in a mosaic


def heatmap(
    weights: Weights, queries: Sequence[str], keys: Sequence[str], *, names: tuple[str, str] = PIECES, title: str,
    mode: Mode = "light", selected: tuple[int, int] | None = None, value_name: str = "weight", top: float = 1.0, origin: tuple[int, int] = (0, 0),
    tall: int = 420,
) -> go.Figure:  # fmt: skip
    """One head's weights, query by key, from dark blue (0) to yellow (`top`), `tall` pixels if its rows allow; `selected` frames (query, key).

    `origin` is the query and the key of the first cell, if `weights` is a part of a larger map: cells and `selected` count
    from there.
    """
    colours = {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": top}
    return _one_map(weights, queries, keys, names, title, mode, selected, value_name, colours, origin, tall)


def signed_heatmap(
    values: Weights, queries: Sequence[str], keys: Sequence[str], *, names: tuple[str, str] = PIECES, title: str,
    mode: Mode = "light", selected: tuple[int, int] | None = None, value_name: str = "score",
    limit: float | None = None, origin: tuple[int, int] = (0, 0), tall: int = 420,
) -> go.Figure:  # fmt: skip
    """Scores or differences, query by key: blue below zero, red above, up to `limit` (default: the largest size)."""
    reach = limit or float(np.abs(values).max(initial=0)) or 1.0
    colours = {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach}
    return _one_map(values, queries, keys, names, title, mode, selected, value_name, colours, origin, tall)


def _one_map(
    values: Weights, queries: Sequence[str], keys: Sequence[str], axes: tuple[str, str], title: str,
    mode: Mode, selected: tuple[int, int] | None, value_name: str, colours: dict[str, Any], origin: tuple[int, int],
    tall: int = 420,
) -> go.Figure:  # fmt: skip
    """The map that `heatmap` and `signed_heatmap` colour. Its height is that of its rows."""
    check(values, queries, keys)
    rows = len(queries)
    cell = cell_height(rows, tall)
    trace = cells(values.tolist(), colours, value_name, axes)
    trace["meta"] = touch(whole_labels(queries), whole_labels(keys), origin=origin)
    layout = map_layout(values.shape, queries, keys, axes, mode, selected, origin, room=16 if len(keys) <= ALL else 7)
    head = turned(short_labels(keys))
    return theme.figure([trace], layout, title=title, mode=mode, body=cell * rows, head=head, feet=FEET)


def cell_height(rows: int, tall: int = 420) -> int:
    """The pixels of a cell of one map that is `tall` if its rows allow; many rows are not all named."""
    return min(44, max(18 if rows <= ALL else 6, tall // rows))


def map_layout(
    shape: tuple[int, ...], queries: Sequence[str], keys: Sequence[str], axes: tuple[str, str], mode: Mode,
    selected: tuple[int, int] | None, origin: tuple[int, int], room: int = 16,
) -> dict[str, Any]:  # fmt: skip
    """The layout of one map: the pieces on its axes, the frame of the chosen cell, at least `room` pixels a column."""
    return {
        "xaxis": piece_axis(short_labels(keys), axes[1], side="top", autotickangles=[0, -90]),
        "yaxis": downwards(piece_axis(short_labels(queries), axes[0])),
        "shapes": framed(selected, origin, shape, mode),
        "meta": {"minimum_width": 110 + room * len(keys), "labels": fitting(short_labels(keys), short_labels(queries))},
    }


def framed(
    selected: tuple[int, int] | None, origin: tuple[int, int], shape: tuple[int, ...], mode: Mode
) -> list[dict[str, Any]]:
    """The frame of the chosen cell, if it is one of those shown."""
    row, column = (-1, -1) if selected is None else (selected[0] - origin[0], selected[1] - origin[1])
    return [frame(column, column, row, row, mode)] if 0 <= row < shape[0] and 0 <= column < shape[1] else []


def cells(
    values: list[list[float | None]], colours: dict[str, Any], value_name: str, axes: tuple[str, str]
) -> dict[str, Any]:
    """A heat map trace; a cell that is None is a hole, silent under the mouse."""
    gap = 1 if max(len(values), len(values[0])) <= 30 else 0
    grid = {"x": places(len(values[0])), "y": places(len(values)), "z": values, "xgap": gap, "ygap": gap}
    tell = {"hoverongaps": False, "hovertemplate": hover(axes, value_name, "z")}
    return {"type": "heatmap"} | grid | colours | tell | {"colorbar": colour_bar(value_name)}


class Mosaic(NamedTuple):
    """Where each head lies when all heads are tiles of one map: one pair of axes, which keeps a browser fast."""

    heads: int
    queries: int
    keys: int
    across: int  # tiles side by side
    gap: int  # empty rows above each row of tiles, for its title
    cell: int  # pixels of a cell's height

    def corner(self, head: int) -> tuple[int, int]:
        """The row and column of the head's first cell."""
        down, right = divmod(head, self.across)
        return self.gap + down * (self.queries + self.gap), right * (self.keys + 1)

    def shape(self) -> tuple[int, int]:
        """Rows and columns of the whole map, with its gaps."""
        return -(-self.heads // self.across) * (self.queries + self.gap), self.across * (self.keys + 1) - 1

    def spread(self, tiles: Sequence[Sequence[Sequence[Any]]]) -> list[list[Any]]:
        """One map out of one tile per head, with None between them."""
        rows, columns = self.shape()
        whole: list[list[Any]] = [[None] * columns for _ in range(rows)]
        for head, tile in enumerate(tiles):
            top, left = self.corner(head)
            for row, line in enumerate(tile, start=top):
                whole[row][left : left + self.keys] = line
        return whole


def mosaic(heads: int, queries: int, keys: int, across: int | None = None) -> Mosaic:
    """Lay `heads` tiles out, `across` of them side by side; without it, four, or two if the sentence is long."""
    tiles = min(heads, across or (HEADS if keys <= 16 else 2))
    cell = min(36, max(16 if queries <= 16 else 8, 800 // (tiles * (keys + 1))))
    return Mosaic(heads, queries, keys, tiles, -(-26 // cell), cell)


def small_multiples(
    weights: Weights, queries: Sequence[str], keys: Sequence[str], *, selected_head: int | None = None, title: str,
    mode: Mode = "light", names: tuple[str, str] = PIECES, value_name: str = "weight", head_name: str = "head",
    across: int | None = None, top: float = 1.0, origin: tuple[int, int] = (0, 0), titles: Sequence[str] = (),
    room: int = 12,
) -> go.Figure:  # fmt: skip
    """All heads' weights, head by query by key, as the tiles of one map. `selected_head`, counted from 0, is framed.

    `titles`, plain text, stand over the tiles in place of the heads' numbers. A column has at least `room` pixels.
    """
    check(weights, queries, keys)
    plan = mosaic(len(weights), len(queries), len(keys), across)
    colours = {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": top}
    trace = cells(plan.spread(weights.tolist()), colours, value_name, names)
    called = [escape(each) for each in titles or [f"{head_name} {head + 1}" for head in range(plan.heads)]]
    tiles = [{"at": plan.corner(head), "prefix": [head], "name": f"{name}: "} for head, name in enumerate(called)]
    trace["meta"] = touch(whole_labels(queries), whole_labels(keys), tiles, origin)
    layout = mosaic_axes(plan, short_labels(queries), short_labels(keys), names) | {
        "annotations": [head_title(plan, head, name, head == selected_head, mode) for head, name in enumerate(called)],
        "shapes": [] if selected_head is None else [head_frame(plan, selected_head, mode)],
        "meta": {"minimum_width": 110 + room * plan.shape()[1]},
    }
    feet = FEET + upright(short_labels(keys))
    return theme.figure([trace], layout, title=title, mode=mode, body=plan.cell * plan.shape()[0], feet=feet)


def mosaic_axes(plan: Mosaic, queries: list[str], keys: list[str], axes: tuple[str, str]) -> dict[str, Any]:
    """The pieces' labels once for each row and each column of tiles."""
    rows, columns = plan.shape()
    down = ([""] * plan.gap + queries) * (rows // (plan.queries + plan.gap))
    step = -(-16 // plan.cell)  # every label if its row is as high as a letter, else every second or third
    shown = [row for row in range(rows) if (row % (plan.queries + plan.gap) - plan.gap) % step == 0 and down[row]]
    marks = {"tickmode": "array", "tickvals": shown, "ticktext": [down[row] for row in shown]}
    across = piece_axis(([*keys, ""] * plan.across)[:columns], axes[1], side="bottom", tickangle=-90)
    return {"xaxis": across, "yaxis": downwards(piece_axis(down, axes[0], **marks))}


def head_title(plan: Mosaic, head: int, name: str, chosen: bool, mode: Mode) -> dict[str, Any]:
    """What a tile is called, escaped already, over it."""
    top, left = plan.corner(head)
    text = f"<b>{name}</b>" if chosen else name
    font = {"size": theme.SMALL, "color": theme.ACCENT[mode] if chosen else theme.INK[mode]}
    place = {"x": left - 0.5, "y": top - 0.5, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    return place | {"text": text, "font": font, "borderpad": 1}


def head_frame(plan: Mosaic, head: int, mode: Mode) -> dict[str, Any]:
    """The frame of the chosen head."""
    top, left = plan.corner(head)
    return frame(left, left + plan.keys - 1, top, top + plan.queries - 1, mode)
