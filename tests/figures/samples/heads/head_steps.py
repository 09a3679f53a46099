"""Pictures of `figures/heads/head_steps.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import FRENCH, ReadBack, Sample, softmax

SCORES = np.log(softmax(len(FRENCH), len(FRENCH)))
MASK = np.tri(len(FRENCH), dtype=bool)
SAMPLES: dict[str, Sample] = {
    "step": ((SCORES, FRENCH, FRENCH), {"number": 3, "mask": MASK, "selected": (2, 3), "origin": (1, 1)})
}


def read(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Where the mask allows, the score; where it does not, a hole in the map and a cross that reports the same cell."""
    found = np.array(figure["data"][0]["z"], dtype=float)
    assert np.array_equal(np.isnan(found), ~MASK)
    crosses = figure["data"][1]
    for x, y, told in zip(crosses["x"], crosses["y"], crosses["customdata"], strict=True):
        assert told == [3, int(y) + 1, int(x) + 1]
        found[int(y), int(x)] = -1e9
    return found, np.where(MASK, SCORES, -1e9)


DRAWN: dict[str, ReadBack] = {"step": read}
