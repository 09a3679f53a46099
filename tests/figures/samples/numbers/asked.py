"""Pictures of `figures/numbers/asked.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ReadBack, Sample, cells

VALUES = np.array([[-0.6342, 1.96, np.nan], [0.0, 1200.0, 3.5]])
ROWS, COLUMNS = ["score", "<b>weight</b>"], ["The", "cat & dog", "</s>"]


def values(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The numbers that may be seen; a hidden one is a hole."""
    seen = VALUES.copy()
    seen[1, 1] = np.nan
    return np.nan_to_num(cells(figure, VALUES.shape).astype(float), nan=-9), np.nan_to_num(seen, nan=-9)


SAMPLES: dict[str, Sample] = {
    "grid": (
        (VALUES, ROWS, COLUMNS),
        {"names": ("number", "piece"), "value_name": "number", "hidden": {(1, 1)}},
    ),
}
DRAWN: dict[str, ReadBack] = {"grid": values}
