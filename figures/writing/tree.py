"""Beam search as a tree that grows to the right: a column for each step, the best candidate of a step on top.

A kept candidate is a filled box with a solid line, a pruned one an empty box with a cross and a dashed line, and one that ends the
translation has a flag and a double border. Where somebody is to choose, a box has a tick or waits for one. Hypotheses that were kept once
and given up later fade. A box holds the piece and the score of the whole hypothesis with it. A click reports
`[step, rank, score, log-probability]`, the step counted from 1, the rank from 0.
"""

from collections.abc import Collection, Sequence
from typing import Any, Literal, Protocol

import plotly.graph_objects as go

from figures import theme
from figures.labels import escape, shorten
from figures.theme import Mode

Fate = Literal["kept", "pruned", "finished", "open", "picked"]
Place = tuple[int, int]  # step, from 1, and rank, from 0

COLUMN, ROW = 66, 42  # pixels: the least width of a step, the height of a rank
HALF, TALL = 0.39, 0.9  # half a box's width in steps, a box's height in ranks
LABEL = 6
SIGNS: dict[Fate, str] = {"kept": "", "pruned": "✕ ", "finished": "⚑ ", "open": "", "picked": ""}
TICKS: dict[Fate, str] = {"open": "☐ ", "picked": "☑ "}  # before the score
START = "&lt;s&gt;"


class Node(Protocol):
    """One candidate of one step."""

    @property
    def step(self) -> int:
        """From 1."""

    @property
    def rank(self) -> int:
        """By score among the candidates of its step, 0 the best."""

    @property
    def parent(self) -> int | None:
        """The rank of the candidate of the step before that it goes on with; none at the first step."""

    @property
    def label(self) -> str:
        """The piece as people read it."""

    @property
    def log_probability(self) -> float:
        """Of the piece."""

    @property
    def score(self) -> float:
        """Of the hypothesis with this piece."""

    @property
    def fate(self) -> Fate:
        """What the search did with it."""


def tree(
    nodes: Sequence[Node], *, window: tuple[int, int], rows: int, alive: Collection[Place], best: Collection[Place] = (),
    names: tuple[str, str], title: str, mode: Mode = "light", follow: bool = False,
) -> go.Figure:  # fmt: skip
    """The steps `window[0]` to `window[1]` of a search, 0 being the start, with `rows` ranks.

    `alive` are the places that some hypothesis still goes through, `best` those of the winner. `names` are the titles of the
    axes: the steps and the ranks. To `follow` is to begin at the right, where a narrow window does not show all.
    """
    first, last = window
    shown = [node for node in nodes if max(first, 1) <= node.step <= last]
    boxes = [start(mode)] if first == 0 else []
    data = [
        *edges(shown, alive, best, mode),
        *boxes,
        rings([node for node in shown if node.fate == "finished"], mode),
        fills(shown, alive),
        borders(shown, alive, mode),
        handles(shown),
    ]
    layout = {
        "xaxis": {
            "title": {"text": escape(names[0]), "standoff": 6}, "side": "top", "fixedrange": True,
            "range": [first - 0.5, last + 0.5], "tickmode": "array", "tickvals": list(range(max(first, 1), last + 1)),
        },
        "yaxis": {
            "title": {"text": escape(names[1]), "standoff": 6}, "fixedrange": True, "range": [rows - 0.5, -0.5],
            "tickmode": "array", "tickvals": list(range(rows)), "ticktext": [f"{rank + 1}  " for rank in range(rows)],
        },
        "barmode": "overlay", "hoverdistance": 20,
        "meta": {"minimum_width": 40 + COLUMN * (last - first + 1), "follow": follow},
    }  # fmt: skip
    return theme.figure(data, layout, title=title, mode=mode, body=ROW * rows, head=44)


def place(node: Node) -> Place:
    """Where it stands."""
    return node.step, node.rank


def edges(
    nodes: Sequence[Node], alive: Collection[Place], best: Collection[Place], mode: Mode
) -> list[dict[str, Any]]:  # fmt: skip
    """Lines from box to box: dashed to what was pruned, thin where a hypothesis was given up, thick along the winner."""
    kinds = {
        "pruned": {"color": theme.MUTED[mode], "width": 1, "dash": "dash"},
        "dead": {"color": theme.MUTED[mode], "width": 1.5, "dash": "solid"},
        "alive": {"color": theme.INK[mode], "width": 2.5, "dash": "solid"},
        "best": {"color": theme.ACCENT[mode], "width": 4, "dash": "solid"},
    }
    sorts = {kind: [node for node in nodes if sort(node, alive, best) == kind] for kind in kinds}
    return [strand(sorts[kind], line) for kind, line in kinds.items()]


def sort(node: Node, alive: Collection[Place], best: Collection[Place]) -> str:
    """The sort of line that leads to a box."""
    if node.fate in ("pruned", "open"):
        return "pruned"
    if node.fate == "picked":
        return "alive"
    return "best" if place(node) in best else "alive" if place(node) in alive else "dead"


def strand(nodes: Sequence[Node], line: dict[str, Any]) -> dict[str, Any]:
    """The lines that lead to these boxes, parted by None."""
    across = [x for node in nodes for x in (node.step - 1 + HALF, node.step - HALF, None)]
    down = [y for node in nodes for y in (node.parent or 0, node.rank, None)]
    look = {"line": line, "opacity": 0.6 if line["dash"] == "dash" else 1}
    return {"type": "scatter", "mode": "lines", "x": across, "y": down, "hoverinfo": "skip"} | look


def box(nodes: Sequence[Node], more: float = 0.0) -> dict[str, Any]:
    """Bars as wide and tall as a box, and a little `more`."""
    return {
        "type": "bar", "orientation": "h", "hoverinfo": "skip",
        "base": [node.step - HALF - more / 2 for node in nodes], "x": [2 * HALF + more] * len(nodes),
        "y": [node.rank for node in nodes], "width": TALL + more,
    }  # fmt: skip


def fills(nodes: Sequence[Node], alive: Collection[Place]) -> dict[str, Any]:
    """The pale colour of what was kept: that of the piece's chip; fainter where it was given up later."""
    strength = [
        0.0 if node.fate in ("pruned", "open") else 0.3 if node.fate == "picked" or place(node) in alive else 0.1
        for node in nodes
    ]
    look = {"color": [theme.token_colour(node.step - 1) for node in nodes], "opacity": strength}
    return box(nodes) | {"marker": look}


def borders(nodes: Sequence[Node], alive: Collection[Place], mode: Mode) -> dict[str, Any]:
    """The borders of the boxes and their texts."""
    strong = [place(node) in alive or node.fate in TICKS for node in nodes]
    colours = [
        theme.token_colour(node.step - 1) if yes else theme.MUTED[mode] for node, yes in zip(nodes, strong, strict=True)
    ]
    inks = [theme.INK[mode] if yes else theme.MUTED[mode] for yes in strong]
    look = {"color": theme.TRANSPARENT, "line": {"color": colours, "width": [2.5 if yes else 1 for yes in strong]}}
    return box(nodes) | {
        "marker": look, "text": [told(node) for node in nodes], "textposition": "inside", "insidetextanchor": "middle",
        "textangle": 0, "constraintext": "none", "insidetextfont": {"size": theme.SMALL, "color": inks},
    }  # fmt: skip


def told(node: Node) -> str:
    """The two lines in a box: the piece, and the score of the whole with it."""
    name = escape(shorten(SIGNS[node.fate] + node.label, LABEL))
    return f"<b>{name}</b><br>{TICKS.get(node.fate, '')}{signed(node.score)}"


def signed(value: float) -> str:
    """Two digits behind the point, with a proper minus."""
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def rings(nodes: Sequence[Node], mode: Mode) -> dict[str, Any]:
    """The second border of what ends a translation."""
    edge = {"color": theme.TRANSPARENT, "line": {"color": theme.INK[mode], "width": 2}}
    return box(nodes, more=0.06) | {"marker": edge}


def start(mode: Mode) -> dict[str, Any]:
    """The box that all hypotheses begin with."""
    look = {"color": theme.PANEL[mode], "line": {"color": theme.INK[mode], "width": 1}}
    text = {"text": [START], "textposition": "inside", "insidetextanchor": "middle", "textangle": 0}
    font = {"insidetextfont": {"size": theme.SMALL, "color": theme.INK[mode]}, "hoverinfo": "skip"}
    size = {"base": [-HALF], "x": [2 * HALF], "y": [0], "width": TALL}
    return {"type": "bar", "orientation": "h", "marker": look} | size | text | font


def handles(nodes: Sequence[Node]) -> dict[str, Any]:
    """Unseen points in the boxes, for mouse and keys."""
    return {
        "type": "scatter", "mode": "markers", "marker": {"size": 54, "opacity": 0},
        "x": [node.step for node in nodes], "y": [node.rank for node in nodes],
        "customdata": [[node.step, node.rank, node.score, node.log_probability] for node in nodes],
        "hovertext": [f"{node.step}: {SIGNS[node.fate]}{escape(node.label)}" for node in nodes],
        "hovertemplate": "<b>%{hovertext}</b><br>log p %{customdata[3]:.4f}<br>score %{customdata[2]:.4f}<extra></extra>",
    }  # fmt: skip


def frame(selected: Place, window: tuple[int, int], rows: int, mode: Mode) -> list[dict[str, Any]]:
    """The frame of the chosen box, for `layout.shapes`; none if the box is not drawn."""
    step, rank = selected
    if not max(1, window[0]) <= step <= window[1] or rank >= rows:
        return []
    edges = {"x0": step - HALF - 0.06, "x1": step + HALF + 0.06, "y0": rank - 0.48, "y1": rank + 0.48}
    return [{"type": "rect", "line": {"color": theme.ACCENT[mode], "width": 3}, "layer": "above"} | edges]
