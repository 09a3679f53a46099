"""How attention forms while a model is trained: one head's maps over training, and how far each head has come.

A map of one moment reports `[snapshot, query, key]` when it is clicked, alone or among others; the picture of all heads reports
`[head, snapshot]`. All count from 0. Snapshots stand evenly spaced, whatever steps lie between them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, colour_bar, downwards, frame, hover, piece_axis, touch, turned
from figures.heads.attention import FEET, Mosaic, cells, head_frame, map_layout
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

ACROSS = 5  # maps side by side in a strip
TALL = 400  # pixels of a strip's maps, if that can be
NARROW = 60  # pixels of a map below which the page scrolls sideways: its label must fit
DIGITS = 4  # after the point: as exact as hovering tells
ROW = 26  # pixels of a head's row


def shares(mode: Mode) -> dict[str, Any]:
    """The colours of weights."""
    return {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1}


def moment_map(
    weights: Weights, queries: Sequence[str], keys: Sequence[str], *, number: int, names: tuple[str, str], title: str,
    mode: Mode = "light", selected: tuple[int, int] | None = None, value_name: str = "weight", origin: tuple[int, int] = (0, 0),
) -> go.Figure:  # fmt: skip
    """The map `weights (query, key)` of one head at snapshot `number`; `selected` and `origin` as for `attention.heatmap`."""
    check(weights, queries, keys)
    trace = cells(rounded(weights), shares(mode), value_name, names)
    trace["meta"] = touch(
        whole_labels(queries), whole_labels(keys), [{"at": (0, 0), "prefix": [number], "name": ""}], origin
    )
    layout = map_layout(weights.shape, queries, keys, names, mode, selected, origin)
    body = min(30, max(16, 300 // len(queries))) * len(queries)
    return theme.figure([trace], layout, title=title, mode=mode, body=body, head=turned(short_labels(keys)), feet=FEET)


def strip(
    weights: Weights, labels: Sequence[str], queries: Sequence[str], keys: Sequence[str], *, names: tuple[str, str],
    title: str, mode: Mode = "light", selected: int | None = None, value_name: str = "weight", origin: tuple[int, int] = (0, 0),
) -> go.Figure:  # fmt: skip
    """One head's maps `(snapshot, query, key)`, each below its label, row by row from the first; `selected` is framed."""
    check(weights, queries, keys)
    if len(labels) != len(weights):
        raise ValueError(f"There are {len(weights)} maps, but {len(labels)} labels.")
    plan = laid_out(*weights.shape)
    trace = cells(plan.spread([rounded(each) for each in weights]), shares(mode), value_name, names) | {
        "xgap": 0,
        "ygap": 0,
    }
    tiles = [
        {"at": plan.corner(place), "prefix": [place], "name": f"{escape(text)}: "} for place, text in enumerate(labels)
    ]
    trace["meta"] = touch(whole_labels(queries), whole_labels(keys), tiles, origin)
    rows, columns = plan.shape()
    bare = {"showticklabels": False}
    layout = {
        "xaxis": piece_axis([""] * columns, names[1], side="bottom", **bare),
        "yaxis": downwards(piece_axis([""] * rows, names[0], **bare)),
        "annotations": [tile_title(plan, place, text, place == selected, mode) for place, text in enumerate(labels)],
        "shapes": [] if selected is None else [head_frame(plan, selected, mode)],
        "meta": {"minimum_width": 44 + NARROW * plan.across},
    }  # fmt: skip
    return theme.figure([trace], layout, title=title, mode=mode, body=plan.cell * rows, feet=FEET + 34)


def laid_out(snapshots: int, queries: int, keys: int) -> Mosaic:
    """Where each map of a strip lies; cells so high that the whole is seen at one look, if they can be."""
    across = min(ACROSS, snapshots)
    down = -(-snapshots // across)
    cell = min(16, max(3, round((TALL - 26 * down) / (down * queries))))
    return Mosaic(snapshots, queries, keys, across, -(-26 // cell), cell)


def tile_title(plan: Mosaic, place: int, text: str, chosen: bool, mode: Mode) -> dict[str, Any]:
    """The label over a map."""
    top, left = plan.corner(place)
    font = {"size": theme.SMALL, "color": theme.ACCENT[mode] if chosen else theme.INK[mode]}
    place_ = {"x": left - 0.5, "y": top - 0.5, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    return place_ | {"text": f"<b>{escape(text)}</b>" if chosen else escape(text), "font": font, "borderpad": 1}


def heads(
    overlaps: Weights, rows: Sequence[str], columns: Sequence[str], *, moments: Sequence[int | None],
    names: tuple[str, str], title: str, mode: Mode = "light", selected: tuple[int, int] | None = None,
    value_name: str = "overlap", moment_name: str = "becomes what it is",
) -> go.Figure:  # fmt: skip
    """`overlaps (head, snapshot)` from 0 to 1; a diamond marks the snapshot `moments[head]`, if that head has one.

    `rows` and `columns` are plain labels of heads and snapshots. `selected` frames the cell (head, snapshot) and its column.
    """
    check(overlaps, rows, columns)
    if len(moments) != len(rows):
        raise ValueError(f"There are {len(rows)} heads, but {len(moments)} moments.")
    trace = {
        "type": "heatmap", "z": rounded(overlaps), "xgap": 1, "ygap": 1, "hovertemplate": hover(names, value_name, "z"),
        "colorbar": colour_bar(value_name), "meta": touch([escape(row) for row in rows], [escape(column) for column in columns]),
    } | shares(mode)  # fmt: skip
    across = labelled(columns, names[1]) | {"side": "top", "autotickangles": [0, -90]}
    layout = {
        "xaxis": across, "yaxis": downwards(labelled(rows, names[0])), "meta": {"minimum_width": 58 + round(14.5 * len(columns))},
        "shapes": [] if selected is None else [
            frame(selected[1], selected[1], 0, len(rows) - 1, mode) | {"line": {"color": theme.ACCENT[mode], "width": 1.5}},
            frame(selected[1], selected[1], selected[0], selected[0], mode),
        ],
    }  # fmt: skip
    return theme.figure(
        [trace, diamonds(moments, moment_name)], layout, title=title, mode=mode, body=ROW * len(rows),
        head=34 + round(7.5 * max(len(column) for column in columns)), feet=FEET,
    )  # fmt: skip


def labelled(labels: Sequence[str], title: str) -> dict[str, Any]:
    """An axis counted in cells, each with its label."""
    ticks = {"tickmode": "array", "tickvals": list(range(len(labels))), "ticktext": [escape(text) for text in labels]}
    text = {"text": escape(title), "standoff": 8}
    return {"type": "linear", "range": [-0.5, len(labels) - 0.5], "fixedrange": True, "title": text} | ticks


def diamonds(moments: Sequence[int | None], name: str) -> dict[str, Any]:
    """The marks of the moments, light with a dark edge, so that they are seen on every colour."""
    there = [(place, moment) for place, moment in enumerate(moments) if moment is not None]
    look = {
        "size": 12, "symbol": "diamond", "color": theme.LIGHT_INK, "line": {"width": 2, "color": theme.DARK_INK},
    }  # fmt: skip
    return {
        "type": "scatter", "mode": "markers", "name": escape(name), "hoverinfo": "skip", "marker": look,
        "x": [moment for _, moment in there], "y": [place for place, _ in there],
    }  # fmt: skip


def rounded(weights: Weights) -> list[list[float | None]]:
    """The numbers of a map `(row, column)` as they are drawn."""
    numbers: list[list[float | None]] = np.round(np.asarray(weights, dtype=np.float64), DIGITS).tolist()
    return numbers
