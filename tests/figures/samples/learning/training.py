"""Pictures of `figures/learning/training.py`."""

from typing import Any

import numpy as np

from figures.learning.training import Curve, Panel
from tests.figures.samples import ReadBack, Sample

STEPS = [1, 5, 40, 300, 1900]
RATES = Curve("learning <rate>", STEPS, [1e-5, 2e-4, 2.5e-3, 1e-3, 0.0])
PANELS = [
    Panel("loss, nats per <piece>", [Curve("training", STEPS, [8.1, 6.2, 4.0, 2.0, 1.1]), Curve("held out", [40, 1900], [4.4, 1.2])]),
    Panel("per cent", [Curve("BLEU", [40, 1900], [1.0, 98.0]), Curve("exact match", [], [])], (0.0, 100.0)),
    Panel("gradient norm", [Curve("gradient norm", STEPS, [9.0, 3.0, 1.0, 0.5, 0.2])]),
]  # fmt: skip


def flat(steps: Any, values: Any) -> list[float]:
    """x and y of every point, in turn."""
    return [each for point in zip(steps, values, strict=True) for each in point]


def points(figure: dict[str, Any]) -> np.ndarray:
    """Every point of every curve."""
    return np.array([each for trace in figure["data"] for each in flat(trace["x"], trace["y"])])


GIVEN = np.array([each for panel in PANELS for curve in panel.curves for each in flat(curve.steps, curve.values)])
SAMPLES: dict[str, Sample] = {
    "schedule": ((RATES, [("warm-up", 300), ("cool <down>", 1900)]), {"axis_title": "step"}),
    "progress": ((PANELS, 2000), {"axis_title": "step"}),
}
DRAWN: dict[str, ReadBack] = {
    "schedule": lambda figure: (points(figure), np.array(flat(STEPS, RATES.values))),
    "progress": lambda figure: (points(figure), GIVEN),
}
