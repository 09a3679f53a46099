"""The steps of one head, each a map of query by key: scores of any kind, and the weights. A click reports `[step, query, key]`.

What the mask forbids is not a number but a hole with a cross, so that it is seen without colour; it can be clicked all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures import theme
from figures.grid import Weights, check, numerals, touch, turned
from figures.heads.attention import FEET, PIECES, cells, map_layout
from figures.labels import label, short_labels, whole_labels
from figures.numbers.products import Panels, product
from figures.theme import Mode

WRITTEN = (16, 20)  # at most so many keys and queries have their numbers written into their cells
WIDE = 9  # up to so many keys there is room for a number with two decimals


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The numbers of one head that are drawn."""

    products: Weights  # query key: Q K^T
    scores: Weights  # query key, before the mask
    mask: NDArray[np.bool_]  # query key: True where the query may look
    weights: Weights  # query key
    values: Weights  # key d_head
    output: Weights  # query d_head


def step(
    values: Weights, queries: Sequence[str], keys: Sequence[str], *, number: int, mask: NDArray[np.bool_] | None = None,
    shares: bool = False, names: tuple[str, str] = PIECES, title: str, mode: Mode = "light", value_name: str = "score",
    limit: float | None = None, masked: str = "masked", selected: tuple[int, int] | None = None,
    origin: tuple[int, int] = (0, 0),
) -> go.Figure:  # fmt: skip
    """`values` (query, key) of step `number`; where `mask` is False, a cross that says `masked`.

    Colours are those of signed numbers up to `limit`, or of `shares` from 0 to 1. `origin` is the first query and key drawn.
    """
    check(values, queries, keys)
    reach = limit or float(np.abs(values).max(initial=0)) or 1.0
    colours = {"colorscale": theme.diverging(mode), "zmin": -reach, "zmax": reach}
    if shares:
        colours = {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1}
    seen: list[list[float | None]] = values.tolist()
    if mask is not None:
        seen = [
            [value if may else None for value, may in zip(*row, strict=True)]
            for row in zip(seen, mask.tolist(), strict=True)
        ]
    rows, columns = values.shape
    roomy = columns <= WRITTEN[0] and rows <= WRITTEN[1]
    trace = cells(seen, colours, value_name, names)
    tiles = [{"at": (0, 0), "prefix": [number], "name": ""}]
    trace["meta"] = touch(whole_labels(queries), whole_labels(keys), tiles, origin)
    data = [trace] if mask is None else [trace, crosses(mask, queries, keys, number, masked, origin, mode)]
    data += [numerals(trace, written(seen, shares))] if roomy else []
    cell, head = min(40, max(18, 270 // rows)), turned(short_labels(keys))
    layout = map_layout(
        values.shape,
        queries,
        keys,
        names,
        mode,
        selected,
        origin,
        room=16 if not roomy else 46 if columns <= WIDE and not shares else 32,
    )
    return theme.figure(data, layout, title=title, mode=mode, body=cell * rows, head=head, feet=FEET)


def written(values: list[list[float | None]], shares: bool) -> list[list[str]]:
    """The numbers of the cells: shares without their 0, and fewer decimals where there are many columns."""
    decimals = 2 if shares or len(values[0]) <= WIDE else 1
    return [["" if value is None else brief(value, decimals, shares) for value in row] for row in values]


def brief(value: float, decimals: int, share: bool) -> str:
    """A number in a cell, with a true minus sign."""
    told = f"{value:.{decimals}f}".replace("-", "−")
    return told.removeprefix("0") if share else told


def crosses(
    mask: NDArray[np.bool_], queries: Sequence[str], keys: Sequence[str], number: int, masked: str,
    origin: tuple[int, int], mode: Mode,
) -> dict[str, Any]:  # fmt: skip
    """A cross in every cell that the mask forbids."""
    forbidden = np.argwhere(~mask).tolist()
    whole = whole_labels(queries), whole_labels(keys)
    line = {"width": 1.5, "color": theme.MUTED[mode]}
    return {
        "type": "scatter", "mode": "markers", "x": [str(key) for _, key in forbidden],
        "y": [str(query) for query, _ in forbidden], "marker": {"symbol": "x-thin", "size": 9, "line": line},
        "customdata": [[number, query + origin[0], key + origin[1]] for query, key in forbidden],
        "hovertext": [f"{whole[0][query]} → {whole[1][key]}<br>{masked}" for query, key in forbidden],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip


def strongest(values: Weights, queries: Sequence[str], keys: Sequence[str], mask: NDArray[np.bool_]) -> str:
    """For the alt text: the largest and the smallest number that is not masked, and where they are."""
    top, low = np.where(mask, values, -np.inf).argmax(), np.where(mask, values, np.inf).argmin()
    ends = [divmod(int(place), values.shape[1]) for place in (top, low)]
    told = [f"{label(queries[q])} → {label(keys[k])} {values[q, k]:.2f}" for q, k in ends]
    return f"{told[0]} … {told[1]}"


def pictures(
    head: Head, queries: Sequence[str], keys: Sequence[str], *, titles: Sequence[str], value_names: Sequence[str],
    masked: str, panels: Panels, names: tuple[str, str], selected: tuple[int, int] | None, column: int | None,
    origin: tuple[int, int], mode: Mode,
) -> list[go.Figure]:  # fmt: skip
    """All five steps: Q K^T, the scores, the scores under the mask, the weights, and the weights times V.

    `selected` is the chosen query and key, `column` the chosen dimension of the output; both count from 0 like `origin`.
    """
    steps = (head.products, head.scores, head.scores, head.weights)
    more: dict[str, Any] = {"names": names, "selected": selected, "origin": origin, "mode": mode}
    drawn = [
        step(
            values, queries, keys, number=number, mask=head.mask if number > 2 else None, shares=number == len(steps),
            title=titles[number - 1], value_name=value_names[number - 1], masked=masked, **more,
        )
        for number, values in enumerate(steps, 1)
    ]  # fmt: skip
    parts = head.output, head.weights, head.values, queries
    row = None if selected is None else selected[0]
    last = product(
        *parts,
        panels=panels,
        title=titles[-1],
        mode=mode,
        inner=keys,
        selected=(row, column),
        origin=origin,
        shares=True,
    )
    return [*drawn, last]
