"""Pictures of `figures/numbers/curves.py`."""

from typing import Any

import numpy as np

from figures.numbers.curves import Panel
from tests.figures.samples import ReadBack, Sample

LENGTHS = np.array([16.0, 13.5, 13.75, 9.5])
STEPS = np.array([np.nan, 5.5, 4.0, 7.25])
COSINES = np.array([1.0, 0.9, 0.5, -0.25])
PANELS = (
    Panel("length", [("the vector", LENGTHS), ("what <is> added", STEPS)]),
    Panel("cosine", [("with the start", COSINES)], (-1.0, 1.0)),
)


def points(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Each value where a click reports it; what no click reports is NaN."""
    given = np.stack([LENGTHS, STEPS, COSINES])
    found = np.full(given.shape, np.nan)
    for trace in figure["data"]:
        for (panel, curve, station), value in zip(trace.get("customdata", []), trace["y"], strict=False):
            found[panel * 2 + curve, station] = value
    return found, given


STATIONS = ("start", "1 attention", "1 feed-forward", "2 <b>")
SAMPLES: dict[str, Sample] = {
    "curves": ((), {"panels": PANELS, "stations": STATIONS, "axis_title": "layer", "selected": (0, 1, 2)}),
}
DRAWN: dict[str, ReadBack] = {"curves": points}
