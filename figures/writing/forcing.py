"""Two lanes, one step a row: the decoder in training and at test time. A click reports `[step, None, probability]`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from figures import theme
from figures.heads.masks import row_frame
from figures.labels import escape, label, probability, shorten
from figures.theme import Mode

APART = 1.28  # from the beginning of one lane to the beginning of the other; a bar of probability 1 is 1 long
TEXT, BAR = -0.18, 0.24  # where the text and the bar of a step are, in steps from its middle
ROW = (24, 34)  # pixels of a step, in a long and in a short sentence
TALL = 330  # pixels of all of them, if they can be that small


@dataclass(frozen=True, slots=True)
class Lane:
    """What was read at each step, what came next, and how probable that was."""

    name: str
    read: Sequence[str]
    written: Sequence[str]
    chances: Sequence[float]


def lanes(
    training: Lane, test: Lane, own: Sequence[str], own_chances: Sequence[float], *, title: str, mode: Mode = "light",
    selected: int | None = None, parting: int | None = None, parting_name: str = "they part",
    axis_title: str = "probability",
) -> go.Figure:  # fmt: skip
    """`training` on the left with, where it differs, the piece that the model would have written (`own`); `test` on the right.

    `parting` is the first step at which the two lanes write different pieces.
    """
    count = max(len(training.read), len(test.read))
    differ = [step for step, piece in enumerate(training.written) if own[step] != piece]
    data = [_bars(training, 0.0, 0), _bars(test, APART, 2), _labels(training, 0.0, mode), _labels(test, APART, mode)]
    if differ:
        data.append(_own(differ, own, own_chances))
    hidden = {"visible": False, "fixedrange": True}
    split = [] if parting is None else [_line(parting, mode)]
    chosen = [] if selected is None or not 0 <= selected < count else [row_frame(selected, mode)]
    told = [] if parting is None else [_told(parting, parting_name, mode)]
    layout = {
        "xaxis": hidden | {"range": [-0.02, APART + 1.24], "title": {"text": escape(axis_title)}},
        "yaxis": hidden | {"range": [count - 0.5, -1.05]},
        "barmode": "overlay",
        "shapes": [*split, *chosen],
        "annotations": [_heading(training, 0.0, mode), _heading(test, APART, mode), *told],
        "meta": {"minimum_width": 340},
    }
    return theme.figure(data, layout, title=title, mode=mode, body=min(ROW[1], max(ROW[0], TALL // count)) * count + 28)


def _bars(lane: Lane, start: float, colour: int) -> dict[str, Any]:
    """The probability of what came next, one bar a step."""
    steps = list(range(len(lane.read)))
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": list(lane.chances),
        "y": [step + BAR for step in steps],
        "base": start,
        "width": 0.22,
    }
    text = {"text": [probability(chance) for chance in lane.chances], "textposition": "outside", "textangle": 0}
    pairs = zip(lane.read, lane.written, strict=True)
    tell = {
        "customdata": [[step, None, chance] for step, chance in enumerate(lane.chances)],
        "hovertext": [
            f"{escape(lane.name)}: {escape(label(read))} → {escape(label(next_one))}" for read, next_one in pairs
        ],
        "hovertemplate": "<b>%{hovertext}</b><br>%{customdata[2]:.4f}<extra></extra>",
    }
    look = {"marker": {"color": theme.token_colour(colour)}, "constraintext": "none", "cliponaxis": False}
    return bars | text | tell | look | {"textfont": {"size": theme.SMALL}}


def _labels(lane: Lane, start: float, mode: Mode) -> dict[str, Any]:
    """Above each bar, what was read and what came next."""
    pairs = zip(lane.read, lane.written, strict=True)
    texts = [
        f"{escape(shorten(label(read), 9))} → <b>{escape(shorten(label(next_one), 9))}</b>" for read, next_one in pairs
    ]
    return _texts(texts, list(range(len(texts))), start, TEXT, theme.INK[mode])


def _own(steps: Sequence[int], own: Sequence[str], chances: Sequence[float]) -> dict[str, Any]:
    """Behind a bar, at the end of the lane, the piece that the model would have written instead: a right piece is seldom probable then."""
    texts = [f"✗ {escape(shorten(label(own[step]), 9))} {probability(chances[step])}" for step in steps]
    return _texts(texts, list(steps), APART - 0.04, BAR, theme.token_colour(5)) | {"textposition": "middle left"}


def _texts(texts: Sequence[str], steps: Sequence[int], start: float, shift: float, colour: str) -> dict[str, Any]:
    """A line of text for each of the steps, from the beginning of a lane on."""
    at = {"x": [start] * len(texts), "y": [step + shift for step in steps], "text": list(texts)}
    look = {"textposition": "middle right", "textfont": {"size": theme.SMALL, "color": colour}, "cliponaxis": False}
    return {"type": "scatter", "mode": "text", "hoverinfo": "skip"} | at | look


def _heading(lane: Lane, start: float, mode: Mode) -> dict[str, Any]:
    """The name of a lane over it."""
    font = {"size": theme.FONT_SIZE, "color": theme.MUTED[mode]}
    return {
        "text": f"<b>{escape(lane.name)}</b>",
        "x": start,
        "y": -0.78,
        "xanchor": "left",
        "showarrow": False,
        "font": font,
    }


def _line(parting: int, mode: Mode) -> dict[str, Any]:
    """The line under the step at which the two lanes part."""
    line = {"color": theme.INK[mode], "width": 1.5, "dash": "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": parting + 0.5, "y1": parting + 0.5, "line": line}


def _told(parting: int, name: str, mode: Mode) -> dict[str, Any]:
    """The words for it, at the right end of the step's text."""
    font = {"size": theme.SMALL, "color": theme.INK[mode]}
    place = {"xref": "paper", "x": 1, "xanchor": "right", "y": parting + TEXT, "yanchor": "middle", "showarrow": False}
    return place | {"text": f"≠ {escape(name)}", "font": font}
