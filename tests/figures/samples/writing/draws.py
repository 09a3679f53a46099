"""Pictures of `figures/writing/draws.py`."""

from typing import Any

import numpy as np

from figures.writing.draws import Row
from tests.figures.samples import ReadBack, Sample

ROWS = [
    Row(text="Le chien dort.", sign="★▶", count=41, expected=38.5),
    Row(text="<b>Le chien", count=9, expected=11.25),
    Row(text="50 others", count=50, others=True),
]


def read_back(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The bars and the strokes."""
    strokes = list(figure["data"][1]["x"][::3])
    return np.array([*figure["data"][0]["x"], *strokes]), np.array([41, 9, 50, 38.5, 11.25])


SAMPLES: dict[str, Sample] = {"draws": ((ROWS,), {"axis_title": "times", "selected": 0})}
DRAWN: dict[str, ReadBack] = {"draws": read_back}
