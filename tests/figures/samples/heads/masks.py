"""Pictures of `figures/heads/masks.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ENGLISH, FRENCH, SCORES, WEIGHTS, ReadBack, Sample, cells

MASK = np.tril(np.ones((len(FRENCH), len(ENGLISH)), dtype=bool), 1)
READ = ["<s>", "▁<b>hi</b>", "▁la", "▁la"]
WRITTEN = ["▁<b>hi</b>", "▁la", "▁la", "</s>"]
OPENED = np.tril(np.ones((4, 4), dtype=bool))
OPENED[1, 3] = True
USUAL, LEAKED = np.array([0.9, 0.25, 0.5, 1.0]), np.array([0.9, 0.75, 0.0, 1.0])
ROWS = [["▁I", "▁<b>hi</b>", "</s>", "<pad>"], ["▁The", "▁cat", "▁sleeps", "</s>"]]


def crossed(figure: dict[str, Any], shape: tuple[int, ...], sign: str) -> np.ndarray:
    """Which cells have the sign."""
    found = np.zeros(shape, dtype=bool)
    for trace in figure["data"]:
        if trace["type"] == "scatter":
            for x, y, text in zip(trace["x"], trace["y"], trace["text"], strict=True):
                found[int(y), int(x)] |= text == sign
    return found


def covered(figure: dict[str, Any], values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the map, and after them where it is crossed out."""
    found = cells(figure, values.shape), crossed(figure, values.shape, "✕")
    return np.concatenate(found), np.concatenate((values, ~MASK))


def leaked(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Both rows of bars, and where cells are open or crossed out."""
    bars = [trace["x"] for trace in figure["data"] if trace["type"] == "bar"]
    signs = [crossed(figure, OPENED.shape, sign) for sign in "○✕"]
    future = np.triu(np.ones_like(OPENED), 1)
    return np.concatenate((bars, *signs)), np.concatenate(([USUAL, LEAKED], future & OPENED, future & ~OPENED))


def padded(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Which chips are hatched."""
    found = [[shape == "x" for shape in trace["marker"]["pattern"]["shape"]] for trace in figure["data"]]
    return np.array(found), np.array([[piece == "<pad>" for piece in row] for row in ROWS])


SAMPLES: dict[str, Sample] = {
    "scores": ((SCORES, MASK, FRENCH, ENGLISH), {"selected": (0, 0)}),
    "weights": ((WEIGHTS, MASK, FRENCH, ENGLISH), {"selected": (1, 2)}),
    "leak": ((OPENED, USUAL, LEAKED, READ, WRITTEN), {"selected": 1}),
    "batch": ((ROWS,), {}),
}
DRAWN: dict[str, ReadBack] = {
    "scores": lambda figure: covered(figure, SCORES),
    "weights": lambda figure: covered(figure, WEIGHTS),
    "leak": leaked,
    "batch": padded,
}
