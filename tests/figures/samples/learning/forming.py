"""Pictures of `figures/learning/forming.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ENGLISH, FRENCH, ReadBack, Sample, cells, softmax

NAMES = ("French piece", "English piece")
MAPS = softmax(7, len(FRENCH), len(ENGLISH))
STEPS = [f"step {7 * place}" for place in range(6)] + ["step <b>"]
OVERLAPS = np.linspace(0.1234567, 1, 24).reshape(4, 6)
HEADS = ["1.1", "1.2 <b>", "2.1", "2.2"]
MOMENTS = [0, None, 5, 3]


def one(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The map of the third snapshot, of which the first row and column are not drawn."""
    found = cells(figure, (3, len(FRENCH), len(ENGLISH)))[2, 1:, 1:]
    return found, np.round(MAPS[2, 1:, 1:], 4)


def many(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Every map where a click reports it."""
    return cells(figure, MAPS.shape), np.round(MAPS, 4)


def overlaps(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The cells, and the places of the diamonds after them."""
    marks = figure["data"][1]
    found = [*cells(figure, OVERLAPS.shape).ravel(), *marks["y"], *marks["x"]]
    return np.array(found, dtype=float), np.array([*np.round(OVERLAPS, 4).ravel(), 0, 2, 3, 0, 5, 3], dtype=float)


SAMPLES: dict[str, Sample] = {
    "moment_map": (
        (MAPS[2, 1:, 1:], FRENCH[1:], ENGLISH[1:]),
        {"number": 2, "names": NAMES, "selected": (3, 2), "origin": (1, 1)},
    ),
    "strip": ((MAPS, STEPS, FRENCH, ENGLISH), {"names": NAMES, "selected": 3}),
    "heads": (
        (OVERLAPS, HEADS, STEPS[1:]),
        {"moments": MOMENTS, "names": ("layer.head", "step"), "selected": (2, 4)},
    ),
}
DRAWN: dict[str, ReadBack] = {"moment_map": one, "strip": many, "heads": overlaps}
