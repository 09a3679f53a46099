"""Pictures of `figures/changed/reordered.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ENGLISH, ReadBack, Sample, cells

COUNT = len(ENGLISH)
GIVEN = np.abs(np.random.default_rng(3).normal(size=(COUNT, COUNT))) + 0.5
BARE = np.where(np.eye(COUNT)[::-1] > 0, 1e-7, GIVEN)


def distances(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Both maps, and how many signs of equality there are."""
    found = cells(figure, (2, COUNT, COUNT))
    equal = len(figure["data"][1]["text"])
    return np.append(found, equal), np.append(np.stack((GIVEN, BARE)), COUNT)


SAMPLES: dict[str, Sample] = {"reordered": ((GIVEN, BARE, ENGLISH, ENGLISH[::-1]), {})}
DRAWN: dict[str, ReadBack] = {"reordered": distances}
