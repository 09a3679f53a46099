"""Pictures of `figures/heads/lines.py`."""

from typing import Any

import numpy as np

from figures.heads import lines
from tests.figures.samples import ENGLISH, FRENCH, WEIGHTS, ReadBack, Sample


def linked(figure: dict[str, Any], shape: tuple[int, ...]) -> np.ndarray:
    """The numbers that the lines tell, 0 where there is no line."""
    found = np.zeros(shape)
    for query, key, weight in next(trace for trace in figure["data"] if trace.get("mode") == "markers")["customdata"]:
        found[query, key] = weight
    return found


SAMPLES: dict[str, Sample] = {"lines": ((WEIGHTS, FRENCH, ENGLISH), {})}
DRAWN: dict[str, ReadBack] = {
    "lines": lambda figure: (linked(figure, WEIGHTS.shape), np.where(WEIGHTS < lines.LEAST, 0, WEIGHTS)),
}
