"""Pictures of `figures/scenes/patches.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ReadBack, Sample, cells

PICTURE = np.linspace(0, 1, 12 * 12 * 3).reshape(12, 12, 3)
ALIKE = np.cos(np.arange(36)[:, None] - np.arange(36)[None] / 3)


def brightness(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The mean of each patch."""
    return cells(figure, (3, 3)), PICTURE.reshape(3, 4, 3, 4, 3).mean((1, 3, 4))


def alike(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Each number where a click reports it."""
    return cells(figure, (6, 6, 6, 6)), ALIKE.reshape(6, 6, 6, 6)


SAMPLES: dict[str, Sample] = {
    "patches": ((PICTURE, 4), {"value_name": "brightness", "selected": (1, 2), "out": ((0, 1),)}),
    "mosaic": ((ALIKE, 6), {"value_name": "cosine", "selected": 7}),
}
DRAWN: dict[str, ReadBack] = {"patches": brightness, "mosaic": alike}
