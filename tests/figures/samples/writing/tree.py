"""Pictures of `figures/writing/tree.py`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from figures.writing.tree import Fate
from tests.figures.samples import ReadBack, Sample


@dataclass(frozen=True)
class Node:
    """As `figures.writing.tree.Node` asks."""

    step: int
    rank: int
    parent: int | None
    label: str
    log_probability: float
    score: float
    fate: Fate


NODES = [
    Node(1, 0, None, "le", -0.25, -0.25, "kept"),
    Node(1, 1, None, "<b>la", -1.5, -1.5, "kept"),
    Node(1, 2, None, "un", -3.0, -3.0, "pruned"),
    Node(2, 0, 0, "chat", -0.5, -0.7, "kept"),
    Node(2, 1, 0, "</s>", -1.0, -1.2, "finished"),
    Node(2, 2, 1, "chien", -9.0, -9.5, "pruned"),
]


def read_back(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Where the boxes are, and what they report."""
    points = figure["data"][-1]
    found = [[x, y, *told] for x, y, told in zip(points["x"], points["y"], points["customdata"], strict=True)]
    given = [[node.step, node.rank, node.step, node.rank, node.score, node.log_probability] for node in NODES]
    return np.array(found), np.array(given)


SAMPLES: dict[str, Sample] = {
    "tree": (
        (NODES,),
        {"window": (0, 2), "rows": 3, "alive": {(1, 0), (2, 0), (2, 1)}, "best": {(1, 0), (2, 1)},
         "names": ("step", "rank")},
    )
}  # fmt: skip
DRAWN: dict[str, ReadBack] = {"tree": read_back}
