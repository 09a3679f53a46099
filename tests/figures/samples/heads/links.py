"""Pictures of `figures/heads/links.py`."""

import re
from typing import Any

import numpy as np

from tests.figures.samples import ENGLISH, FRENCH, WEIGHTS, ReadBack, Sample, cells, softmax

GOLD = ((0, 0), (1, 1), (3, 4))
WORDS = ["L'", "animal", "<b>hi</b>"], ["The", "animal", "n't", "."]  # French, English
PROPOSED, LINKS = {(0, 0), (1, 1), (3, 2)}, {(0, 0), (1, 1), (2, 2)}
STRENGTHS = softmax(3, 4)
RATES = np.round(softmax(3, 5), 3)


def outlined(figure: dict[str, Any]) -> np.ndarray:
    """The cells inside the outlines, as 1, by row and column."""
    found = np.zeros(WEIGHTS.shape)
    path = next(shape["path"] for shape in figure["layout"]["shapes"] if shape["type"] == "path")
    for left, top, right, bottom in re.findall(r"M([-.\d]+),([-.\d]+)H([-.\d]+)V([-.\d]+)", path):
        found[round((float(top) + float(bottom)) / 2), round((float(left) + float(right)) / 2)] = 1
    return found


def gold(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the map, and what is outlined."""
    given = np.zeros(WEIGHTS.shape)
    given[tuple(np.array(GOLD).T)] = 1
    return np.stack((cells(figure, WEIGHTS.shape), outlined(figure))), np.stack((WEIGHTS, given))


def proposed(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The strengths on the lines, and whether each has the mark of a gold link."""
    trace = next(trace for trace in figure["data"] if "markers" in trace.get("mode", ""))
    found = [[number[2], float(mark == "✓")] for number, mark in zip(trace["customdata"], trace["text"], strict=True)]
    given = [[STRENGTHS[query, key], float((key, query) in LINKS)] for key, query in sorted(PROPOSED)]
    return np.array(found), np.array(given)


def rates(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the cells, and where the star is."""
    stars = np.zeros(RATES.shape)
    for trace in figure["data"][1:]:
        for x, y, text in zip(trace["x"], trace["y"], trace["text"], strict=True):
            stars[int(y), int(x)] = text.startswith("★")
    return np.stack((cells(figure, RATES.shape), stars)), np.stack((RATES, RATES.min() == RATES))


SAMPLES: dict[str, Sample] = {
    "gold_map": ((WEIGHTS, FRENCH, ENGLISH, GOLD), {"selected": (1, 2)}),
    "alignment": ((PROPOSED, STRENGTHS, *WORDS), {"gold": LINKS, "where": ((0, 1, 3), (0, 1, 2, 3)), "query": 1}),
    "error_rates": ((RATES,), {"selected": (1, 2)}),
}
DRAWN: dict[str, ReadBack] = {"gold_map": gold, "alignment": proposed, "error_rates": rates}
