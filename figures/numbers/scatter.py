"""A map of the vocabulary: each piece is a point, flat or in space; the pieces of the sentence are marked and named.

A circle is English, a diamond French, a square both; the colour is that of the piece's chip. The rest of the vocabulary is a
cloud of faint points, which tell their piece under the mouse.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights
from figures.labels import escape, label, shorten
from figures.theme import Mode

SHAPES = ("circle", "diamond", "square")  # by group
HEIGHT, WIDTH = 300, 520  # pixels of the plot; the width is the least
FEET = 84  # pixels for the axis and the legend
LETTER, LINE = 7.6, 17  # pixels of a character and of a line of text
DIRECTIONS = ((1, -1), (-1, -1), (1, 1), (-1, 1), (0, -1), (0, 1), (1, 0), (-1, 0))
RADII = (9, 16, 26, 38)  # pixels from a point to its name


Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels


class Mark(NamedTuple):
    """A piece of the sentence."""

    piece: str
    group: int  # 0 English, 1 French, 2 both
    place: int  # in the sentence, for its colour
    where: tuple[int, int]  # what a click on it reports
    chosen: bool = False


def plane(
    points: Weights, marks: Sequence[Mark], cloud: Weights, names: Sequence[str], *, title: str, axes: Sequence[str],
    groups: Sequence[str], mode: Mode = "light",
) -> go.Figure:  # fmt: skip
    """`points` (mark, 2 or more) and the rest of the vocabulary, `cloud` (piece, 2 or more), whose pieces are `names`.

    `axes` names the directions, `groups` English, French, both and the rest. One unit is as long across as down. A click on a
    mark reports its `where`.
    """
    whole = np.concatenate([points, cloud])[:, :2]
    low, high = whole.min(0), whole.max(0)
    pad = 0.05 * float((high - low).max()) or 1.0
    spans = [[float(start - pad), float(end + pad)] for start, end in zip(low, high, strict=True)]
    traces = [rest(cloud[:, :2], names, groups[3], mode), *marked(points[:, :2], marks, groups, mode)]
    layout = {
        "xaxis": straight(axes[0], spans[0]),
        "yaxis": straight(axes[1], spans[1]) | {"scaleanchor": "x", "scaleratio": 1},
        "annotations": named(points[:, :2], marks, HEIGHT / (spans[1][1] - spans[1][0]), mode),
        "meta": {"minimum_width": WIDTH},
    } | legend()
    return theme.figure(traces, layout, title=title, mode=mode, body=HEIGHT, head=12, feet=FEET)


def space(
    points: Weights, marks: Sequence[Mark], cloud: Weights, names: Sequence[str], *, title: str, axes: Sequence[str],
    groups: Sequence[str], mode: Mode = "light",
) -> go.Figure:  # fmt: skip
    """The same with three directions, to be turned with the mouse or a finger. It reports no clicks.

    Where marks are crowded, only one of them has its name.
    """
    traces = [deep(trace) for trace in (rest(cloud, names, groups[3], mode), *marked(points, marks, groups, mode))]
    traces[0]["marker"] |= {"size": 2.5}
    spoken = apart(points, marks)
    for trace, group in zip(traces[1:], present(marks), strict=True):
        members = [place for place in order(marks) if marks[place].group == group]
        text = [raw(marks[place]) if place in spoken else "" for place in members]
        trace |= {"mode": "markers+text", "text": text, "textposition": "top center"}
        inks = [theme.ACCENT[mode] if marks[place].chosen else theme.INK[mode] for place in members]
        trace["textfont"] = {"size": theme.SMALL, "color": inks}
    grid = {"gridcolor": theme.GRID[mode], "zeroline": False, "showbackground": False, "showspikes": False}
    sides = {
        axis: grid
        | {
            "title": {"text": escape(text), "font": {"size": theme.SMALL}},
            "nticks": 5,
            "showticklabels": False,  # they would lie on the names; the table has the coordinates
        }
        for axis, text in zip(("xaxis", "yaxis", "zaxis"), axes, strict=True)
    }
    layout = {
        "scene": sides
        | {
            "dragmode": "turntable",
            "aspectmode": "data",
            "camera": {"eye": {"x": 1.0, "y": 1.0, "z": 0.55}, "center": {"x": 0, "y": 0, "z": -0.12}},
        },
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
        "meta": {"minimum_width": 320},
    } | legend()
    return theme.figure(traces, layout, title=title, mode=mode, body=HEIGHT + 60, feet=48)


def deep(trace: dict[str, Any]) -> dict[str, Any]:
    """A flat trace as one in space: nothing to click, and one width for all edges."""
    kept = {key: value for key, value in trace.items() if key not in ("customdata", "cliponaxis")}
    edge = trace["marker"].get("line", {})
    return kept | {"type": "scatter3d", "marker": trace["marker"] | {"line": edge | {"width": 2} if edge else {}}}


def coordinates(points: Weights) -> dict[str, list[float]]:
    """The columns of `points` as x, y and, if there are three, z."""
    return {axis: points[:, place].tolist() for place, axis in enumerate("xyz"[: points.shape[1]])}


def rest(cloud: Weights, names: Sequence[str], group: str, mode: Mode) -> dict[str, Any]:
    """The faint points."""
    look = {"size": 4, "color": theme.MUTED[mode], "opacity": 0.35}
    told = {
        "hovertext": [escape(label(piece)) for piece in names],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "name": escape(group),
    }
    return {"type": "scatter", "mode": "markers", "marker": look} | coordinates(cloud) | told


def order(marks: Sequence[Mark]) -> list[int]:
    """The marks in the order of drawing: the chosen one last, over the others."""
    return sorted(range(len(marks)), key=lambda place: marks[place].chosen)


def present(marks: Sequence[Mark]) -> list[int]:
    """The groups there are."""
    return sorted({mark.group for mark in marks})


def marked(points: Weights, marks: Sequence[Mark], groups: Sequence[str], mode: Mode) -> list[dict[str, Any]]:
    """A trace for each group of marks."""
    traces = []
    for group in present(marks):
        members = [place for place in order(marks) if marks[place].group == group]
        chosen = [marks[place] for place in members]
        edge = [theme.ACCENT[mode] if mark.chosen else theme.INK[mode] for mark in chosen]
        look = {
            "symbol": SHAPES[group],
            "size": [17 if mark.chosen else 11 for mark in chosen],
            "color": [theme.token_colour(mark.place) for mark in chosen],
            "line": {"color": edge, "width": [4 if mark.chosen else 1 for mark in chosen]},
            "opacity": 1,
        }
        told = {
            "customdata": [list(mark.where) for mark in chosen],
            "hovertext": [escape(label(mark.piece)) for mark in chosen],
            "hovertemplate": f"<b>%{{hovertext}}</b><br>{escape(groups[group])}<extra></extra>",
            "name": escape(groups[group]),
            "legendrank": group + 1,
        }
        traces.append(
            {"type": "scatter", "mode": "markers", "marker": look, "cliponaxis": False}
            | coordinates(points[members])
            | told
        )
    return traces


def name(mark: Mark) -> str:
    """The name beside a mark; the chosen one in bold."""
    text = escape(shorten(label(mark.piece)))
    return f"<b>{text}</b>" if mark.chosen else text


def raw(mark: Mark) -> str:
    """The name of a mark in space, where text knows no entities."""
    return shorten(label(mark.piece)).replace("<", "‹").replace(">", "›")


def apart(points: Weights, marks: Sequence[Mark]) -> set[int]:
    """The marks that have a name in space: the chosen one first, and then those that are not near one that has."""
    least, found = 0.06 * float(np.ptp(points, axis=0).max(initial=0)), list[int]()
    for place in sorted(range(len(marks)), key=lambda place: not marks[place].chosen):
        if all(float(np.linalg.norm(points[place] - points[other])) >= least for other in found):
            found.append(place)
    return set(found)


def straight(title: str, span: list[float]) -> dict[str, Any]:
    """An axis of numbers."""
    return {
        "title": {"text": escape(title), "standoff": 6}, "range": span, "fixedrange": True, "nticks": 5, "showgrid": True,
    }  # fmt: skip


def legend() -> dict[str, Any]:
    """What the shapes mean, under the picture; it cannot be switched."""
    place = {"orientation": "h", "x": 0, "xanchor": "left", "y": 0, "yref": "container", "yanchor": "bottom"}
    quiet = {"itemclick": False, "itemdoubleclick": False, "itemsizing": "constant", "font": {"size": theme.SMALL}}
    return {"showlegend": True, "legend": place | quiet}


def named(points: Weights, marks: Sequence[Mark], scale: float, mode: Mode) -> list[dict[str, Any]]:
    """Names beside the marks, none over another or over a mark; `scale` is in pixels a unit. Without room, no name."""
    pixels = [(float(x) * scale, -float(y) * scale) for x, y in points]
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in pixels]
    notes = []
    for place in sorted(range(len(marks)), key=lambda place: not marks[place].chosen):
        shift = free(pixels[place], len(shorten(label(marks[place].piece))) * LETTER + 2, taken)
        if shift is None:
            continue
        notes.append(note(points[place], marks[place], shift, mode))
    return notes


def free(at: tuple[float, float], width: float, taken: list[Box]) -> tuple[float, float] | None:
    """The shift in pixels to the nearest place for a name that covers nothing; that place is then taken."""
    for radius in RADII:
        for right, down in DIRECTIONS:
            x, y = at[0] + right * (radius + width / 2), at[1] + down * (radius + (0 if right else LINE / 2))
            box = (x - width / 2, y - LINE / 2, x + width / 2, y + LINE / 2)
            if not any(meet(box, other) for other in taken):
                taken.append(box)
                return x - at[0], y - at[1]
    return None


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes share a pixel."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def note(point: Weights, mark: Mark, shift: tuple[float, float], mode: Mode) -> dict[str, Any]:
    """A name, with a thin line to its mark."""
    colour = theme.ACCENT[mode] if mark.chosen else theme.INK[mode]
    line = {"showarrow": True, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": theme.MUTED[mode], "standoff": 5}
    place = {"x": float(point[0]), "y": float(point[1]), "ax": shift[0], "ay": shift[1]}
    return place | line | {"text": name(mark), "font": {"size": theme.SMALL, "color": colour}, "borderpad": 0}
