"""Alignments: which word belongs to which, as a head proposes it and as a person linked it (gold).

Gold is told by a sign, not only by a colour: a double outline on a map, a dashed line between words, ✓ and ✗ on the lines that a
head proposes.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, downwards, numerals, piece_axis, touch
from figures.heads import attention
from figures.heads.attention import FEET, PIECES, cells, framed
from figures.heads.head_steps import WRITTEN, written
from figures.heads.lines import columns, headings
from figures.labels import escape, shorten
from figures.theme import Mode

Link = tuple[int, ...]  # source word, target word
WORDS = ("French word", "English word")
BEST = "★"


def gold_map(
    weights: Weights, queries: Sequence[str], keys: Sequence[str], gold: Collection[tuple[int, int]], *,
    names: tuple[str, str] = PIECES, title: str, mode: Mode = "light", selected: tuple[int, int] | None = None,
    origin: tuple[int, int] = (0, 0), until: int | None = None,
) -> go.Figure:  # fmt: skip
    """The heat map of `figures/heads/attention.py`, low, with its numbers if there is room, and with an outline on each cell (query, key)
    of `gold`, counted as `selected` is. Rows from `until` on, counted from the first that is drawn, are holes: not written yet.
    """
    drawn = attention.heatmap(
        weights, queries, keys, names=names, title=title, mode=mode, selected=selected, origin=origin
    ).to_plotly_json()
    rows, layout = len(queries), drawn["layout"]
    shown = rows if until is None else until
    drawn["data"][0]["z"][shown:] = [[None] * len(keys) for _ in range(rows - shown)]
    layout["height"] -= rows * (attention.cell_height(rows) - min(40, max(18, 270 // rows)))
    if len(keys) <= WRITTEN[0] and rows <= WRITTEN[1]:
        drawn["data"] = [*drawn["data"], numerals(drawn["data"][0], written(weights.tolist(), shares=True))]
        layout["meta"] = layout["meta"] | {"minimum_width": 110 + 32 * len(keys)}
    linked = [
        (row - origin[0], column - origin[1])
        for row, column in sorted(gold)
        if 0 <= row - origin[0] < shown and 0 <= column - origin[1] < len(keys)
    ]
    drawn["layout"]["shapes"] = [*outlines(linked), *drawn["layout"]["shapes"]]
    return go.Figure(drawn, skip_invalid=False, _validate=False)


def outlines(where: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """A light line within a dark one around each cell, so that one of them is seen on every colour."""
    if not where:
        return []
    edge = 0.42
    path = "".join(
        f"M{column - edge},{row - edge}H{column + edge}V{row + edge}H{column - edge}Z" for row, column in where
    )
    shape = {"type": "path", "path": path, "layer": "above", "fillcolor": theme.TRANSPARENT}
    looks = ({"color": theme.DARK_INK, "width": 5}, {"color": theme.LIGHT_INK, "width": 2})
    return [shape | {"line": look} for look in looks]


def alignment(
    proposed: Collection[Link], strengths: Weights, queries: Sequence[str], keys: Sequence[str], *,
    gold: Collection[Link] = (), where: tuple[Sequence[int], Sequence[int]], query: int | None = None, title: str,
    mode: Mode = "light", names: tuple[str, str] = WORDS,
) -> go.Figure:  # fmt: skip
    """English words on the left, French on the right; a line for each proposed link, a dashed one for each gold link.

    Links are (key, query), words counted from 0; `strengths` (query, key) is how much each word looks at each, and `where` the
    piece that a click on a query's or a key's chip reports: `[piece, None]`, `[None, piece]`, on a line `[piece, piece, strength]`.
    """
    check(strengths, queries, keys)
    chip, height = chip_width([*queries, *keys]), max(len(queries), len(keys))
    data = [
        *([_lines(sorted(gold), theme.MUTED[mode], 7, 0.55, "dot")] if gold else []),
        *_proposed(proposed, where[0], query),
        _middles(sorted(proposed), gold, strengths, queries, keys, where, mode),
        _chips(keys, -chip, chip, [[None, piece] for piece in where[1]], names[1]) | _outlined(mode),
        _chips(queries, 1, chip, [[piece, None] for piece in where[0]], names[0]) | _filled(where[0]),
    ]  # fmt: skip
    layout = {**columns(chip, height), "annotations": headings(chip, names, mode), "meta": {"minimum_width": 300}}
    return theme.figure(data, layout, title=title, mode=mode, body=min(36, max(24, 340 // height)) * height + 34)


def chip_width(texts: Sequence[str]) -> float:
    """The width of a chip that holds the longest word on a telephone, in units of the lines' own width."""
    share = min(0.36, (8 * max(len(shorten(text)) for text in texts) + 18) / 340)
    return share / (1 - 2 * share)


def _proposed(links: Collection[Link], places: Sequence[int], query: int | None) -> list[dict[str, Any]]:
    """The lines that a head proposes, in the colour of the word that looks; those of other words than `query` are faint."""
    groups: defaultdict[tuple[str, bool], list[Link]] = defaultdict(list)
    for link in sorted(links):
        groups[theme.token_colour(places[link[1]]), query in (None, link[1])].append(link)
    return [
        _lines(group, colour, 3 if bright else 1, 0.95 if bright else 0.3) for (colour, bright), group in groups.items()
    ]


def _lines(links: Sequence[Link], colour: str, width: float, opacity: float, dash: str = "solid") -> dict[str, Any]:
    """Lines from key to query, parted by None."""
    across = [place for _ in links for place in (0, 1, None)]
    down = [place for key, query in links for place in (key, query, None)]
    look = {"line": {"color": colour, "width": width, "dash": dash}, "opacity": opacity, "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", "x": across, "y": down} | look


def _middles(
    links: Sequence[Link], gold: Collection[Link], strengths: Weights, queries: Sequence[str], keys: Sequence[str],
    where: tuple[Sequence[int], Sequence[int]], mode: Mode,
) -> dict[str, Any]:  # fmt: skip
    """Near the query's end of each proposed line, a mark: ✓ if it is gold, ✗ if not, nothing but a spot for the mouse otherwise."""
    marks = ["✓" if link in gold else "✗" if gold else " " for link in links]
    at = {"x": [0.86] * len(links), "y": [key + 0.86 * (query - key) for key, query in links]}
    text = {"text": marks, "textfont": {"size": theme.FONT_SIZE, "color": theme.INK[mode]}}
    spot = {"size": 19, "color": theme.BACKGROUND[mode], "opacity": 1.0 if gold else 0.0}
    tell = {
        "customdata": [[where[0][query], where[1][key], float(strengths[query, key])] for key, query in links],
        "hovertext": [f"{escape(queries[query])} → {escape(keys[key])}" for key, query in links],
        "hovertemplate": "<b>%{hovertext}</b><br>%{customdata[2]:.4f}<extra></extra>",
    }
    return {"type": "scatter", "mode": "markers+text", "marker": spot} | at | text | tell


def _chips(
    texts: Sequence[str], base: float, width: float, reports: Sequence[Sequence[int | None]], name: str
) -> dict[str, Any]:
    """A column of words."""
    count = len(texts)
    bars = {"type": "bar", "orientation": "h", "base": [base] * count, "x": [width] * count, "y": list(range(count))}
    text = {"text": [escape(shorten(text)) for text in texts], "textposition": "inside", "insidetextanchor": "middle"}
    fit = {"width": 0.78, "textangle": 0, "constraintext": "none"}
    tell = {"hovertext": [escape(text) for text in texts], "customdata": [list(report) for report in reports]}
    return bars | text | fit | tell | {"hovertemplate": f"{escape(name)}<br><b>%{{hovertext}}</b><extra></extra>"}


def _outlined(mode: Mode) -> dict[str, Any]:
    """The look of words that are looked at."""
    edges = {"color": theme.MUTED[mode], "width": 2}
    look = {"color": theme.PANEL[mode], "line": edges}
    return {"marker": look, "insidetextfont": {"size": theme.FONT_SIZE, "color": theme.INK[mode]}}


def _filled(places: Sequence[int]) -> dict[str, Any]:
    """The look of words that look on: the colour of their first piece, as on its chip."""
    look = {"color": [theme.token_colour(place) for place in places]}
    inks = [theme.token_ink(place) for place in places]
    return {"marker": look, "insidetextfont": {"size": theme.FONT_SIZE, "color": inks}}


def error_rates(
    rates: Weights, *, title: str, mode: Mode = "light", selected: tuple[int, int] | None = None,
    names: tuple[str, str] = ("layer", "head"), mean_name: str = "mean", value_name: str = "alignment error rate",
) -> go.Figure:  # fmt: skip
    """How often each head is wrong (layer, head; the last column is the mean of the heads), with the number in each cell.

    The best has a star. A click reports `[layer, head]`; the column of the mean counts as one more head.
    """
    layers, heads = (
        [str(layer + 1) for layer in range(len(rates))],
        [str(head + 1) for head in range(rates.shape[1] - 1)],
    )
    check(rates, layers, [*heads, mean_name])
    trace = cells(rates.tolist(), {"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1}, value_name, names)
    across = [*heads, escape(mean_name)]
    trace["meta"] = touch(layers, across)
    layout = {
        "xaxis": piece_axis(across, names[1], side="top"),
        "yaxis": downwards(piece_axis(layers, names[0])),
        "shapes": framed(selected, (0, 0), rates.shape, mode),
        "meta": {"minimum_width": 66 + 32 * len(across)},
    }
    data = [trace, numerals(trace, _numbers(rates), theme.FONT_SIZE)]
    return theme.figure(data, layout, title=title, mode=mode, body=48 * len(layers), head=44, feet=FEET)


def _numbers(rates: Weights) -> list[list[str]]:
    """The number of each cell; a star on the best."""
    best = float(rates.min())
    return [[f"{BEST}<br>{rate:.2f}" if rate == best else f"{rate:.2f}" for rate in line] for line in rates.tolist()]
