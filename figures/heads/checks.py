"""Which heads are chosen, as a board to be checked: rows are layers, columns heads, and before them one for the whole layer.

A click reports `[layer, column]`, from 0: column 0 stands for all heads of the layer, column 1 for its first head.
"""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from figures import theme
from figures.grid import downwards, numerals, touch
from figures.labels import escape
from figures.theme import Mode

CELL = 22  # pixels of a cell's height
NARROW = 30  # pixels of a cell's width, below which the page scrolls sideways
CHECK, SOME = "✓", "–"


def checks(
    chosen: NDArray[np.bool_], *, title: str, mode: Mode = "light", names: tuple[str, str] = ("layer", "head"),
    all_name: str = "all", words: tuple[str, str, str] = ("not chosen", "some", "chosen"),
) -> go.Figure:  # fmt: skip
    """`chosen` (layer, head): True where a head is checked. `words` are what a cell says, `all_name` heads the first column."""
    if not chosen.size:
        raise ValueError(f"Expected one head at least; the shape of the heads is {chosen.shape}.")
    whole = np.where(chosen.all(1), 1.0, np.where(chosen.any(1), 0.5, 0.0))
    values = np.concatenate([whole[:, None], chosen.astype(np.float64)], axis=1)
    layers, columns = values.shape
    heads = [escape(all_name), *(f"{escape(names[1])} {head}" for head in range(1, columns))]
    said = [[escape(words[round(2 * value)]) for value in line] for line in values.tolist()]
    told = touch([f"{escape(names[0])} {layer}" for layer in range(1, layers + 1)], heads, words=said)
    scale = theme.colour_scale((theme.PANEL[mode], theme.MUTED[mode]))
    signs = [[("", SOME, CHECK)[round(2 * value)] for value in line] for line in values.tolist()]
    trace = {
        "type": "heatmap", "z": values.tolist(), "zmin": 0, "zmax": 1, "colorscale": scale, "showscale": False, "xgap": 4, "ygap": 3,
        "meta": told, "hovertemplate": "<b>%{hovertext}</b><extra></extra>",
    }  # fmt: skip
    layout = {
        "xaxis": numbered(names[1], [escape(all_name), *map(str, range(1, columns))]) | {"side": "top"},
        "yaxis": downwards(numbered(names[0], list(map(str, range(1, layers + 1))))),
        "shapes": [parting(layers, mode)], "meta": {"minimum_width": 60 + NARROW * columns},
    }  # fmt: skip
    return theme.figure(
        [trace, numerals(trace, signs, theme.FONT_SIZE)],
        layout,
        title=title,
        mode=mode,
        body=CELL * layers,
        head=36,
        feet=2,
    )


def numbered(title: str, marks: list[str]) -> dict[str, Any]:
    """An axis with a mark for each row or column."""
    return {
        "type": "linear", "range": [-0.5, len(marks) - 0.5], "fixedrange": True, "tickmode": "array",
        "tickvals": list(range(len(marks))), "ticktext": marks, "title": {"text": escape(title), "standoff": 10},
    }  # fmt: skip


def parting(layers: int, mode: Mode) -> dict[str, Any]:
    """The line between whole layers and single heads."""
    line = {"color": theme.MUTED[mode], "width": 1}
    return {"type": "line", "x0": 0.5, "x1": 0.5, "y0": -0.5, "y1": layers - 0.5, "line": line}
