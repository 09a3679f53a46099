"""Pictures of `figures/numbers/scatter.py`."""

from typing import Any

import numpy as np

from figures.numbers.scatter import Mark
from tests.figures.samples import FRENCH, ReadBack, Sample

POINTS = np.random.default_rng(3).normal(size=(4, 3))
CLOUD = np.random.default_rng(4).normal(size=(len(FRENCH), 3))
MARKS = [
    Mark("▁The", 0, 0, (0, 0), chosen=True), Mark("▁<b>hi</b>", 0, 1, (0, 1)), Mark("▁rue", 1, 3, (1, 4)), Mark("</s>", 2, 5, (0, 5)),
]  # fmt: skip
GROUPS = ["English", "French", "both", "7 of 9"]
ORDER = [1, 0, 2, 3]  # by group, the chosen one last


def found(figure: dict[str, Any], axes: str) -> np.ndarray:
    """The points that are drawn: marks by group, then the cloud."""
    rest, *marked = figure["data"]
    return np.concatenate([np.array([trace[axis] for axis in axes]).T for trace in (*marked, rest)])


SAMPLES: dict[str, Sample] = {
    "plane": ((POINTS,), {"marks": MARKS, "cloud": CLOUD, "names": FRENCH, "axes": ["one", "two"], "groups": GROUPS}),
    "space": (
        (POINTS,),
        {"marks": MARKS, "cloud": CLOUD, "names": FRENCH, "axes": ["one", "two", "three"], "groups": GROUPS},
    ),
}
DRAWN: dict[str, ReadBack] = {
    "plane": lambda figure: (found(figure, "xy"), np.concatenate([POINTS[ORDER], CLOUD])[:, :2]),
    "space": lambda figure: (found(figure, "xyz"), np.concatenate([POINTS[ORDER], CLOUD])),
}
