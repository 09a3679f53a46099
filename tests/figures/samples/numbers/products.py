"""Pictures of `figures/numbers/products.py`."""

from typing import Any

import numpy as np

from figures.numbers.products import Panels
from tests.figures.samples import ENGLISH, FRENCH, WEIGHTS, ReadBack, Sample

VALUES = np.random.default_rng(3).normal(size=(len(ENGLISH), 4))
BIAS = np.array([0.5, -0.25, 0.0, 1.0])
PANELS = Panels(
    result="output", left="weights", right="V", equation="A < V", rows="French piece", inner="English piece", codes=(5, 7, 6)
)  # fmt: skip
MATRICES = (WEIGHTS @ VALUES + BIAS, WEIGHTS, VALUES)
SAMPLES: dict[str, Sample] = {
    "product": (
        (*MATRICES, FRENCH),
        {"panels": PANELS, "inner": ENGLISH, "bias": BIAS, "selected": (3, 1), "origin": (1, 2), "shares": True},
    )
}


def read(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """All four matrices in a row, each cell at the place that its click reports."""
    found = []
    for trace, code, first in zip(figure["data"], (5, 7, 6), ((1, 0), (1, 2), (2, 0)), strict=False):
        told = trace["meta"]["cells"]
        assert told["tiles"][0]["prefix"] == [code]
        assert told["origin"] == list(first)
        assert (len(told["rows"]), len(told["columns"])) == np.shape(trace["z"])
        found.append(np.ravel(trace["z"]))
    found.append(np.ravel(figure["data"][3]["z"]))
    return np.concatenate(found), np.concatenate([np.ravel(matrix) for matrix in (*MATRICES, BIAS)])


DRAWN: dict[str, ReadBack] = {"product": read}
