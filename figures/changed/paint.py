"""A mask that can be painted: which cells may be looked at, which not, and which of them are not as they were in training.

A sign, not only a colour, tells the state of a cell: none for what may be looked at as ever, ✕ for what was hidden in training
too, ○ for what was opened, ● for what was covered. A click reports `[query, key]`, counted from 0.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, touch, turned
from figures.heads.attention import PIECES, cells, map_layout
from figures.heads.masks import MASKED, OPENED, signs
from figures.labels import escape, short_labels, whole_labels
from figures.theme import Mode

COVERED = "●"
STATES = ("may look", "hidden", "opened", "covered")


def mask(
    allowed: Weights, trained: Weights, queries: Sequence[str], keys: Sequence[str], *, names: tuple[str, str] = PIECES,
    title: str, mode: Mode = "light", states: Sequence[str] = STATES, origin: tuple[int, int] = (0, 0),
) -> go.Figure:  # fmt: skip
    """`allowed` and `trained` (query, key) are True where a query may look: now, and in training.

    `states` are the words for a cell that may be looked at, is hidden, was opened, was covered.
    """
    check(allowed, queries, keys)
    check(trained, queries, keys)
    now, usual = allowed.astype(bool), trained.astype(bool)
    state = np.select([now & usual, ~now & ~usual, now & ~usual], [0, 1, 2], 3)
    shades = (theme.token_colour(4), theme.PANEL[mode], theme.token_colour(1), theme.MUTED[mode])
    steps = {"colorscale": theme.colour_scale(shades), "zmin": 0, "zmax": 3, "showscale": False}
    trace = cells(state.tolist(), steps, "", names)
    del trace["colorbar"]
    trace["hovertemplate"] = "%{hovertext}<extra></extra>"
    said = [escape(word) for word in states]
    trace["meta"] = touch(whole_labels(queries), whole_labels(keys), origin=origin, words=said)
    data = [
        trace,
        signs(state == 1, MASKED, theme.MUTED[mode]),
        signs(state == 2, OPENED, theme.DARK_INK),
        signs(state == 3, COVERED, theme.PANEL[mode]),
    ]
    layout = map_layout(allowed.shape, queries, keys, names, mode, None, origin)
    cell, head = min(32, max(18, 300 // len(queries))), turned(short_labels(keys))
    layout["annotations"] = [legend(states, mode)]
    return theme.figure(data, layout, title=title, mode=mode, body=cell * len(queries), head=head, feet=34)


def legend(states: Sequence[str], mode: Mode) -> dict[str, object]:
    """What the signs mean, in one line below."""
    text = "   ".join(
        f"{sign} {escape(name)}" for sign, name in zip((MASKED, OPENED, COVERED), states[1:], strict=True)
    )
    where = {"xref": "paper", "yref": "paper", "x": 0, "y": 0, "xanchor": "left", "yanchor": "top", "yshift": -8}
    return where | {"text": text, "showarrow": False, "font": {"size": theme.SMALL, "color": theme.INK[mode]}}
