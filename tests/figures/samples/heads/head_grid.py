"""Pictures of `figures/heads/head_grid.py`."""

from typing import Any

import numpy as np

from figures.heads.head_grid import Tiles
from tests.figures.samples import ENGLISH, FRENCH, ReadBack, Sample, cells, softmax

AXES = ("piece that looks", "piece")
SQUARE = softmax(2, 5, len(ENGLISH), len(ENGLISH))
CROSS = softmax(3, 5, len(FRENCH), len(ENGLISH))
BLOCKS = (
    Tiles(
        name="Encoder <b>", number=0, weights=SQUARE, queries=tuple(ENGLISH), keys=tuple(ENGLISH), axes=AXES,
    ),
    Tiles(
        name="Cross", number=2, weights=CROSS[..., 1:, 1:], queries=tuple(FRENCH[1:]), keys=tuple(ENGLISH[1:]), axes=AXES,
        origin=(1, 1),
    ),
)  # fmt: skip
SHARES = softmax(4, 3)
HOLED = np.where(SHARES < 0.1, np.nan, SHARES)
WORD = softmax(3, len(ENGLISH))
WORD[:, 0] = np.nan  # not drawn
WORD[:, -1] = np.nan  # masked


def tiles(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of both attentions where a click reports them, and what was given, as exact as is drawn."""
    first = cells(figure, (1, *SQUARE.shape), trace=0)
    second = cells(figure, (3, *CROSS.shape), trace=1)[2]
    given = np.concatenate([np.round(SQUARE, 4).ravel(), np.round(CROSS[..., 1:, 1:], 4).ravel()])
    return np.concatenate([first.ravel(), second[..., 1:, 1:].ravel()]), given


def shares(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The numbers in the cells; a hole is NaN."""
    found = np.array(figure["data"][0]["z"], dtype=float)
    return found, HOLED


def of_a_word(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the heads where a click reports them; a hole is NaN."""
    found = cells(figure, (len(WORD), len(ENGLISH)))
    return np.array(found, dtype=float), WORD


SAMPLES: dict[str, Sample] = {
    "word": ((WORD[:, 1:], ["1.1 <b>", "1.2", "1.3"], ENGLISH[1:]), {"selected": (2, 4), "first": 1}),
    "maps": ((), {"blocks": BLOCKS, "selected": (2, 1, 3)}),
    "measures": ((HOLED, ["1.1 <b>", "1.2", "1.3", "1.4"], ["previous", "same", "next"]), {"selected": 2}),
}
DRAWN: dict[str, ReadBack] = {"maps": tiles, "measures": shares, "word": of_a_word}
