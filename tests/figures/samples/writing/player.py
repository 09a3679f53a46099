"""Pictures of `figures/writing/player.py`."""

from typing import Any

import numpy as np

from figures.writing.player import Lot, Stretch
from tests.figures.samples import ReadBack, Sample

LABELS = ["chien", "<b>chat", "cheval"]
PROBABILITIES, CHANCES = np.array([0.6, 0.25, 0.0001]), np.array([0.7, 0.3, 0.0])
STRETCHES = [
    Stretch(label="chien", first=0.0, last=0.7, taken=False),
    Stretch(label="<b>chat", first=0.7, last=1.0, taken=True),
]
LOT = Lot(name="the lot", number=0.8125, stretches=STRETCHES)


def read_back(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The bars, the stretches and the pointer."""
    chances, probabilities, side, pointer, _texts = figure["data"]
    found = [*chances["x"], *probabilities["x"], *side["base"], *side["x"], *pointer["x"]]
    return np.array(found), np.array([*CHANCES, *PROBABILITIES, 0.0, 0.7, 0.7, 0.3, 0.8125])


SAMPLES: dict[str, Sample] = {"player": ((LABELS, PROBABILITIES, CHANCES, 1), {"lot": LOT})}
DRAWN: dict[str, ReadBack] = {"player": read_back}
