"""Pictures of `figures/changed/paint.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import FRENCH, ReadBack, Sample, cells

COUNT = len(FRENCH)
TRAINED = np.tril(np.ones((COUNT, COUNT), dtype=bool))
PAINTED = TRAINED.copy()
PAINTED[1, 3], PAINTED[4, 2] = True, False


def states(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The state of each cell, by its colour and by its sign."""
    signed = np.zeros((COUNT, COUNT))
    for trace in figure["data"][1:]:
        for x, y, text in zip(trace["x"], trace["y"], trace["text"], strict=True):
            signed[int(y), int(x)] = " ✕○●".index(text)
    expected = np.zeros((COUNT, COUNT))
    expected[~TRAINED], expected[1, 3], expected[4, 2] = 1, 2, 3
    return np.stack((cells(figure, (COUNT, COUNT)), signed)), np.stack((expected, expected))


SAMPLES: dict[str, Sample] = {"mask": ((PAINTED, TRAINED, FRENCH, FRENCH), {})}
DRAWN: dict[str, ReadBack] = {"mask": states}
