"""The rows of the embedding matrix that a sentence uses."""

from collections.abc import Sequence

import plotly.graph_objects as go

from figures.grid import Weights
from figures.numbers import positions, vectors
from figures.theme import Mode


def rows(
    values: Weights, pieces: Sequence[str], *, title: str, mode: Mode = "light", names: tuple[str, str] = vectors.AXES,
    value_name: str = "value", selected: tuple[int, int | None] | None = None, first: int = 0,
) -> go.Figure:  # fmt: skip
    """`values` (piece, dimension) of `pieces`, the first of which stands at place `first`; a click reports `[place, dimension]`.

    `selected` frames the row of a place and, unless it is `None`, the cell of a dimension.
    """
    figure = vectors.heatmap(
        values, pieces, names=names, title=title, mode=mode, value_name=value_name, origin=(first, 0), tall=300
    )
    if selected is not None:
        row, column = selected
        shapes = positions.chosen(row - first, column or 0, values.shape, 0, mode)
        figure.update_layout(shapes=shapes if column is not None else shapes[:1])
    return figure
