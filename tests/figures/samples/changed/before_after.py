"""Pictures of `figures/changed/before_after.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ENGLISH, FRENCH, WEIGHTS, ReadBack, Sample, cells

BEFORE = WEIGHTS[:, ::-1]
CHANCES = (np.linspace(0.1, 1, len(FRENCH)), np.linspace(0.9, 0, len(FRENCH)))


def bars(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Both sides' bars."""
    return np.array([trace["y"] for trace in figure["data"][:2]]), np.array(CHANCES)


SAMPLES: dict[str, Sample] = {
    "maps": ((BEFORE, WEIGHTS, FRENCH, ENGLISH), {"selected": (1, 2), "edited": [1, 99]}),
    "chances": ((FRENCH, *CHANCES), {"selected": 3}),
}
DRAWN: dict[str, ReadBack] = {
    "maps": lambda figure: (cells(figure, (2, *WEIGHTS.shape)), np.stack([BEFORE, WEIGHTS])),
    "chances": bars,
}
