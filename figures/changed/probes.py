"""Two sentences compared: a number for every piece and stage of the way up, and one for every head.

Pieces run down, stages run to the right, as the numbers flow. NaN is a hole: a stage that a piece does not pass. A click reports
`[row, column]`, counted from 0.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights, check, colour_bar, downwards, frame, hover, numerals, touch
from figures.heads.attention import FEET
from figures.labels import escape, shorten
from figures.theme import Mode

CELL, COLUMN, NUMBERED = 22, 34, 26  # pixels of a cell's height, of a column, and of a cell that shows its number


def flow(
    values: Weights, rows: Sequence[str], columns: Sequence[str], *, names: tuple[str, str], value_name: str, title: str,
    mode: Mode = "light", signed: bool = False, selected: tuple[int, int] | None = None,
    headings: Sequence[tuple[int, str]] = (), marks: Sequence[int] = (),
) -> go.Figure:  # fmt: skip
    """`values` (row, column) of pieces by stages; plain labels. A row of holes parts the sentences.

    `signed` values are blue below zero and red above, up to 1 at least; others go from 0 to the largest. `headings` are (row, text)
    for rows of holes, `marks` the rows whose label is bold.
    """
    figure = grid(values, rows, columns, names, value_name, signed, mode, marks)
    figure["layout"]["shapes"] = [] if selected is None else [boxed(selected, mode)]
    figure["layout"]["annotations"] = [heading(row, text, mode) for row, text in headings]
    figure["layout"]["meta"] = {"minimum_width": 110 + COLUMN * len(columns)}
    return theme.figure(
        figure["data"],
        figure["layout"],
        title=title,
        mode=mode,
        body=min(CELL, max(15, 480 // len(rows))) * len(rows),
        head=58,
        feet=FEET,
    )


def heads(
    values: Weights, rows: Sequence[str], columns: Sequence[str], *, names: tuple[str, str], value_name: str, title: str,
    mode: Mode = "light", selected: tuple[int, int] | None = None, digits: int = 2,
) -> go.Figure:  # fmt: skip
    """`values` (layer, head) with their numbers in the cells: blue below zero, red above, up to 1 at least."""
    figure = grid(values, rows, columns, names, value_name, True, mode, ())
    layout = figure["layout"] | {"meta": {"minimum_width": 100 + 32 * len(columns)}}
    layout["shapes"] = [] if selected is None else [boxed(selected, mode)]
    trace = figure["data"][0]
    texts = [["" if value is None else number(value, digits) for value in line] for line in trace["z"]]
    return theme.figure(
        [trace, numerals(trace, texts)], layout, title=title, mode=mode, body=NUMBERED * len(rows), head=44, feet=FEET
    )


def grid(
    values: Weights, rows: Sequence[str], columns: Sequence[str], names: tuple[str, str], value_name: str, signed: bool,
    mode: Mode, marks: Sequence[int],
) -> dict[str, Any]:  # fmt: skip
    """The heat map and its axes."""
    check(np.nan_to_num(values), rows, columns)
    z = [[None if np.isnan(value) else float(value) for value in row] for row in values]
    reach = float(np.nanmax(np.abs(values), initial=0))
    reach = max(1.0, reach) if signed else reach or 1.0
    colours: dict[str, Any] = {"colorscale": theme.diverging(mode) if signed else theme.sequential(mode)}
    colours |= {"zmin": -reach if signed else 0, "zmax": reach, "colorbar": colour_bar(value_name)}
    told = touch([escape(row) for row in rows], [escape(column) for column in columns])
    tell = {"hoverongaps": False, "hovertemplate": hover(names, value_name, "z")}
    trace = {"type": "heatmap", "z": z, "meta": told, "xgap": 1, "ygap": 1} | colours | tell
    down = [f"<b>{text}</b>" if row in marks else text for row, text in enumerate(escape(shorten(row)) for row in rows)]
    across = [escape(column).replace(" ", "<br>", 1) for column in columns]
    layout = {"xaxis": axis(across, names[1]) | {"side": "top"}, "yaxis": downwards(axis(down, names[0]))}
    return {"data": [trace], "layout": layout}


def axis(labels: Sequence[str], title: str) -> dict[str, Any]:
    """An axis with a label for each place; `labels` are escaped already."""
    ticks = {
        "tickmode": "array", "tickvals": [place for place, text in enumerate(labels) if text],
        "ticktext": [text for text in labels if text], "tickangle": 0,
    }  # fmt: skip
    text = {"text": escape(title), "standoff": 6}
    return {"type": "linear", "range": [-0.5, len(labels) - 0.5], "fixedrange": True, "title": text} | ticks


def boxed(cell: tuple[int, int], mode: Mode) -> dict[str, Any]:
    """The frame of a cell."""
    row, column = cell
    return frame(column, column, row, row, mode)


def heading(row: int, text: str, mode: Mode) -> dict[str, Any]:
    """A name in the row of holes above a sentence."""
    place = {"x": -0.5, "y": row, "xanchor": "left", "yanchor": "middle", "showarrow": False}
    return place | {"text": f"<b>{escape(text)}</b>", "font": {"size": theme.SMALL, "color": theme.INK[mode]}}


def number(value: float, digits: int) -> str:
    """With a real minus, and nothing that rounds to minus zero."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if not float(text) else text.replace("-", "−")
