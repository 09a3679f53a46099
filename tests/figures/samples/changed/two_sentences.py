"""Pictures of `figures/changed/two_sentences.py`."""

import numpy as np

from tests.figures.samples import ENGLISH, FRENCH, WEIGHTS, ReadBack, Sample, cells

FIRST, SECOND = WEIGHTS.copy(), np.roll(WEIGHTS, 2, axis=1)
FIRST[2], SECOND[:, 1] = np.nan, np.nan  # a row that only B has, a column that only A has
FIRST[:, 3] = np.nan
DRIFT = np.linspace(0, 1.4, len(ENGLISH) * 4).reshape(len(ENGLISH), 4)
DRIFT[1] = np.nan
ONLY_A = np.arange(len(ENGLISH)) == 1
STATIONS = ["embedding", "with position", "layer 1", "layer 2"]
GIVEN = np.stack([FIRST, SECOND, SECOND - FIRST])

SAMPLES: dict[str, Sample] = {
    "maps": ((FIRST, SECOND, FRENCH, ENGLISH), {"selected": (1, 2)}),
    "drift": ((DRIFT, ENGLISH, STATIONS), {"only": (ONLY_A, ~ONLY_A & False), "selected": (2, 1)}),
}  # fmt: skip
DRAWN: dict[str, ReadBack] = {
    "maps": lambda figure: (np.concatenate([cells(figure, GIVEN.shape)[:2], cells(figure, GIVEN.shape, 1)[2:]]), GIVEN),
    "drift": lambda figure: (cells(figure, DRIFT.shape), DRIFT),
}
