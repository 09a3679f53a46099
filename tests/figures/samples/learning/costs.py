"""Pictures of `figures/learning/costs.py`."""

from typing import Any

import numpy as np

from figures.learning.costs import Mark, Panel
from tests.figures.samples import ReadBack, Sample

PAPER = [
    Mark("ByteNet", None, 23.75, "convolution"), Mark("<b>GNMT</b>", 2.3e19, 24.6, "recurrence"),
    Mark("Ensemble", 1.8e20, 26.3, "recurrence", hollow=True), Mark("Transformer (big)", 2.3e19, 28.4, "self-attention"),
]  # fmt: skip
OURS = [
    Mark("번역기", 2.2e12, 99.7, "self-attention"),
    Mark("tatoeba-en-fr", 4.2e15, 53.6, "self-attention", least=True),
]
PANELS = [Panel("newstest2014", ("FLOPs", "BLEU"), PAPER), Panel("another exam", ("FLOPs", "BLEU"), OURS, (0, 100))]


def found(figure: dict[str, Any]) -> np.ndarray:
    """Costs (0 where none is said, which stands left of all) and scores in the order of panels and marks."""
    points = {
        tuple(data): (x, y)
        for trace in figure["data"]
        for data, x, y in zip(trace["customdata"], trace["x"], trace["y"], strict=True)
    }
    assert points.pop((0, 0))[0] < 1e19, "a cost that nobody says stands at the left"
    return np.array([points[place] for place in sorted(points)])


SAMPLES: dict[str, Sample] = {
    "panels": (
        (PANELS,),
        {"kinds": ("self-attention", "recurrence", "convolution"), "unknown": "not said", "selected": (0, 3)},
    )
}
DRAWN: dict[str, ReadBack] = {
    "panels": lambda figure: (found(figure), np.array([(mark.cost, mark.score) for mark in [*PAPER[1:], *OURS]]))
}
