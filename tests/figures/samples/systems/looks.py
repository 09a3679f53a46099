"""Pictures of `figures/systems/looks.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ReadBack, Sample

ROWS = ["1 anna went to the <b>hall</b>", "2 anna took the key", "3 " + "anna is very tired " * 5]
WEIGHTS = np.array([[0.1, 0.7], [0.8, 0.2], [0.1, 0.1]])
CHANGES = np.array([[-0.6], [0.02], [0.0]])
SAMPLES: dict[str, Sample] = {
    "looks": (
        (WEIGHTS, ROWS, ["hop 1", "hop 2"]),
        {"changes": CHANGES, "changed": ["without"], "gold": (0, 1), "selected": (1, 0), "texts": {(2, 2): "out"}},
    )
}


def read(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Both maps as one."""
    maps = [np.array(trace["z"], dtype=float) for trace in figure["data"] if trace["type"] == "heatmap"]
    return np.where(np.isnan(maps[0]), maps[1], maps[0]), np.concatenate([WEIGHTS, CHANGES], axis=1)


DRAWN: dict[str, ReadBack] = {"looks": read}
