"""The time of a lesson: one bar for each step, from when it begins to when it ends, the first on top."""

from collections.abc import Sequence
from itertools import accumulate

import plotly.graph_objects as go

from figures import theme
from figures.labels import escape, shorten
from figures.theme import Mode

ROW, NAME = 28, 30  # pixels of a step, letters of its name


def timing(
    minutes: Sequence[int], names: Sequence[str], *, asks: Sequence[bool], asking: str, axes: tuple[str, str], title: str,
    mode: Mode = "light", selected: int | None = None,
) -> go.Figure:  # fmt: skip
    """`minutes` of each step; those that ask something are hatched, and `asking` says so where one points at them.

    `axes` names the time and the steps. A click reports `[step]`; `selected` is framed.
    """
    if not minutes or not len(minutes) == len(names) == len(asks):
        raise ValueError(f"Expected a name for each step, but got {len(minutes)}, {len(names)} and {len(asks)}.")
    starts, places = [0, *accumulate(minutes)], list(range(len(minutes)))
    told = [f"{place + 1}. {escape(name)}" for place, name in enumerate(names)]
    trace = {
        "type": "bar", "orientation": "h", "y": places, "base": starts[:-1], "x": list(minutes), "customdata": [[place] for place in places],
        "hovertext": [f"{name}, {escape(asking)}" if asked else name for name, asked in zip(told, asks, strict=True)],
        "hovertemplate": "<b>%{hovertext}</b><br>%{base} + %{x} min<extra></extra>", "text": [str(each) for each in minutes],
        "textposition": "outside", "cliponaxis": False,
        "marker": {
            "color": [theme.token_colour(place) for place in places], "pattern": {"shape": ["/" if asked else "" for asked in asks]},
            "line": {"color": theme.ACCENT[mode], "width": [3 if place == selected else 0 for place in places]},
        },
    }  # fmt: skip
    layout = {
        "xaxis": {"title": {"text": escape(axes[0]), "standoff": 8}, "fixedrange": True, "showgrid": True, "range": [0, 1.05 * starts[-1]]},
        "yaxis": {"title": {"text": escape(axes[1])}, "fixedrange": True, "range": [len(minutes) - 0.5, -0.5], "tickmode": "array",
                  "tickvals": places, "ticktext": [f"{place + 1}. {escape(shorten(name, NAME))}" for place, name in enumerate(names)],
                  "automargin": True},
        "bargap": 0.25, "showlegend": False,
    }  # fmt: skip
    return theme.figure([trace], layout, title=title, mode=mode, body=max(120, ROW * len(minutes)), feet=56)
