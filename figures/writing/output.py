"""From logits to the next piece: a row of numbers for each candidate, and its probability as a bar under them.

The outline of a bar is the probability that the softmax gives. The filled part is what top-k and top-p leave of it, shared out
again so that all that is left adds up to 1. A click on a row reports `[row]`, from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights
from figures.labels import escape, shorten
from figures.theme import Mode

ROW = 30  # pixels of a candidate: its numbers and its bar
COLUMNS = (0.34, 0.49, 0.66, 0.83, 1.0)  # right edges of the numbers, as a share of the width
LABEL = 11  # characters of a piece that fit on a telephone
CROSS = "✕ "


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A row below the candidates: several pieces together."""

    label: str
    exp: float
    probability: float
    chance: float


def candidates(
    labels: Sequence[str], logits: Weights, scaled: Weights, exps: Weights, probabilities: Weights, chances: Weights, *,
    heads: Sequence[str], sums: Sequence[Sum] = (), title: str, mode: Mode = "light", selected: int | None = None,
) -> go.Figure:  # fmt: skip
    """One row per candidate, the most probable on top; all arrays are `(candidate,)`.

    `heads` names the piece and the five numbers: logit, over the temperature, exp, probability, after the cuts. A cross marks
    a candidate that the cuts leave out, which has a chance of 0.
    """
    check(labels, (logits, scaled, exps, probabilities, chances))
    count = len(labels)
    columns = [
        [*map(fixed, logits), *["" for _ in sums]],
        [*map(fixed, scaled), *["" for _ in sums]],
        [*map(share, exps), *[share(row.exp) for row in sums]],
        [*map(share, probabilities), *[share(row.probability) for row in sums]],
        [*map(share, chances), *[share(row.chance) for row in sums]],
    ]
    names = [("" if left > 0 else CROSS) + label for label, left in zip(labels, chances, strict=True)]
    data = [
        filled(chances, labels),
        outlined(probabilities, mode),
        touched(labels),
        column(
            [shorten(name, LABEL) for name in [*names, *[row.label for row in sums]]], 0.0, "middle right", bold=True
        ),
        *(column(texts, edge, "middle left") for texts, edge in zip(columns, COLUMNS, strict=True)),
    ]
    last = count + len(sums) - 0.5
    layout = {
        "xaxis": {"visible": False, "fixedrange": True, "range": [-0.01, 1.01]},
        "yaxis": {"visible": False, "fixedrange": True, "range": [last, -1.1]},
        "annotations": [heading(text, edge, mode) for text, edge in zip(heads, (0.0, *COLUMNS), strict=True)],
        "shapes": framed(selected, count, mode),
        "barmode": "overlay",
        "meta": {"minimum_width": 340},
    }
    body = round(ROW * (last + 1.1))
    return theme.figure(data, layout, title=title, mode=mode, body=body)


def check(labels: Sequence[str], arrays: Sequence[Weights]) -> None:
    """Raise `ValueError` unless there is a number of each kind for each label."""
    if not labels or any(np.shape(array) != (len(labels),) for array in arrays):
        shapes = ", ".join(str(np.shape(array)) for array in arrays)
        raise ValueError(f"Expected numbers for {len(labels)} labels, at least one, but the shapes are {shapes}.")


def filled(chances: Weights, labels: Sequence[str]) -> dict[str, Any]:
    """What the cuts leave, as bars from 0 to 1 under the numbers."""
    return bar([float(value) for value in chances]) | {
        "marker": {"color": theme.token_colour(0)},
        "customdata": [[row] for row in range(len(labels))],
        "hovertext": [escape(label) for label in labels],
        "hovertemplate": "<b>%{hovertext}</b><extra></extra>",
    }


def outlined(probabilities: Weights, mode: Mode) -> dict[str, Any]:
    """What the softmax gave, as outlines."""
    edge = {"color": theme.TRANSPARENT, "line": {"color": theme.INK[mode], "width": 1.5}}
    return bar([float(value) for value in probabilities]) | {"marker": edge, "hoverinfo": "skip"}


def touched(labels: Sequence[str]) -> dict[str, Any]:
    """A whole row that can be clicked, although its bar may be short."""
    count = len(labels)
    return {
        "type": "bar", "orientation": "h", "x": [1] * count, "y": list(range(count)), "width": 1,
        "marker": {"color": theme.TRANSPARENT}, "customdata": [[row] for row in range(count)],
        "hovertext": [escape(label) for label in labels], "hovertemplate": "<b>%{hovertext}</b><extra></extra>",
    }  # fmt: skip


def bar(lengths: list[float]) -> dict[str, Any]:
    """Thin bars at the foot of each row."""
    return {
        "type": "bar", "orientation": "h", "x": lengths, "y": [row + 0.22 for row in range(len(lengths))], "width": 0.2,
    }  # fmt: skip


def column(texts: Sequence[str], edge: float, side: str, bold: bool = False) -> dict[str, Any]:
    """One column of texts; `side` is where they stand beside the edge."""
    shown = [f"<b>{escape(text)}</b>" if bold else text for text in texts]
    place = {"x": [edge] * len(texts), "y": [row - 0.16 for row in range(len(texts))]}
    look = {"textposition": side, "textfont": {"size": theme.FONT_SIZE if bold else theme.SMALL}, "cliponaxis": False}
    return {"type": "scatter", "mode": "text", "text": shown, "hoverinfo": "skip"} | place | look


def heading(text: str, edge: float, mode: Mode) -> dict[str, Any]:
    """What a column holds."""
    look = {"showarrow": False, "font": {"size": theme.SMALL, "color": theme.MUTED[mode]}, "borderpad": 0}
    return look | {"x": edge, "y": -0.75, "xanchor": "right" if edge else "left", "text": escape(text)}


def framed(selected: int | None, count: int, mode: Mode) -> list[dict[str, Any]]:
    """The frame of the chosen row, if it is one of those shown."""
    if selected is None or not 0 <= selected < count:
        return []
    line = {"color": theme.ACCENT[mode], "width": 3}
    return [{"type": "rect", "x0": -0.01, "x1": 1.01, "y0": selected - 0.47, "y1": selected + 0.5, "line": line}]


def fixed(value: float) -> str:
    """Two digits behind the point."""
    return f"{value:.2f}".replace("-", "−")


def share(value: float) -> str:
    """A number of exp or a probability; one that is not 0 is never shown as 0."""
    return (
        "0"
        if value == 0
        else f"{value:.4f}"
        if value >= 0.00005
        else f"{value:.1e}".replace("e-0", "e-").replace("-", "−")
    )
