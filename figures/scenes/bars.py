"""Groups of bars side by side: one colour and one pattern for each series. A click reports `[series, group]`."""

from collections.abc import Sequence

import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights
from figures.labels import escape
from figures.theme import Mode

SHAPES = ("", "/", ".", "x")  # so that series are told apart without their colours


def bars(
    values: Weights, series: Sequence[str], groups: Sequence[str], *, axes: tuple[str, str], title: str, mode: Mode = "light",
    selected: tuple[int, int] | None = None, top: float | None = None,
) -> go.Figure:  # fmt: skip
    """`values (series, group)`; `axes` names the groups and the numbers; `selected` frames a bar; `top` ends the axis."""
    if values.shape != (len(series), len(groups)) or not values.size:
        raise ValueError(f"Expected numbers of {len(series)} series and {len(groups)} groups, but got {values.shape}.")
    data = [
        {
            "type": "bar", "name": escape(name), "x": list(range(len(groups))), "y": [float(value) for value in values[place]],
            "customdata": [[place, group] for group in range(len(groups))], "hovertext": [escape(f"{name}, {group}") for group in groups],
            "hovertemplate": "<b>%{hovertext}</b><br>%{y:.3f}<extra></extra>",
            "marker": {
                "color": theme.token_colour(place), "pattern": {"shape": SHAPES[place % len(SHAPES)]},
                "line": {"color": theme.ACCENT[mode], "width": [3 if selected == (place, group) else 0 for group in range(len(groups))]},
            },
        }
        for place, name in enumerate(series)
    ]  # fmt: skip
    layout = {
        "xaxis": {"type": "linear", "tickmode": "array", "tickvals": list(range(len(groups))), "ticktext": [escape(name) for name in groups],
                  "title": {"text": escape(axes[0])}, "fixedrange": True},
        "yaxis": {"title": {"text": escape(axes[1])}, "fixedrange": True, "showgrid": True, "rangemode": "tozero"}
        | ({} if top is None else {"range": [0, top]}),
        "barmode": "group", "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "font": {"size": theme.SMALL}},
    }  # fmt: skip
    return theme.figure(data, layout, title=title, mode=mode, body=280, head=30, feet=70)
