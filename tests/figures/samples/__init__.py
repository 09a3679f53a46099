"""Arguments for every picture, and how its numbers are read back: one file for each module of `figures/`.

Each has `SAMPLES` (function: its positional and keyword arguments) and `DRAWN` (function: from the figure's JSON to the numbers
found in it and the numbers given).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

ENGLISH = ["▁The", "▁animal", "▁did", "n't", "▁the", "</s>"]
FRENCH = ["▁L'", "animal", "▁la", "▁rue", "▁la", "▁<b>hi</b>", "</s>"]

Sample = tuple[tuple[Any, ...], dict[str, Any]]
ReadBack = Callable[[dict[str, Any]], tuple[np.ndarray, np.ndarray]]


def softmax(*shape: int) -> np.ndarray:
    """Weights whose last axis sums to 1, the same on every run."""
    scores = np.exp(np.random.default_rng(7).normal(size=shape) * 2)
    return scores / scores.sum(axis=-1, keepdims=True)


WEIGHTS, HEADS = softmax(len(FRENCH), len(ENGLISH)), softmax(8, len(FRENCH), len(ENGLISH))
SCORES = np.log(WEIGHTS)


def cells(figure: dict[str, Any], shape: tuple[int, ...], trace: int = 0) -> np.ndarray:
    """The numbers of a map, each at the place that a click on its cell reports."""
    found = np.full(shape, np.nan)
    z, told = figure["data"][trace]["z"], figure["data"][trace]["meta"]["cells"]
    for tile in told["tiles"]:
        top, left = tile["at"]
        for row in range(len(told["rows"])):
            for column in range(len(told["columns"])):
                where = (*tile["prefix"], row + told["origin"][0], column + told["origin"][1])
                found[where] = z[top + row][left + column]
    return found
