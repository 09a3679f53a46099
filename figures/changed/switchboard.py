"""All heads of the model as one board, a cell for each: on or off, or coloured by what a head is worth.

Rows are layers, columns heads, one block below the other for the three attentions. A click reports `[attention, layer, head]`,
counted from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, colour_bar, downwards, frame, touch
from figures.heads.attention import FEET
from figures.labels import escape
from figures.theme import Mode

Colours = Literal["switch", "signed", "share"]
CELL, LINE = 26, 13  # pixels of a cell, and of each further line in it
NARROW = 56  # pixels of a cell's width, below which the page scrolls sideways


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The heads of one attention. `values` are (layer, head), finite; `texts` stand in the cells, `<br>` breaks their lines."""

    name: str
    number: int  # reported by a click
    values: Weights
    texts: tuple[tuple[str, ...], ...]
    switched: tuple[tuple[bool, ...], ...]  # cells whose text is bold and framed by a dotted line


def board(
    blocks: Sequence[Block], *, colours: Colours, title: str, mode: Mode = "light", value_name: str = "value",
    selected: tuple[int, int, int] | None = None, layer_name: str = "layer", head_name: str = "head",
) -> go.Figure:  # fmt: skip
    """The board. `switch` colours 1 (on) and 0 (off), `signed` about 0, `share` from 0 up; `selected` frames a head."""
    if not blocks or any(not block.values.size or not np.isfinite(block.values).all() for block in blocks):
        raise ValueError("Expected one number at least in each block, none of them NaN or infinite.")
    reach = max(float(np.abs(block.values).max()) for block in blocks) or 1.0
    scale = coloured(colours, reach, mode)
    most = max(text.count("<br>") for block in blocks for line in block.texts for text in line)
    cell = CELL + LINE * most
    tops, row = [], 0  # whole numbers, for the arrow keys count rows
    for block in blocks:
        tops.append(row + 1)  # below its name
        row += 1 + len(block.values)
    heads = max(block.values.shape[1] for block in blocks)
    traces = [
        trace(block, top, scale, "" if colours == "switch" else value_name, (layer_name, head_name), bar=place == 0)
        for place, (block, top) in enumerate(zip(blocks, tops, strict=True))
    ]
    shapes = [shape for block, top in zip(blocks, tops, strict=True) for shape in framed(block, top, selected, mode)]
    layout = axes(blocks, tops, heads, row, layer_name, head_name) | {
        "shapes": shapes, "meta": {"minimum_width": 60 + NARROW * heads},
        "annotations": [heading(block.name, top, mode) for block, top in zip(blocks, tops, strict=True)],
    }  # fmt: skip
    words = [written(block, top, scale) for block, top in zip(blocks, tops, strict=True)]
    feet = FEET if colours != "switch" else 8
    return theme.figure([*traces, *words], layout, title=title, mode=mode, body=round(cell * row), head=44, feet=feet)


def coloured(colours: Colours, reach: float, mode: Mode) -> dict[str, Any]:
    """The scale of the cells."""
    if colours == "switch":
        return {"colorscale": theme.colour_scale((theme.MUTED[mode], theme.PANEL[mode])), "zmin": 0, "zmax": 1}
    if colours == "signed":
        return {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach}
    return {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": reach}


def trace(
    block: Block, top: int, scale: dict[str, Any], value_name: str, names: tuple[str, str], bar: bool
) -> dict[str, Any]:
    """The cells of one attention; without a `value_name` their texts are said instead of their numbers, which have no bar."""
    layers, heads = block.values.shape
    rows, columns = (
        [f"{escape(name)} {place + 1}" for place in range(count)]
        for name, count in zip(names, (layers, heads), strict=True)
    )
    tile = {"at": (0, 0), "prefix": [block.number], "name": f"{escape(block.name)}: "}
    said = [[escape(text.replace("<br>", " ")) for text in line] for line in block.texts]
    told = touch(rows, columns, [tile], words=() if value_name else said)
    number = f"<br>{escape(value_name)} %{{z:.4f}}" if value_name else ""
    tell, bar = {"hovertemplate": f"<b>%{{hovertext}}</b>{number}<extra></extra>"}, bar and bool(value_name)
    grid = {"z": block.values.tolist(), "y0": top, "dy": 1, "xgap": 4, "ygap": 4, "meta": told, "showscale": bar}
    return {"type": "heatmap"} | grid | scale | tell | ({"colorbar": colour_bar(value_name)} if bar else {})


def axes(
    blocks: Sequence[Block], tops: Sequence[int], heads: int, rows: int, layer_name: str, head_name: str
) -> dict[str, Any]:
    """Heads across, layers down."""
    marks = [(top + layer, str(layer + 1)) for block, top in zip(blocks, tops, strict=True) for layer in range(len(block.values))]  # fmt: skip
    fixed = {"type": "linear", "tickmode": "array", "fixedrange": True}
    across = fixed | {
        "range": [-0.5, heads - 0.5], "side": "top", "title": {"text": escape(head_name), "standoff": 6},
        "tickvals": list(range(heads)), "ticktext": [str(head + 1) for head in range(heads)],
    }  # fmt: skip
    down = fixed | {
        "range": [-0.5, rows - 0.5], "title": {"text": escape(layer_name), "standoff": 6},
        "tickvals": [place for place, _ in marks], "ticktext": [text for _, text in marks], "ticklabelstandoff": 6,
    }  # fmt: skip
    return {"xaxis": across, "yaxis": downwards(down)}


def framed(block: Block, top: int, selected: tuple[int, int, int] | None, mode: Mode) -> list[dict[str, Any]]:
    """Dotted frames of the heads that are switched, and the frame of the chosen one."""
    found = []
    for layer, line in enumerate(block.switched):
        for head, is_switched in enumerate(line):
            if is_switched:
                dotted = frame(head, head, top + layer, top + layer, mode)
                found.append(dotted | {"line": {"color": theme.INK[mode], "width": 2, "dash": "dot"}})
    if selected and selected[0] == block.number:
        found.append(frame(selected[2], selected[2], top + selected[1], top + selected[1], mode))
    return found


def heading(name: str, top: int, mode: Mode) -> dict[str, Any]:
    """The name of an attention above its first layer."""
    place = {"x": -0.5, "y": top - 0.5, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    return place | {"text": f"<b>{escape(name)}</b>", "font": {"size": theme.SMALL, "color": theme.INK[mode]}}


def written(block: Block, top: int, scale: dict[str, Any]) -> dict[str, Any]:
    """The texts in the cells, dark or light, whichever can be read on the cell's colour."""
    cells = [(layer, head) for layer in range(len(block.texts)) for head in range(len(block.texts[layer]))]
    shown = []
    for layer, head in cells:
        lines = "<br>".join(escape(line) for line in block.texts[layer][head].split("<br>"))
        shown.append(f"<b>{lines}</b>" if block.switched[layer][head] else lines)
    inks = theme.inks(scale, [float(block.values[cell]) for cell in cells])
    return {
        "type": "scatter", "mode": "text", "hoverinfo": "skip", "x": [head for _, head in cells],
        "y": [top + layer for layer, _ in cells], "text": shown, "textfont": {"size": theme.SMALL, "color": inks},
    }  # fmt: skip
