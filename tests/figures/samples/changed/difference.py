"""Pictures of `figures/changed/difference.py`."""

import numpy as np

from tests.figures.samples import ENGLISH, FRENCH, WEIGHTS, ReadBack, Sample, cells

OTHER = np.roll(WEIGHTS, 2, axis=1)
ELSEWHERE = np.abs(WEIGHTS - OTHER).sum(1) / 2

SAMPLES: dict[str, Sample] = {
    "difference": ((WEIGHTS - OTHER, FRENCH, ENGLISH), {"elsewhere": ELSEWHERE, "selected": (1, 2)}),
}  # fmt: skip
DRAWN: dict[str, ReadBack] = {
    "difference": lambda figure: (
        np.column_stack([cells(figure, WEIGHTS.shape), figure["data"][1]["x"]]),
        np.column_stack([WEIGHTS - OTHER, ELSEWHERE]),
    )
}
