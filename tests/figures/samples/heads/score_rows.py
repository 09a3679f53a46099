"""Pictures of `figures/heads/score_rows.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ENGLISH, ReadBack, Sample, softmax

NAMES = ("additive", "q · k", "q · k ÷ √16 <own>")
WEIGHTS = softmax(3, len(ENGLISH))
SCORES = np.log(WEIGHTS)
SCORES[:, -1] = WEIGHTS[:, -1] = np.nan  # where it may not look


def bars(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Each height where a click reports it."""
    given = np.stack([SCORES, WEIGHTS])
    found = np.full(given.shape, np.nan)
    for trace in figure["data"]:
        for (function, key), value in zip(trace["customdata"], trace["y"], strict=True):
            found[int(trace["yaxis"] == "y2"), function, key - 1] = value
    return found, given


SAMPLES: dict[str, Sample] = {
    "score_rows": (
        (NAMES, SCORES, WEIGHTS, ENGLISH),
        {"axes": ("piece", "score", "weight"), "selected": (1, 2), "first": 1},
    ),
}
DRAWN: dict[str, ReadBack] = {"score_rows": bars}
