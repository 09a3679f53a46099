"""Pictures of `figures/scenes/bars.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ReadBack, Sample

VALUES = np.linspace(0, 1, 12).reshape(3, 4)


def bars(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Each height where a click reports it."""
    found = np.full(VALUES.shape, np.nan)
    for trace in figure["data"]:
        for (series, group), value in zip(trace["customdata"], trace["y"], strict=True):
            found[series, group] = value
    return found, VALUES


NAMES = ["soft <b>", "hard", "chance"], ["kind", "colour", "size", "number"]
SAMPLES: dict[str, Sample] = {"bars": ((VALUES, *NAMES), {"axes": ("word", "share"), "selected": (1, 2), "top": 1.0})}
DRAWN: dict[str, ReadBack] = {"bars": bars}
