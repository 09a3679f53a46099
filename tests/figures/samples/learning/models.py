"""Pictures of `figures/learning/models.py`."""

from typing import Any

import numpy as np

from figures.learning.models import UNDER, Point
from tests.figures.samples import ReadBack, Sample

POINTS = [
    Point("grammar-en-fr", 902_144, 98.4, "grammar-en-fr"), Point("<b>mine</b>", 51_000, None, "class.tsv"),
    Point("tatoeba-en-fr", 7_577_600, 47.4, "tatoeba-en-fr"), Point("번역기", 902_144, 12.0, "grammar-en-fr"),
]  # fmt: skip


def found(figure: dict[str, Any]) -> np.ndarray:
    """Sizes and scores in the order of the models."""
    points = {
        data[0]: (x, y)
        for trace in figure["data"]
        for data, x, y in zip(trace["customdata"], trace["x"], trace["y"], strict=True)
    }
    return np.array([points[number] for number in range(len(points))], dtype=float)


SAMPLES: dict[str, Sample] = {
    "sizes": ((POINTS,), {"axes": ("parameters", "BLEU"), "unmeasured": "not measured", "selected": 2}),
}  # fmt: skip
DRAWN: dict[str, ReadBack] = {
    "sizes": lambda figure: (
        found(figure),
        np.array([(each.parameters, UNDER if each.score is None else each.score) for each in POINTS]),
    )
}
