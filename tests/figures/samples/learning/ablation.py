"""Pictures of `figures/learning/ablation.py`."""

from typing import Any

import numpy as np

from figures.learning.ablation import Panel, Row
from tests.figures.samples import ReadBack, Sample

OURS = [
    Row("", "base", (80.0, 82.5, 79.0)), Row("A", "<b>1</b> head", (67.0,)), Row("C", "1 layer", (86.0, 84.0)), Row("C", "3 layers", ()),
    Row("+", "위치 없이", (0.0,)),
]  # fmt: skip
PAPER = [
    Row("", "base", (25.8,)),
    Row("A", "1 head", (24.9,)),
    Row("A", "4 heads", (25.5,)),
    Row("C", "2 layers", (23.7,)),
]
PANELS = (Panel("Ours", "exact match, %", OURS), Panel("The paper", "BLEU", PAPER))


def found(figure: dict[str, Any]) -> np.ndarray:
    """The mean of each row that has runs, in the order of panels and rows; each single run is drawn as well."""
    drawn: dict[tuple[int, int], list[float]] = {}
    for trace in figure["data"]:
        for where, value in zip(trace["customdata"], trace["x"], strict=True):
            drawn.setdefault((where[0], where[1]), []).append(value)
    singles = {
        (at, number): row.values
        for at, panel in enumerate(PANELS)
        for number, row in enumerate(panel.rows)
        if row.values
    }
    for where, values in singles.items():
        assert sorted(drawn[where][:-1]) == (sorted(values) if len(values) > 1 else []), where
    return np.array([drawn[where][-1] for where in sorted(drawn)])


GIVEN = np.array([np.mean(row.values) for panel in PANELS for row in panel.rows if row.values])
SAMPLES: dict[str, Sample] = {
    "rows": ((PANELS,), {"parts": ("", "A", "C", "+"), "axis": "changed", "selected": (0, 1)})
}
DRAWN: dict[str, ReadBack] = {"rows": lambda figure: (found(figure), GIVEN)}
