"""Pictures of `figures/changed/one_number.py`."""

import numpy as np

from tests.figures.samples import ReadBack, Sample, cells

VALUES = np.random.default_rng(5).normal(size=(4, 6))
SLOPES = np.random.default_rng(6).normal(size=(4, 6))
BOTH = np.stack([VALUES, SLOPES])

SAMPLES: dict[str, Sample] = {
    "grids": (
        (VALUES, SLOPES),
        {"rows": ["0", "6", "12", "18"], "columns": list("012345"), "selected": (1, 2), "changed": [(3, 3)]},
    ),
}
DRAWN: dict[str, ReadBack] = {
    "grids": lambda figure: (np.concatenate([cells(figure, BOTH.shape)[:1], cells(figure, BOTH.shape, 1)[1:]]), BOTH),
}
