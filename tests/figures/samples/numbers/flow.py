"""Pictures of `figures/numbers/flow.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ReadBack, Sample

GONE = float("nan")
LENGTHS = np.array([[5.0, GONE, GONE, GONE, GONE], [4.0, 1.0, 0.5, GONE, 0.2], [3.0, GONE, GONE, 2.5, 0.1]])
NAMES = ["came in", "head <1>", "head 2", "feed-forward", "biases"]


def lengths(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The bars where a click reports them; each begins where the one before it ends."""
    found, [bars] = np.full(LENGTHS.shape, GONE), figure["data"]
    ends = np.zeros(len(LENGTHS))
    for (row, part), base, length in zip(bars["customdata"], bars["base"], bars["x"], strict=True):
        assert np.isclose(base, ends[row])
        found[row, part], ends[row] = length, base + length
    return np.nan_to_num(found, nan=-1), np.nan_to_num(LENGTHS, nan=-1)


SAMPLES: dict[str, Sample] = {
    "flow": (
        (["input", "1 self", "1 FFN"], NAMES, LENGTHS),
        {"marks": ["x", "1", "2", "FFN", "b"], "selected": (1, 2)},
    ),
}
DRAWN: dict[str, ReadBack] = {"flow": lengths}
