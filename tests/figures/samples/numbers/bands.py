"""Pictures of `figures/numbers/bands.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ReadBack, Sample

NUMBERS = np.random.default_rng(5).normal(size=(5, 12))
GROUPS = (("In <b>", ["x"], NUMBERS[:1]), ("Out", ["a", "b", "c", "d"], NUMBERS[1:]))
HIDDEN = np.random.default_rng(6).normal(size=11)
PARTS = (("Before", HIDDEN), ("After", np.maximum(0, HIDDEN)))


def told(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Each number where a click reports it: `[band, 0, column]`."""
    found, trace = np.full(NUMBERS.shape, np.nan), figure["data"][0]
    for tile in trace["meta"]["cells"]["tiles"]:
        top, left = tile["at"]
        for column in range(NUMBERS.shape[1]):
            found[tile["prefix"][0], column] = trace["z"][top][left + column]
    return found, NUMBERS


def fired(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Both squares, unit by unit as a click reports them."""
    found: dict[int, list[float]] = {}
    trace = figure["data"][0]
    for units, line in zip(trace["customdata"], trace["z"], strict=True):
        for unit, number in zip(units, line, strict=True):
            if unit is not None:
                found.setdefault(unit, []).append(number)
    return np.array([found[unit] for unit in range(len(HIDDEN))]), np.stack([HIDDEN, np.maximum(0, HIDDEN)], axis=1)


SAMPLES: dict[str, Sample] = {
    "bands": ((), {"groups": GROUPS, "selected": (2, 7), "breaks": 4}),
    "units": ((), {"parts": PARTS, "selected": 10}),
}
DRAWN: dict[str, ReadBack] = {"bands": told, "units": fired}
