"""Pictures of `figures/heads/checks.py`."""

import numpy as np

from tests.figures.samples import ReadBack, Sample, cells

CHOSEN = np.array([[True, False, True, False], [True, True, True, True], [False, False, False, False]])
WHOLE = np.array([[0.5], [1.0], [0.0]])
SAMPLES: dict[str, Sample] = {"checks": ((CHOSEN,), {})}
DRAWN: dict[str, ReadBack] = {
    "checks": lambda figure: (cells(figure, (3, 5)), np.concatenate([WHOLE, CHOSEN.astype(float)], axis=1)),
}
