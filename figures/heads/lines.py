"""The same weights as lines between two columns of pieces: left those that are looked at, right those that look.

A filled chip asks and an outlined chip is looked at. A line has the colour of the chip that asks; the broader, the more
weight. To spare the browser, lines come in five strengths, one trace for each colour and strength; hovering tells the
exact weight.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, hover
from figures.heads.attention import PIECES
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

LEAST = 0.01  # a fainter line could not be seen
MOST = 600  # lines; more of them are a blur, and slow
STRENGTHS = (0.05, 0.2, 0.4, 0.7)  # weights that part the five strengths
WIDTHS = (1.0, 1.5, 3.0, 5.0, 7.0)
OPACITIES = (0.25, 0.4, 0.6, 0.8, 0.95)
DIM = 0.12
HANDLES = (0.25, 0.5, 0.75)  # where along a line the mouse finds it


class Link(NamedTuple):
    """One line, from its key on the left to its query on the right."""

    query: int
    key: int
    weight: float


def lines(
    weights: Weights, queries: Sequence[str], keys: Sequence[str], *, query: int | None = None, title: str,
    mode: Mode = "light", names: tuple[str, str] = PIECES, value_name: str = "weight", origin: tuple[int, int] = (0, 0),
    places: tuple[Sequence[int], Sequence[int]] | None = None, tall: int = 340,
) -> go.Figure:  # fmt: skip
    """One head's weights, query by key, as lines. A chosen `query`, counted from 0, keeps its lines; the others fade.

    `places` are those of queries and keys in their sentences, whose colours they take; without it, they are numbered. The picture
    is `tall` pixels if its rows allow.

    A click reports `[query, key, weight]` on a line, and on a chip `[query, None]` or `[None, key]`, counted from `origin`,
    as `query` is.
    """
    check(weights, queries, keys)
    query = None if query is None or not 0 <= query - origin[0] < len(queries) else query - origin[0]
    links, chip, height = visible(weights), chip_width([*queries, *keys]), max(len(queries), len(keys))
    asking, looked_at = places or (range(len(queries)), range(len(keys)))
    bright = [link for link in links if query in (None, link.query)]
    dim = [link for link in links if query not in (None, link.query)]
    data = [
        *faded(dim, mode),
        *strands(bright, asking),
        handles(bright, queries, keys, names, value_name, origin),
        chips(keys, names[1], base=-chip, width=chip, where=[[None, origin[1] + key] for key in range(len(keys))])
        | outlined(looked_at, mode),
        chips(queries, names[0], base=1, width=chip, where=[[origin[0] + asks, None] for asks in range(len(queries))])
        | filled(asking, query, mode),
    ]
    layout = {**columns(chip, height), "annotations": headings(chip, names, mode), "meta": {"minimum_width": 300}}
    return theme.figure(data, layout, title=title, mode=mode, body=min(34, max(22, tall // height)) * height + 34)


def caption(weights: Weights) -> str:
    """How many lines are left out because they are too faint, as a sentence; empty if none is."""
    hidden = int((weights > 0).sum()) - len(visible(weights))
    return (
        f"{hidden} of {weights.size} weights are too small for a line; the map and the table show all."
        if hidden
        else ""
    )


def visible(weights: Weights) -> list[Link]:
    """The links of at least `LEAST`, no more than `MOST` of them, faint before strong."""
    found = [Link(int(query), int(key), float(weights[query, key])) for query, key in np.argwhere(weights >= LEAST)]
    return sorted(found, key=lambda link: link.weight)[-MOST:]


def strands(links: Sequence[Link], places: Sequence[int]) -> list[dict[str, Any]]:
    """The lines, one trace for each strength and colour, that of the query's place; the strongest on top."""
    groups: defaultdict[tuple[int, str], list[Link]] = defaultdict(list)
    for link in links:
        groups[bisect_right(STRENGTHS, link.weight), theme.token_colour(places[link.query])].append(link)
    return [
        strand(group, colour, WIDTHS[strength], OPACITIES[strength]) for (strength, colour), group in groups.items()
    ]


def faded(links: Sequence[Link], mode: Mode) -> list[dict[str, Any]]:
    """The lines of the pieces that are not chosen: one thin grey trace, or none."""
    return [strand(links, theme.MUTED[mode], WIDTHS[0], DIM)] if links else []


def strand(links: Sequence[Link], colour: str, width: float, opacity: float) -> dict[str, Any]:
    """Lines of one look, parted by None."""
    across = [place for _ in links for place in (0, 1, None)]
    down = [place for link in links for place in (link.key, link.query, None)]
    look = {"color": colour, "width": width}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": across,
        "y": down,
        "line": look,
        "opacity": opacity,
        "hoverinfo": "skip",
    }


def handles(
    links: Sequence[Link], queries: Sequence[str], keys: Sequence[str], axes: tuple[str, str], value_name: str,
    origin: tuple[int, int],
) -> dict[str, Any]:  # fmt: skip
    """Unseen points along the lines, for the mouse: they tell the pieces and the weight."""
    asked, looked_at = whole_labels(queries), whole_labels(keys)
    touch = [(link, along) for link in links for along in HANDLES]
    return {
        "type": "scatter",
        "mode": "markers",
        "marker": {"size": 12, "opacity": 0},
        "x": [along for _, along in touch],
        "y": [link.key + along * (link.query - link.key) for link, along in touch],
        "customdata": [[origin[0] + link.query, origin[1] + link.key, link.weight] for link, _ in touch],
        "hovertext": [f"{asked[link.query]} → {looked_at[link.key]}" for link, _ in touch],
        "hovertemplate": hover(axes, value_name, "customdata[2]"),
    }


def chips(
    pieces: Sequence[str], name: str, *, base: float, width: float, where: list[list[int | None]]
) -> dict[str, Any]:
    """A column of pieces as bars, so that all of a chip can be hovered over and clicked."""
    count = len(pieces)
    bars = {
        "type": "bar",
        "orientation": "h",
        "base": [base] * count,
        "x": [width] * count,
        "y": list(range(count)),
        "width": 0.78,
    }
    text = {
        "text": short_labels(pieces),
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
    }
    tell = {
        "hovertext": whole_labels(pieces),
        "hovertemplate": f"{escape(name)}<br><b>%{{hovertext}}</b><extra></extra>",
    }
    return bars | text | tell | {"customdata": where}


def outlined(places: Sequence[int], mode: Mode) -> dict[str, Any]:
    """The look of pieces that are looked at."""
    edges = {"color": [theme.token_colour(place) for place in places], "width": 2}
    return {
        "marker": {"color": theme.PANEL[mode], "line": edges},
        "insidetextfont": {"size": theme.FONT_SIZE, "color": theme.INK[mode]},
    }


def filled(places: Sequence[int], chosen: int | None, mode: Mode) -> dict[str, Any]:
    """The look of pieces that look on: all bright, or only the chosen one."""
    opacity = [1.0 if chosen in (None, query) else 0.3 for query in range(len(places))]
    look = {"color": [theme.token_colour(place) for place in places], "opacity": opacity}
    inks = [
        theme.token_ink(place) if chosen in (None, query) else theme.INK[mode] for query, place in enumerate(places)
    ]
    return {"marker": look, "insidetextfont": {"size": theme.FONT_SIZE, "color": inks}}


def chip_width(pieces: Sequence[str]) -> float:
    """The width of a chip that holds the longest label on a telephone, in units of the lines' own width."""
    share = min(0.36, (8 * max(len(text) for text in short_labels(pieces)) + 18) / 340)
    return share / (1 - 2 * share)


def columns(chip: float, height: int) -> dict[str, Any]:
    """Hidden axes: the lines run from 0 to 1, the rows from the top down under a row for the headings."""
    hidden = {"visible": False, "fixedrange": True}
    across, down = hidden | {"range": [-chip * 1.02, 1 + chip * 1.02]}, hidden | {"range": [height - 0.5, -1.5]}
    return {"xaxis": across, "yaxis": down, "barmode": "overlay", "hoverdistance": 12}


def headings(chip: float, names: tuple[str, str], mode: Mode) -> list[dict[str, Any]]:
    """What each column holds."""
    look = {"y": -0.9, "showarrow": False, "font": {"size": theme.SMALL, "color": theme.MUTED[mode]}}
    left = look | {"x": -chip, "xanchor": "left", "text": escape(names[1])}
    return [left, look | {"x": 1 + chip, "xanchor": "right", "text": escape(names[0])}]
