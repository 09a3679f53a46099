"""Pictures of `figures/numbers/measured.py`."""

from typing import Any

import numpy as np

from figures.numbers.measured import Axis, Series
from tests.figures.samples import ReadBack, Sample

SIZES = np.array([2.0, 8.0, 64.0])
VALUES = np.array([1.4, 2.75, 8.1])
SERIES = (
    Series(name="random <vectors>", x=SIZES, y=VALUES, band=(VALUES - 0.5, VALUES + 0.5)),
    Series(name="theory", x=SIZES, y=np.sqrt(SIZES), look="theory"),
    Series(name="a model's heads", x=SIZES[:2], y=VALUES[1:], look="points", said=("head 1", "head & 2")),
)
AXES = (Axis(title="d_k", log=True, ticks=(2, 8, 64)), Axis(title="spread", log=True))


def points(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Each value where a click reports it; what no click reports is NaN."""
    found, given = np.full((3, 3), np.nan), np.full((3, 3), np.nan)
    given[0], given[2, :2] = VALUES, VALUES[1:]
    for trace in figure["data"]:
        for (series, point), value in zip(trace.get("customdata", []), trace["y"], strict=False):
            found[series, point] = value
    return found, given


SAMPLES: dict[str, Sample] = {"measured": ((), {"series": SERIES, "axes": AXES, "selected": (0, 1)})}
DRAWN: dict[str, ReadBack] = {"measured": points}
