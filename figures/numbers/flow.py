"""What each part adds to one vector on its way up, as bars: a row for each sub-layer, the lowest first, a segment for each part.

A segment is as long as the vector that the part adds. A click reports `[row, part]`, from 0.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights
from figures.labels import escape
from figures.theme import Mode

ROW, LEAST = 27, 17  # pixels of a row, and when there are many
TALL = 300  # pixels that all rows together should not need
LETTER = 0.022  # of the longest row: what a letter in a segment needs


def flow(
    rows: Sequence[str], parts: Sequence[str], lengths: Weights, *, marks: Sequence[str], title: str, mode: Mode = "light",
    names: tuple[str, str] = ("sub-layer", "length"), selected: tuple[int, int] | None = None,
) -> go.Figure:  # fmt: skip
    """`lengths` (row, part), NaN where a row has no such part. `marks` are short names, written where they fit.

    The first part is what came in, the last two are the feed-forward network and the biases; those between are heads.
    """
    if lengths.shape != (len(rows), len(parts)) or not np.isfinite(lengths).any():
        raise ValueError(f"Expected {len(rows)} rows of {len(parts)} lengths, but their shape is {lengths.shape}.")
    there = np.argwhere(np.isfinite(lengths)).tolist()
    starts = np.nancumsum(lengths, axis=1) - np.nan_to_num(lengths)
    longest = float(np.nansum(lengths, axis=1).max()) or 1.0
    looks = [look(part, len(parts), mode) for _row, part in there]
    trace = {
        "type": "bar", "orientation": "h", "x": [float(lengths[row, part]) for row, part in there],
        "base": [float(starts[row, part]) for row, part in there], "y": [row for row, _part in there], "width": 0.78,
        "customdata": there, "hovertext": [f"{escape(rows[row])}: {escape(parts[part])}" for row, part in there],
        "hovertemplate": f"<b>%{{hovertext}}</b><br>{escape(names[1])} %{{x:.3f}}<extra></extra>",
        "text": [escape(marks[part]) if lengths[row, part] > LETTER * longest * len(marks[part]) else "" for row, part in there],
        "textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
        "marker": {
            "color": [colour for colour, *_rest in looks], "line": {"color": [edge for *_rest, edge in looks], "width": 1},
            "pattern": {"shape": [shape for _colour, _ink, shape, _edge in looks], "fillmode": "overlay", "fgopacity": 0.25, "size": 7},
        },
        "insidetextfont": {"size": theme.SMALL, "color": [ink for _colour, ink, *_rest in looks]},
    }  # fmt: skip
    height = min(ROW, max(LEAST, TALL // len(rows)))
    layout = {
        "xaxis": {"title": {"text": escape(names[1])}, "range": [0, 1.02 * longest], "fixedrange": True, "showgrid": True},
        "yaxis": {
            "title": {"text": escape(names[0]), "standoff": 8}, "range": [-0.5, len(rows) - 0.5], "fixedrange": True,
            "tickmode": "array", "tickvals": list(range(len(rows))), "ticktext": [escape(row) for row in rows],
        },
        "barmode": "overlay", "shapes": framed(selected, lengths, starts, mode), "meta": {"minimum_width": 330},
    }  # fmt: skip
    return theme.figure([trace], layout, title=title, mode=mode, body=height * len(rows), feet=44)


def look(part: int, parts: int, mode: Mode) -> tuple[str, str, str, str]:
    """The colour of a part, of what is written on it, its pattern, and the colour of its edge."""
    if part == 0:
        return theme.GRID[mode], theme.INK[mode], "", theme.BACKGROUND[mode]
    if part == parts - 2:
        return theme.MUTED[mode], theme.BACKGROUND[mode], "/", theme.BACKGROUND[mode]
    if part == parts - 1:
        return theme.PANEL[mode], theme.INK[mode], ".", theme.MUTED[mode]
    return theme.head_colour(part - 1), theme.token_ink(part - 1), "", theme.BACKGROUND[mode]


def framed(selected: tuple[int, int] | None, lengths: Weights, starts: Weights, mode: Mode) -> list[dict[str, Any]]:
    """The frame of the chosen segment, if it is there."""
    if selected is None or not np.isfinite(lengths[selected]):
        return []
    row, left, right = selected[0], float(starts[selected]), float(starts[selected] + lengths[selected])
    line = {"color": theme.ACCENT[mode], "width": 3}
    return [
        {"type": "rect", "x0": left, "x1": right, "y0": row - 0.43, "y1": row + 0.43, "line": line, "layer": "above"}
    ]
