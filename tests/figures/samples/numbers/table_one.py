"""Pictures of `figures/numbers/table_one.py`."""

from typing import Any

import numpy as np

from figures.numbers.table_one import Area, Curve
from tests.figures.samples import ReadBack, Sample, cells

TIMES = np.array([[0.5, 2.25, 8.0], [1.5, 3.0, 6.5]])
CURVES = (
    Curve("self-<attention>", 0, (8, 16, 32), TIMES[0].tolist(), (0.4, 1.6, 6.4)),
    Curve("recurrence", 1, (8, 16, 32), TIMES[1].tolist(), quiet=True),
)
NEAR = np.array([[1.0, 0, 0, 0], [0.5, 0.25, 0.125, 1e-5]])
FAR = np.array([[1.0, 0, 0, 0], [0.5, 0.25, 0, 0], [0.25, 0.125, 0.0625, 0], [0.1, 0.01, 0.001, 0.0001]])
PARTS = (Area("n × <n>", 12, 12, ("144 numbers", "= <576> B")), Area("n × d", 32, 12, ("384 numbers",)))


def times(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Each value where a click reports it."""
    found = np.full(TIMES.shape, np.nan)
    for trace in figure["data"]:
        for (curve, point), value in zip(trace.get("customdata", []), trace["y"], strict=False):
            found[curve, point] = value
    return found, TIMES


def changes(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The powers of ten of all changes; what has not heard, and what was not run, is a hole."""
    given = np.full((2, *FAR.shape), np.nan)
    for panel, sizes in enumerate((NEAR, FAR)):
        given[panel, : len(sizes)][sizes > 0] = np.log10(sizes[sizes > 0])
    found = cells(figure, given.shape)
    return found.astype(float), given


def numbers(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Height and width of each rectangle."""
    sizes = [(trace["y"][0], trace["width"][0]) for trace in figure["data"]]
    return np.array(sizes), np.array([(part.down, part.across) for part in PARTS])


SAMPLES: dict[str, Sample] = {
    "costs": ((CURVES,), {"axes": ("n", "milliseconds"), "selected": (0, 1)}),
    "hearing": (
        (),
        {
            "panels": (("self-<attention>", NEAR), ("recurrence", FAR)),
            "names": ("layer", "position"),
            "value_name": "power of ten",
            "selected": (1, 2, 1),
        },
    ),
    "areas": ((PARTS, 3), {"axes": ("n", "numbers"), "selected": 1}),
}
DRAWN: dict[str, ReadBack] = {"costs": times, "hearing": changes, "areas": numbers}
