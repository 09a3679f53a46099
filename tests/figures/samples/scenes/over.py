"""Pictures of `figures/scenes/over.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ReadBack, Sample, cells, softmax

PICTURE = np.linspace(0, 1, 12 * 12 * 3).reshape(12, 12, 3)
WEIGHTS = softmax(3, 16).reshape(3, 4, 4)
NAMES = ["soft", "hard <b>", "hard 2"]


def read(given: np.ndarray) -> ReadBack:
    """Each number where a click reports it."""

    def found(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
        return cells(figure, given.shape), given

    return found


KEYS = {"columns": 2, "value_name": "weight", "selected": (1, 2, 3), "marked": [(0, 0), (0, 1)]}
SAMPLES: dict[str, Sample] = {
    "looks": ((PICTURE, WEIGHTS, NAMES), KEYS),
    "changes": ((PICTURE, WEIGHTS - 0.1, NAMES), KEYS),
}
DRAWN: dict[str, ReadBack] = {"looks": read(WEIGHTS), "changes": read(WEIGHTS - 0.1)}
