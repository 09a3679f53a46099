"""One step of writing: how probable each next piece is, which one was taken, and where the lot fell if one was drawn.

The outline of a bar is the probability that the model gives, the filled part the chance after temperature and cuts; a cross marks what is cut
off, a triangle and a frame what was taken. Below, if lots are drawn, all pieces lie side by side, each as wide as its chance, and a
pointer stands where the number of this step fell. A click reports `[row]`, from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights
from figures.labels import escape, shorten
from figures.theme import Mode

ROW = 30  # pixels of a piece
LEFT = -0.36  # where the names begin; a probability of 1 is 1 long
LABEL = 12  # characters of a piece
ROOM = 0.09  # the least width of a stretch with a name in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some pieces side by side, on the line from 0 to 1."""

    label: str
    first: float
    last: float
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """The number that was drawn, and the line on which it fell."""

    name: str
    number: float
    stretches: Sequence[Stretch]


def player(
    labels: Sequence[str], probabilities: Weights, chances: Weights, taken: int, *, title: str, mode: Mode = "light",
    lot: Lot | None = None,
) -> go.Figure:  # fmt: skip
    """A row for each piece, the most probable on top, both arrays `(piece,)`; `taken` is the row of the one that was written."""
    count = len(labels)
    if not 0 <= taken < count == len(probabilities) == len(chances):
        raise ValueError(
            f"Expected two numbers for each of {count} pieces, and one of them taken, but the row is {taken}."
        )
    signs = ["▶ " if row == taken else "✕ " if not chances[row] else "" for row in range(count)]
    names = [shorten(sign + label, LABEL) for sign, label in zip(signs, labels, strict=True)]
    rows = list(range(count))
    ends = [max(float(a), float(b)) for a, b in zip(probabilities, chances, strict=True)]
    texts: list[tuple[float, float, str]] = [(LEFT, row, f"<b>{escape(name)}</b>") for row, name in enumerate(names)]
    texts += [(end, row, f" {share(value)}") for row, (end, value) in enumerate(zip(ends, probabilities, strict=True))]
    data = [
        bar(rows, chances) | {"marker": {"color": theme.token_colour(0)}, "hoverinfo": "skip"},
        bar(rows, probabilities) | told(labels, probabilities, mode),
    ]
    last = count - 0.5 + (2.2 if lot else 0)
    if lot:
        data += line(lot, count + 0.9, mode)
        texts.append((LEFT, count + 0.9, escape(lot.name)))
    data.append(written(texts))
    layout = {
        "xaxis": {"visible": False, "fixedrange": True, "range": [LEFT, 1.14]},
        "yaxis": {"visible": False, "fixedrange": True, "range": [last, -0.6]},
        "shapes": [frame(taken, mode)], "barmode": "overlay", "meta": {"minimum_width": 340},
    }  # fmt: skip
    return theme.figure(data, layout, title=title, mode=mode, body=round(ROW * (last + 0.6)))


def bar(rows: Sequence[int], lengths: Weights) -> dict[str, Any]:
    """Bars from 0."""
    return {
        "type": "bar",
        "orientation": "h",
        "x": [float(value) for value in lengths],
        "y": list(rows),
        "width": 0.56,
    }


def told(labels: Sequence[str], probabilities: Weights, mode: Mode) -> dict[str, Any]:
    """Outlines that say what they stand for, and report their row."""
    return {
        "marker": {"color": theme.TRANSPARENT, "line": {"color": theme.INK[mode], "width": 1.5}},
        "customdata": [[row] for row in range(len(labels))],
        "hovertext": [f"{escape(label)}: {share(value)}" for label, value in zip(labels, probabilities, strict=True)],
        "hovertemplate": "<b>%{hovertext}</b><extra></extra>",
    }  # fmt: skip


def written(texts: Sequence[tuple[float, float, str]]) -> dict[str, Any]:
    """Texts at places (x, y)."""
    across, down, words = zip(*texts, strict=True)
    return {
        "type": "scatter", "mode": "text", "hoverinfo": "skip", "cliponaxis": False, "textposition": "middle right",
        "x": list(across), "y": list(down), "text": list(words), "textfont": {"size": theme.SMALL},
    }  # fmt: skip


def line(lot: Lot, height: float, mode: Mode) -> list[dict[str, Any]]:
    """All pieces side by side, and the pointer over them."""
    stretches = lot.stretches
    colours = [theme.token_colour(0) if each.taken else theme.PANEL[mode] for each in stretches]
    inks = [theme.token_ink(0) if each.taken else theme.INK[mode] for each in stretches]
    wide = [each.last - each.first for each in stretches]
    names = [
        escape(shorten(each.label, 8)) if width >= ROOM else "" for each, width in zip(stretches, wide, strict=True)
    ]
    side = {
        "type": "bar", "orientation": "h", "base": [each.first for each in stretches], "x": wide,
        "y": [height] * len(stretches), "width": 0.8, "hoverinfo": "skip", "text": names, "textposition": "inside",
        "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
        "insidetextfont": {"size": theme.SMALL, "color": inks},
        "marker": {"color": colours, "line": {"color": theme.INK[mode], "width": 1}},
    }  # fmt: skip
    pointer = {
        "type": "scatter", "mode": "markers+text", "x": [lot.number], "y": [height - 0.62], "hoverinfo": "skip",
        "marker": {"symbol": "triangle-down", "size": 14, "color": theme.ACCENT[mode]}, "cliponaxis": False,
        "text": [f"{lot.number:.3f} "], "textfont": {"size": theme.SMALL},
        "textposition": "middle left" if lot.number > 0.8 else "middle right",
    }  # fmt: skip
    return [side, pointer]


def frame(row: int, mode: Mode) -> dict[str, Any]:
    """Around the piece that was taken."""
    edges = {"x0": 0, "x1": 1, "xref": "paper", "y0": row - 0.47, "y1": row + 0.47}
    return {"type": "rect", "line": {"color": theme.ACCENT[mode], "width": 3}} | edges


def share(value: float) -> str:
    """A probability: three digits, and a sign for what they do not show."""
    return f"{value:.3f}" if value >= 0.0005 else "&lt;0.001" if value > 0 else "0"
