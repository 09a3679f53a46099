"""All heads of all layers in one picture: a tile for each, rows are layers and columns heads; one piece's row in every head; and what
each head measures.

One map for each attention on one pair of axes, which keeps a browser fast with 72 tiles too. A click reports
`[attention, layer, head, query, key]`, from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, colour_bar, downwards, frame, hover, numerals, piece_axis, touch, turned
from figures.heads.attention import FEET, cells, map_layout
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

WIDTH = 560  # pixels that a page commonly has for the picture
NARROW = 56  # pixels of a tile below which the page scrolls sideways
WRITTEN = 14  # at most so many keys have their numbers written into their cells
GAP, TITLE = 8, 26  # pixels between two layers, and above an attention for its name
DIGITS = 4  # after the point: as exact as hovering tells, and a third of the weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """The heads of one attention. `weights` are (layer, head, query, key)."""

    name: str
    number: int  # reported by a click
    weights: Weights
    queries: tuple[str, ...]
    keys: tuple[str, ...]
    axes: tuple[str, str]  # what queries and keys are
    origin: tuple[int, int] = (0, 0)  # the query and the key of the first cell, if `weights` are a part of a larger map


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the tiles lie, in cells of the one grid."""

    pitch: int  # columns from one head to the next
    cell: int  # pixels of a cell's height
    tops: tuple[tuple[int, ...], ...]  # the first row of each layer, by attention
    columns: int
    rows: int


def plan(blocks: Sequence[Tiles]) -> Plan:
    """Lay the tiles out: the attentions below each other, heads in line; small enough for one look if that can be."""
    heads, keys = (max(block.weights.shape[axis] for block in blocks) for axis in (1, 3))
    lines = sum(block.weights.shape[0] * block.weights.shape[2] for block in blocks)
    columns = heads * (keys + 1) - 1
    height = 290 if len(blocks) == 1 else 640
    cell = int(min(16, max(2, min(WIDTH / columns, height / lines))))
    gap, title = -(-GAP // cell), -(-TITLE // cell) if len(blocks) > 1 else 0
    tops, row = [], 0
    for block in blocks:
        row += title
        layers, _, queries, _ = block.weights.shape
        tops.append(tuple(row + layer * (queries + gap) for layer in range(layers)))
        row += layers * (queries + gap)
    return Plan(keys + 1, cell, tuple(tops), columns, row - gap)


def maps(
    blocks: Sequence[Tiles], *, selected: tuple[int, int, int | None] | None = None, title: str, mode: Mode = "light",
    value_name: str = "weight", layer_name: str = "layer", head_name: str = "head",
) -> go.Figure:  # fmt: skip
    """Every head of every layer of the attentions `blocks`, from dark blue (0) to yellow (1).

    `selected` frames the tile (number of the attention, layer, head), or the whole layer if its head is `None`.
    """
    for block in blocks:
        check(block.weights, block.queries, block.keys)
    layout = plan(blocks)
    traces = [
        tile_trace(block, layout, place, value_name, layer_name, head_name, mode) for place, block in enumerate(blocks)
    ]
    heads = max(block.weights.shape[1] for block in blocks)
    middle = (layout.pitch - 2) / 2
    across = axis(head_name, [head * layout.pitch + middle for head in range(heads)], layout.columns) | {"side": "top"}
    marks = [
        (top + (block.weights.shape[2] - 1) / 2, str(layer + 1))
        for block, tops in zip(blocks, layout.tops, strict=True) for layer, top in enumerate(tops)
    ]  # fmt: skip
    down = axis(layer_name, [mark for mark, _ in marks], layout.rows) | {"ticktext": [text for _, text in marks]}
    whole = {
        "xaxis": across, "yaxis": downwards(down), "shapes": framed(blocks, layout, selected, mode),
        "annotations": [heading(block.name, tops[0], mode) for block, tops in zip(blocks, layout.tops, strict=True)]
        if len(blocks) > 1 else [],
        "meta": {"minimum_width": 60 + heads * max(NARROW, 2 * layout.pitch)},
    }  # fmt: skip
    return theme.figure(traces, whole, title=title, mode=mode, body=layout.cell * layout.rows, head=44, feet=FEET)


def tile_trace(
    block: Tiles, layout: Plan, place: int, value_name: str, layer_name: str, head_name: str, mode: Mode
) -> dict[str, Any]:  # fmt: skip
    """The tiles of one attention as one heat map with holes between them."""
    layers, heads, queries, keys = block.weights.shape
    numbers = np.round(np.asarray(block.weights, dtype=np.float64), DIGITS).tolist()
    tops = [top - layout.tops[place][0] for top in layout.tops[place]]
    z: list[list[float | None]] = [[None] * layout.columns for _ in range(tops[-1] + queries)]
    tiles = []
    for layer in range(layers):
        for head in range(heads):
            left = head * layout.pitch
            for row, line in enumerate(numbers[layer][head], start=tops[layer]):
                z[row][left : left + keys] = line
            name = f"{escape(layer_name)} {layer + 1}, {escape(head_name)} {head + 1}: "
            tiles.append({"at": (tops[layer], left), "prefix": [block.number, layer, head], "name": name})
    told = touch(whole_labels(block.queries), whole_labels(block.keys), tiles, block.origin)
    colours = {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1, "showscale": place == 0}
    tell = {"hoverongaps": False, "hovertemplate": hover(block.axes, value_name, "z")}
    return {"type": "heatmap", "z": z, "y0": layout.tops[place][0], "dy": 1, "meta": told} | colours | tell | (
        {"colorbar": colour_bar(value_name)} if place == 0 else {}
    )  # fmt: skip


def axis(title: str, marks: Sequence[float], length: int) -> dict[str, Any]:
    """An axis counted in cells, with 1, 2, 3 ... at `marks`."""
    ticks = {"tickmode": "array", "tickvals": list(marks), "ticktext": [str(n + 1) for n in range(len(marks))]}
    text = {"text": escape(title), "standoff": 6}
    return {"type": "linear", "range": [-0.5, length - 0.5], "fixedrange": True, "title": text} | ticks


def framed(
    blocks: Sequence[Tiles], layout: Plan, selected: tuple[int, int, int | None] | None, mode: Mode
) -> list[dict[str, Any]]:
    """The frame of the chosen tile, or of the chosen layer."""
    if selected is None:
        return []
    number, layer, head = selected
    for block, tops in zip(blocks, layout.tops, strict=True):
        layers, heads, queries, keys = block.weights.shape
        if block.number == number and layer < layers and (head is None or head < heads):
            first, last = (0, heads - 1) if head is None else (head, head)
            top = tops[layer]
            return [frame(first * layout.pitch, last * layout.pitch + keys - 1, top, top + queries - 1, mode)]
    return []


def heading(name: str, top: int, mode: Mode) -> dict[str, Any]:
    """The name of an attention above its first layer."""
    place = {"x": -0.5, "y": top - 0.5, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    return place | {"text": f"<b>{escape(name)}</b>", "font": {"size": theme.SMALL, "color": theme.INK[mode]}}


def word(
    weights: Weights, rows: Sequence[str], keys: Sequence[str], *, names: tuple[str, str] = ("head", "piece"), title: str,
    mode: Mode = "light", selected: tuple[int, int] | None = None, value_name: str = "weight", first: int = 0,
    masked: str = "masked",
) -> go.Figure:  # fmt: skip
    """What one piece looks at in every head, a line each: `weights (head, key)` from 0 to 1. What a mask forbids is NaN: a cross.

    `rows` are plain labels of the heads. A click reports `[head, key]`, and `selected` frames it; keys count from `first`.
    """
    check(np.nan_to_num(weights), rows, keys)
    z = [[None if np.isnan(value) else float(value) for value in row] for row in weights]
    cell = min(32, max(14, 264 // len(rows)))
    roomy = len(keys) <= WRITTEN and cell > 16
    colours = {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1}
    trace = cells(z, colours, value_name, names) | {
        "meta": touch([escape(row) for row in rows], whole_labels(keys), origin=(0, first))
    }
    heads = [f"▁{row}" for row in rows]  # so that the label is the text itself
    layout = map_layout(weights.shape, heads, keys, names, mode, selected, (0, first), room=27 if roomy else 16)
    head = turned(short_labels(keys))
    data = [trace, numerals(trace, two_digits(z))] if roomy else [trace]
    if np.isnan(weights).any():
        data.append(crosses(weights, first, masked, mode))
    return theme.figure(data, layout, title=title, mode=mode, body=cell * len(rows), head=head, feet=FEET)


def crosses(weights: Weights, first: int, masked: str, mode: Mode) -> dict[str, Any]:
    """A cross in every cell of `word` that the mask forbids; it can be clicked like any other."""
    forbidden = np.argwhere(np.isnan(weights)).tolist()
    return {
        "type": "scatter", "mode": "markers", "x": [str(key) for _, key in forbidden], "y": [str(row) for row, _ in forbidden],
        "marker": {"symbol": "x-thin", "size": 7, "line": {"width": 1.5, "color": theme.MUTED[mode]}},
        "customdata": [[row, key + first] for row, key in forbidden], "hovertemplate": f"{escape(masked)}<extra></extra>",
    }  # fmt: skip


def measures(
    values: Weights, rows: Sequence[str], columns: Sequence[str], *, names: tuple[str, str] = ("head", "measure"),
    title: str, mode: Mode = "light", selected: int | None = None, value_name: str = "share",
) -> go.Figure:  # fmt: skip
    """`values (row, column)` from 0 to 1 with their numbers in the cells; NaN is a hole. A click reports `[row, column]`.

    `rows` and `columns` are plain labels. `selected` frames a row.
    """
    check(np.nan_to_num(values), rows, columns)
    z = [[None if np.isnan(value) else float(value) for value in row] for row in values]
    gaps = {"xgap": 1, "ygap": 1}
    told = touch([escape(row) for row in rows], [escape(column) for column in columns])
    colours = {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1, "colorbar": colour_bar(value_name)}
    tell = {"hoverongaps": False, "hovertemplate": hover(names, value_name, "z")}
    trace = {"type": "heatmap", "z": z, "meta": told} | gaps | colours | tell
    down = piece_axis([escape(row) for row in rows], names[0], type="linear", tickmode="array")
    across = piece_axis([escape(column) for column in columns], names[1], type="linear", tickmode="array", side="top")
    for each, labels in ((down, rows), (across, columns)):
        del each["labelalias"]
        each |= {"tickvals": list(range(len(labels))), "ticktext": [escape(label) for label in labels]}
    layout = {
        "xaxis": across, "yaxis": downwards(down), "meta": {"minimum_width": 150 + 64 * len(columns)},
        "shapes": [] if selected is None else [frame(0, len(columns) - 1, selected, selected, mode)],
    }  # fmt: skip
    return theme.figure(
        [trace, numerals(trace, two_digits(z))], layout, title=title, mode=mode, body=24 * len(rows), head=48, feet=FEET
    )


def two_digits(z: Sequence[Sequence[float | None]]) -> list[list[str]]:
    """The numbers of the cells; nothing in a hole."""
    return [["" if value is None else f"{value:.2f}" for value in line] for line in z]
