"""Vectors, one row for each piece: embeddings, positions, queries, keys, values, the residual stream.

Blue is below zero and red above, with one scale for the whole picture. A click on a cell reports `[row, column]`, from 0.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, downwards, piece_axis, touch
from figures.heads.attention import FEET, cells, framed
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

AXES = ("piece", "dimension")


def heatmap(
    values: Weights, rows: Sequence[str], columns: Sequence[str] | None = None, *, names: tuple[str, str] = AXES,
    title: str, mode: Mode = "light", selected: tuple[int, int] | None = None, value_name: str = "value",
    limit: float | None = None, origin: tuple[int, int] = (0, 0), tall: int = 380,
) -> go.Figure:  # fmt: skip
    """`values` (row, column), a row for each of the pieces `rows`; `columns` are plain labels, else numbers from 0.

    Colours reach from `-limit` to `limit` (default: the largest size there is). `origin` is the first cell's row and column
    if `values` is a part of a larger table: cells and `selected` count from there. `tall` is the map's height in pixels if its rows allow.
    """
    across = [str(origin[1] + place) for place in range(values.shape[1])] if columns is None else list(columns)
    check(values, rows, across)
    reach = limit or float(np.abs(values).max(initial=0)) or 1.0
    colours = {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach}
    trace = cells(values.tolist(), colours, value_name, names) | {"ygap": 2 if len(rows) <= 30 else 0}
    if len(across) > 40:
        trace["xgap"] = 0
    trace["meta"] = touch(whole_labels(rows), [escape(text) for text in across], origin=origin)
    layout = {
        "xaxis": piece_axis(
            [escape(text) for text in across], names[1], side="bottom", autotickangles=[0, -90], nticks=12
        ),
        "yaxis": downwards(piece_axis(short_labels(rows), names[0])),
        "shapes": framed(selected, origin, values.shape, mode),
        "meta": {"minimum_width": min(110 + 16 * len(across), 340)},
    }
    body = min(36, max(16, tall // len(rows))) * len(rows)
    return theme.figure([trace], layout, title=title, mode=mode, body=body, feet=FEET + 40)
