"""Pictures of `figures/heads/window.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ENGLISH, ReadBack, Sample, softmax

SHARES = softmax(len(ENGLISH))
CURVE = np.linspace(0, 6, 13), np.linspace(0.1, 1, 13)
WEIGHTS = SHARES * np.linspace(0.2, 1, len(ENGLISH))


def bars(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Each height where a click reports it, and where the mark stands."""
    found = np.full((2, len(ENGLISH) + 1), np.nan)
    for row, trace in enumerate(figure["data"][:2]):
        for (place,), value in zip(trace["customdata"], trace["y"], strict=True):
            found[row, place - 1] = value
    found[:, -1] = figure["data"][3]["x"]
    return found, np.column_stack([np.stack([SHARES, WEIGHTS]), [2.25, 2.25]])


SAMPLES: dict[str, Sample] = {
    "window": (
        (ENGLISH, SHARES, WEIGHTS, CURVE, 2.25),
        {"names": ("share", "weight", "window", "p <b>"), "axes": ("piece", "share"), "selected": 2, "first": 1},
    ),
}
DRAWN: dict[str, ReadBack] = {"window": bars}
