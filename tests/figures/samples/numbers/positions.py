"""Pictures of `figures/numbers/positions.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ReadBack, Sample, cells

ROWS = ["2 dog", "3 <b>hi</b>", "4 ·s", "5 </s>"]
WAVES = np.sin(np.arange(24.0)).reshape(4, 6)
PARTS = np.stack([WAVES, WAVES[::-1], WAVES + WAVES[::-1]])
COSINES = WAVES @ WAVES.T / np.outer(*[np.linalg.norm(WAVES, axis=1)] * 2)
DIMENSIONS = [0, 1, 4]
ALONG = np.arange(0, 8, 0.25)
CURVES = np.cos(np.outer([1.0, 0.5, 0.1], ALONG))
POINTS = CURVES[:, [8, 12, 16, 20]].T


def on_curves(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The curves and the points, back from the height of their tracks; and what a point tells."""
    *waves, dots = figure["data"]
    drawn = [(track - np.array(wave["y"])) / 0.42 for track, wave in enumerate(waves)]
    tracks = np.array([DIMENSIONS.index(int(place[1])) for place in dots["customdata"]])
    points = (tracks - np.array(dots["y"])) / 0.42
    told = np.array([place[2] for place in dots["customdata"]])
    given = POINTS.T.ravel()
    return np.concatenate([*drawn, points, told]), np.concatenate([CURVES.ravel(), given, given])


SAMPLES: dict[str, Sample] = {
    "waves": ((WAVES, ROWS, [6.3, 6.3, 20, 20, 58470.3, 58470.3]), {"selected": (3, 4), "first": 2}),
    "similarity": ((COSINES, ROWS), {"selected": (2, 3), "first": 2}),
    "stacked": ((PARTS, ROWS, ["embedding", "+ position", "= <input>"]), {"selected": (3, 4), "first": 2}),
    "curves": (
        (ALONG, CURVES, POINTS, DIMENSIONS, ROWS, ["0 sin", "1 cos", "4 sin"]),
        {"selected": (3, 4), "first": 2},
    ),
}
DRAWN: dict[str, ReadBack] = {
    "waves": lambda figure: (cells(figure, (6, 6))[2:], WAVES),
    "similarity": lambda figure: (cells(figure, (6, 6))[2:, 2:], COSINES),
    "stacked": lambda figure: (cells(figure, (3, 6, 6))[:, 2:], PARTS),
    "curves": on_curves,
}
