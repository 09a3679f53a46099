"""A product of two matrices as it is done on paper: the left one beside the result, the right one above it.

Row i of the left and column j of the right meet in cell (i, j) of the result. A click reports `[panel, row, column]`, with a
number of the caller's choice for each panel (see `Panels`), rows of pieces counted from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, colour_bar, downwards, frame, hover, piece_axis, touch
from figures.heads.attention import FEET
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

SPLIT = (0.36, 0.42)  # where the left matrix ends and the result begins, as shares of the width
GAP, STRIP = 26, 14  # pixels between the panels, and of the bias


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """What the matrices of a product are called, and what a click on each reports first."""

    result: str
    left: str
    right: str
    equation: str  # one line
    rows: str  # the title of the pieces' axis
    inner: str  # what the left's columns and the right's rows are
    columns: str = "dimension"
    codes: tuple[int, int, int] = (0, 1, 2)  # result, left, right

    def told(self, place: int, rows: Sequence[str], columns: Sequence[str], origin: tuple[int, int]) -> dict[str, Any]:
        """What the cells of panel `place` (0 result, 1 left, 2 right) say and report."""
        name = (self.result, self.left, self.right)[place]
        down, across = ((self.rows, self.columns), (self.rows, self.inner), (self.inner, self.columns))[place]
        tiles = [{"at": (0, 0), "prefix": [self.codes[place]], "name": ""}]
        return {
            "meta": touch(rows, columns, tiles, origin),
            "hovertemplate": hover((down, across), name, "z"),
        }


def product(
    result: Weights, left: Weights, right: Weights, rows: Sequence[str], *, panels: Panels, title: str,
    mode: Mode = "light", inner: Sequence[str] | None = None, bias: Weights | None = None,
    selected: tuple[int | None, int | None] = (None, None), origin: tuple[int, int] = (0, 0), shares: bool = False,
) -> go.Figure:  # fmt: skip
    """`result (row, column) = left (row, inner) @ right (inner, column) + bias (column)`; rows are pieces.

    `inner` are pieces too, or else numbered dimensions. `selected` is the chosen cell of the result, or only its row or column.
    `origin` is the first row's and the first inner place's number; `shares` colours the left as weights from 0 to 1.
    """
    numbers, middle = numbers_or(None, result.shape[1]), numbers_or(inner, left.shape[1])
    check(result, rows, numbers)
    shape = (len(rows), left.shape[1], result.shape[1])
    body, places = heights(shape[0], shape[1], inner is not None, bias is not None)
    data = [
        panel(result, ("x", "y"), mode) | panels.told(0, whole_labels(rows), numbers, (origin[0], 0)),
        panel(left, ("x2", "y"), mode, shares) | panels.told(1, whole_labels(rows), middle, origin),
        panel(right, ("x", "y2"), mode) | panels.told(2, middle, numbers, (origin[1], 0)),
    ]
    data[0] |= {"showscale": True, "colorbar": colour_bar(panels.result)}
    if bias is not None:
        data.append(strip(bias, mode))
    layout = axes_of(rows, inner, shape[1:], panels, places) | {
        "annotations": captions(panels, left, right, bias is not None, shares, places),
        "shapes": frames(selected, origin[0], shape, mode),
        "meta": {"minimum_width": 460 if inner is None else 560},
    }
    return theme.figure(data, layout, title=title, mode=mode, body=body, feet=FEET + 48)


def numbers_or(pieces: Sequence[str] | None, count: int) -> list[str]:
    """The pieces' labels, or numbers from 0."""
    return [str(place) for place in range(count)] if pieces is None else whole_labels(pieces)


def heights(rows: int, inner: int, pieces: bool, bias: bool) -> tuple[int, dict[str, list[float]]]:
    """The pixels of the whole, and what share of them belongs to the result, the bias and the right matrix, from below."""
    below = min(30, max(10, 190 // rows)) * rows
    above = min(24, max(10, 170 // inner)) * inner if pieces else min(150, max(100, inner))
    strip = STRIP + 8 if bias else 0
    whole = below + GAP + strip + above
    edges = {"result": (0, below), "bias": (below + GAP - 6, below + GAP - 6 + STRIP), "right": (whole - above, whole)}
    return whole, {name: [low / whole, high / whole] for name, (low, high) in edges.items()}


def panel(values: Weights, axes: tuple[str, str], mode: Mode, shares: bool = False) -> dict[str, Any]:
    """One matrix with colours of its own: from minus to plus its largest size, or `shares` from 0 to 1."""
    reach = limit(values)
    scale: dict[str, Any] = {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach, "showscale": False}
    if shares:
        scale |= {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1}
    down = {"y": [str(row) for row in range(len(values))]} if axes[1] == "y" else {"y0": 0, "dy": 1}
    gaps = {"xgap": int(values.shape[1] <= 40), "ygap": int(values.shape[0] <= 40)}
    return (
        {"type": "heatmap", "z": values.tolist(), "x0": 0, "dx": 1, "xaxis": axes[0], "yaxis": axes[1]}
        | down
        | scale
        | gaps
    )


def strip(bias: Weights, mode: Mode) -> dict[str, Any]:
    """The bias: one row of numbers between the right matrix and the result."""
    reach = limit(bias)
    scale = {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach, "showscale": False, "xgap": 1}
    where = {"x0": 0, "dx": 1, "y0": 0, "dy": 1, "xaxis": "x", "yaxis": "y3"}
    return {"type": "heatmap", "z": [bias.tolist()], "hovertemplate": "b %{x}: %{z:.4f}<extra></extra>"} | scale | where


def limit(values: Weights) -> float:
    """The largest size, which has the strongest colour."""
    return float(np.abs(values).max(initial=0)) or 1.0


def axes_of(
    rows: Sequence[str], inner: Sequence[str] | None, shape: tuple[int, int], panels: Panels,
    places: dict[str, list[float]],
) -> dict[str, Any]:  # fmt: skip
    """Pieces downwards, dimensions across. `shape` is (inner, columns); inner pieces are named at both of their axes."""
    plain = {"type": "linear", "fixedrange": True, "tickformat": "d", "nticks": 9}
    across = {"domain": [SPLIT[1], 1], "range": [-0.5, shape[1] - 0.5], "title": {"text": escape(panels.columns)}}
    left: dict[str, Any] = {"domain": [0, SPLIT[0]], "range": [-0.5, shape[0] - 0.5], "nticks": 4, "anchor": "y"}
    above: dict[str, Any] = {"domain": places["right"], "range": [shape[0] - 0.5, -0.5], "anchor": "x"}
    title = {"text": escape(panels.inner)}
    if inner is None:
        left, above = left | {"title": title}, above | {"visible": False}
    else:
        marks = list(range(0, len(inner), -(-len(inner) // 16)))
        named = {"tickmode": "array", "tickvals": marks, "ticktext": [short_labels(inner)[mark] for mark in marks]}
        left, above = left | named | {"side": "top", "tickangle": -90}, above | named
    return {
        "xaxis": plain | across | {"anchor": "y"},
        "xaxis2": plain | left,
        "yaxis": downwards(piece_axis(short_labels(rows), panels.rows)) | {"domain": places["result"], "anchor": "x2"},
        "yaxis2": plain | above,
        "yaxis3": plain | {"domain": places["bias"], "range": [-0.5, 0.5], "anchor": "x", "visible": False},
    }


def captions(
    panels: Panels, left: Weights, right: Weights, bias: bool, shares: bool, places: dict[str, list[float]]
) -> list[Any]:
    """What each matrix is, and how far its colours reach; the equation in the empty corner."""
    quiet = {"xref": "paper", "yref": "paper", "showarrow": False, "xanchor": "left", "align": "left"}
    reach = "0 … 1" if shares else f"±{limit(left):.2f}"
    corner = [
        f"<b>{escape(panels.equation)}</b>", sized(panels.left, left, reach), sized(panels.right, right, f"±{limit(right):.2f}")
    ]  # fmt: skip
    drawn = [
        quiet
        | {"x": 0, "y": 1, "yanchor": "top", "yshift": -20 * line, "text": text, "font": {"size": theme.FONT_SIZE}}
        for line, text in enumerate(corner)
    ]
    if bias:
        middle = {"x": SPLIT[1], "xshift": -14, "y": sum(places["bias"]) / 2, "yanchor": "middle"}
        drawn.append(quiet | middle | {"text": "b", "font": {"size": theme.SMALL}})
    return drawn


def sized(name: str, values: Weights, reach: str) -> str:
    """`W_Q: 128 × 32, ±0.31`."""
    rows, columns = values.shape
    return f"{escape(name)}: {rows} × {columns}, {reach}"


def frames(
    selected: tuple[int | None, int | None], first: int, shape: tuple[int, int, int], mode: Mode
) -> list[dict[str, Any]]:
    """The chosen cell of the result, and the row and the column it is made of. `shape` is (rows, inner, columns)."""
    rows, inner, columns = shape
    row = None if selected[0] is None or not 0 <= selected[0] - first < rows else selected[0] - first
    column = None if selected[1] is None or not 0 <= selected[1] < columns else selected[1]
    drawn = []
    if row is not None:
        drawn.append(frame(0, inner - 1, row, row, mode) | {"xref": "x2", "yref": "y"})
    if column is not None:
        drawn.append(frame(column, column, 0, inner - 1, mode) | {"xref": "x", "yref": "y2"})
    if row is not None and column is not None:
        drawn.append(frame(column, column, row, row, mode) | {"xref": "x", "yref": "y"})
    return drawn
