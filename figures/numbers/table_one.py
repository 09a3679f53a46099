"""Table 1 of the paper, measured: what a layer costs by its size, who has heard of the first position by when, and an n x n matrix at scale.

A click on a point of `costs` reports `[curve, point]`, on a cell of `hearing` `[panel, layer, position]`, on an area of `areas` `[area]`; from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.changed.before_after import heading
from figures.grid import Weights, downwards, frame, touch
from figures.heads.attention import FEET, Mosaic, cells
from figures.labels import escape
from figures.numbers.curves import DASHES, MARKS
from figures.theme import Mode

TALL = 236  # pixels of the curves
MAP, LEAST = 208, 6  # pixels of the maps, and of a row at least
SQUARE = 244  # pixels of the areas
DARK, PALE = (
    -12.0,
    -3.0,
)  # changes of 10 to this power and smaller have the darkest colour, at the least and at the most


@dataclass(frozen=True, slots=True)
class Curve:
    """Measured points of one kind of layer, and the line that theory lays beside them."""

    name: str
    colour: int
    xs: Sequence[int]
    ys: Sequence[float]
    theory: Sequence[float] = ()  # a value for each x; none for no line
    quiet: bool = False  # older points, beside others of the same colour: open marks, no line, not in the legend


def costs(
    curves: Sequence[Curve], *, axes: tuple[str, str], title: str, mode: Mode = "light", selected: tuple[int, int] | None = None,
    unit: str = "", spelled: str = ",~r", own: tuple[int, str] | None = None,
) -> go.Figure:  # fmt: skip
    """Both axes logarithmic, so that n^2 and n are straight lines of different slope. Theory is dotted. `selected` rings (curve, point).

    `unit` follows a value, which is `spelled` as d3 formats numbers. `own` is a size of the learner's, and what is written there.
    """
    data = [dotted(each) for each in curves if len(each.theory)]
    order = sorted(range(len(curves)), key=lambda place: not curves[place].quiet)
    data += [measured(curves[place], place, f":{spelled}}}{escape(unit)}", mode) for place in order]
    if selected is not None:
        curve, point = selected
        look = {"size": 18, "symbol": "circle-open", "color": theme.ACCENT[mode], "line": {"width": 3}}
        there = {"x": [int(curves[curve].xs[point])], "y": [float(curves[curve].ys[point])]}
        data.append(
            {"type": "scatter", "mode": "markers", "showlegend": False, "hoverinfo": "skip", "marker": look} | there
        )
    if own is not None:
        data.append(upright(curves, *own, mode))
    ticks = sorted({int(x) for each in curves for x in each.xs})
    plain = {"type": "log", "fixedrange": True, "showgrid": True}
    across = {"tickmode": "array", "tickvals": ticks, "ticktext": [f"{x:,}" for x in ticks], "tickangle": 0}
    layout: dict[str, Any] = {
        "xaxis": plain | across | {"title": {"text": escape(axes[0]), "standoff": 8}},
        "yaxis": plain | {"title": {"text": escape(axes[1]), "standoff": 6}, "dtick": 1, "tickformat": spelled},
        "showlegend": True, "meta": {"minimum_width": 330},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "font": {"size": theme.SMALL}},
    }  # fmt: skip
    return theme.figure(data, layout, title=title, mode=mode, body=TALL, head=40, feet=54)


def measured(curve: Curve, place: int, spelled: str, mode: Mode) -> dict[str, Any]:
    """The points, joined unless they are quiet; `spelled` ends the template of a value."""
    if len(curve.xs) != len(curve.ys):
        raise ValueError(f"The curve {curve.name!r} has {len(curve.ys)} values for {len(curve.xs)} sizes.")
    colour, symbol = theme.token_colour(curve.colour), MARKS[curve.colour % len(MARKS)]
    mark = {"size": 9, "symbol": f"{symbol}-open" if curve.quiet else symbol, "color": colour}
    return {
        "type": "scatter", "mode": "markers" if curve.quiet else "lines+markers", "name": escape(curve.name),
        "x": [int(x) for x in curve.xs], "y": [float(y) for y in curve.ys],
        "line": {"color": colour, "width": 2, "dash": DASHES[curve.colour % len(DASHES)]}, "showlegend": not curve.quiet,
        "marker": mark | {"line": {"width": 2 if curve.quiet else 1, "color": colour if curve.quiet else theme.INK[mode]}},
        "customdata": [[place, point] for point in range(len(curve.xs))],
        "hovertemplate": f"<b>{escape(curve.name)}</b> %{{x:,}}<br>%{{y{spelled}<extra></extra>",
    }  # fmt: skip


def upright(curves: Sequence[Curve], own: int, words: str, mode: Mode) -> dict[str, Any]:
    """A line at a size, from the lowest to the highest point, with its words at the top."""
    values = [float(y) for each in curves for y in each.ys]
    look = {
        "line": {"color": theme.MUTED[mode], "width": 1.5},
        "textfont": {"size": theme.SMALL, "color": theme.INK[mode]},
    }
    where = {
        "x": [own, own],
        "y": [min(values), max(values)],
        "text": ["", f"\u00a0{escape(words)}"],
        "textposition": "middle right",
    }
    return {"type": "scatter", "mode": "lines+text", "showlegend": False, "hoverinfo": "skip"} | look | where


def dotted(curve: Curve) -> dict[str, Any]:
    """What theory says, without marks."""
    line = {"color": theme.token_colour(curve.colour), "width": 1.5, "dash": "1px,4px"}
    where = {"x": [int(x) for x in curve.xs], "y": [float(y) for y in curve.theory]}
    return {"type": "scatter", "mode": "lines", "line": line, "showlegend": False, "hoverinfo": "skip"} | where


def hearing(
    panels: Sequence[tuple[str, Weights]], *, names: tuple[str, str], value_name: str, title: str, mode: Mode = "light",
    selected: tuple[int, int, int] | None = None,
) -> go.Figure:  # fmt: skip
    """Maps side by side, each a name and `(layer, position)` sizes of change from 0: their powers of ten; 0 itself stays empty.

    `names` are those of layers and positions. Below the last layer of a panel there is nothing.
    """
    rows, columns = max(len(sizes) for _, sizes in panels), panels[0][1].shape[1]
    if any(sizes.shape[1] != columns or not np.isfinite(sizes).all() for _, sizes in panels):
        raise ValueError("Expected finite sizes, for the same positions in every panel.")
    cell = min(40, max(LEAST, MAP // rows))
    plan = Mosaic(len(panels), rows, columns, len(panels), -(-26 // cell), cell)
    powers = [power(sizes, rows) for _, sizes in panels]
    least = min(each for panel in powers for line in panel for each in line if each is not None)
    colours = {"colorscale": theme.sequential(mode), "zmin": min(PALE, max(DARK, np.floor(least))), "zmax": 0}
    says = f"%{{hovertext}}<br>{escape(value_name)} %{{z:.2f}}<extra></extra>"
    trace = cells(plan.spread(powers), colours, value_name, names) | {"hovertemplate": says}
    tiles = [
        {"at": plan.corner(at), "prefix": [at], "name": f"{escape(name)}, "} for at, (name, _) in enumerate(panels)
    ]
    down = [f"{escape(names[0])} {row}" for row in range(rows)]
    trace["meta"] = touch(down, [f"{escape(names[1])} {column + 1}" for column in range(columns)], tiles)
    layout = places_of(plan, names) | {
        "annotations": [heading(plan, at, name, mode) for at, (name, _) in enumerate(panels)],
        "shapes": [ground(plan, at, len(sizes), mode) for at, (_, sizes) in enumerate(panels)] + framed(plan, selected, mode),
        "meta": {"minimum_width": 90 + max(3 * plan.shape()[1], 96 * len(panels))},
    }  # fmt: skip
    return theme.figure([trace], layout, title=title, mode=mode, body=cell * plan.shape()[0], feet=FEET + 48)


def power(sizes: Weights, rows: int) -> list[list[float | None]]:
    """The powers of ten of some sizes, with holes for 0 and for the rows that are not there."""
    told = [[float(np.log10(size)) if size > 0 else None for size in line] for line in sizes.tolist()]
    return told + [[None] * sizes.shape[1] for _ in range(rows - len(told))]


def ground(plan: Mosaic, at: int, rows: int, mode: Mode) -> dict[str, Any]:
    """The layers that were run, under the cells: what stays empty there has heard of nothing."""
    top, left = plan.corner(at)
    box = {"x0": left - 0.5, "x1": left + plan.keys - 0.5, "y0": top - 0.5, "y1": top + rows - 0.5}
    return {"type": "rect", "layer": "below", "fillcolor": theme.GRID[mode], "line": {"width": 0}} | box


def framed(plan: Mosaic, selected: tuple[int, int, int] | None, mode: Mode) -> list[dict[str, Any]]:
    """A frame around the chosen cell."""
    if selected is None:
        return []
    top, left = plan.corner(selected[0])
    row, column = top + selected[1], left + selected[2]
    return [frame(column, column, row, row, mode)]


def places_of(plan: Mosaic, names: tuple[str, str]) -> dict[str, Any]:
    """The axes: layers from 0, the first and the last position of each panel."""
    top, left = plan.corner(0)
    every = max(1, -(-plan.queries // 8))
    layers = range(0, plan.queries, every)
    last = plan.keys - 1
    ends = [(left, 1), *((plan.corner(at)[1] + last, last + 1) for at in range(plan.heads))]
    down = {"tickvals": [top + row for row in layers], "ticktext": [str(row) for row in layers]}
    across = {"tickvals": [place for place, _ in ends], "ticktext": [str(number) for _, number in ends]}
    height, width = plan.shape()
    plain = {"type": "linear", "tickmode": "array", "fixedrange": True, "tickangle": 0}
    return {
        "xaxis": plain | across | {"range": [left - 0.5, width - 0.5], "title": {"text": escape(names[1]), "standoff": 8}},
        "yaxis": downwards(plain | down | {"range": [-0.5, height - 0.5], "title": {"text": escape(names[0]), "standoff": 8}}),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Area:
    """`across` x `down` numbers, drawn at scale."""

    name: str
    across: int
    down: int
    words: Sequence[str]  # lines above it


def areas(
    parts: Sequence[Area],
    own: int,
    *,
    axes: tuple[str, str],
    title: str,
    mode: Mode = "light",
    selected: int | None = None,
) -> go.Figure:
    """Rectangles side by side, a number as large in one as in the other; of the first a corner of `own` x `own` is cut out."""
    tall, least = (
        max(part.down for part in parts),
        0.42 * sum(part.across for part in parts),
    )  # so that the words have room
    data, notes, ends, left = [], [], [], 0.0
    for at, part in enumerate(parts):
        data.append(area(part, left, at, at == selected, mode))
        notes.append(told(part, left, mode))
        ends.append(left + part.across)
        left += 1.12 * max(part.across, least)
    look = {"fillcolor": theme.BACKGROUND[mode], "line": {"color": theme.ACCENT[mode], "width": 1}}
    corner = {"type": "rect", "x0": 0, "x1": own, "y0": 0, "y1": own} | look
    marks = list(zip(ends, (part.across for part in parts), strict=True))
    layout: dict[str, Any] = {
        "xaxis": at_scale([-0.01 * left, left], marks, axes[0]) | {"constraintoward": "left"},
        "yaxis": at_scale([tall, 0], [(tall, tall)], axes[1]) | {"constraintoward": "top", "scaleanchor": "x"},
        "shapes": [corner] if own < parts[0].across else [], "annotations": notes, "barmode": "overlay", "showlegend": False,
        "meta": {"minimum_width": 320},
    }  # fmt: skip
    return theme.figure(data, layout, title=title, mode=mode, body=SQUARE, head=64, feet=54)


def at_scale(span: list[float], marks: Sequence[tuple[float, int]], name: str) -> dict[str, Any]:
    """An axis that shows numbers at some places only."""
    ticks = {
        "tickmode": "array",
        "tickvals": [at for at, _ in marks],
        "ticktext": [f"{number:,}" for _, number in marks],
    }
    title = {"text": escape(name), "standoff": 8}
    return {
        "type": "linear",
        "range": span,
        "fixedrange": True,
        "showgrid": False,
        "constrain": "domain",
        "tickangle": 0,
        "title": title,
    } | ticks


def area(part: Area, left: float, at: int, chosen: bool, mode: Mode) -> dict[str, Any]:
    """One rectangle: a bar, because all of it can be clicked."""
    line = {"color": theme.ACCENT[mode], "width": 3} if chosen else {"width": 0}
    return {
        "type": "bar", "x": [left + part.across / 2], "width": [part.across], "base": [0], "y": [part.down], "name": escape(part.name),
        "marker": {"color": theme.token_colour(at), "line": line}, "customdata": [[at]],
        "hovertemplate": f"<b>{escape(part.name)}</b><br>{escape(' '.join(part.words))}<extra></extra>",
    }  # fmt: skip


def told(part: Area, left: float, mode: Mode) -> dict[str, Any]:
    """Its words, above its left edge."""
    look = {"font": {"size": theme.SMALL, "color": theme.INK[mode]}, "showarrow": False, "align": "left"}
    text = "<br>".join([f"<b>{escape(part.name)}</b>", *map(escape, part.words)])
    return look | {"text": text, "x": left, "y": 0, "xanchor": "left", "yanchor": "bottom"}
