"""Pictures of `figures/changed/explanation.py`."""

from typing import Any

import numpy as np

from figures.changed.explanation import NOTHING, STAR
from tests.figures.samples import ReadBack, Sample, cells

SHARES = np.array([[0.1, 0.6, 0.2, 0.1], [-0.25, 0.5, -0.004, np.nan]])
WORDS = ["The", "<b>hi</b>", "unbelievableness", "</s>"]
TAUS = np.array([[1.0, -0.2], [-0.2, 1.0]])


def shares(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The shares where a click reports them; the texts in the cells say the same."""
    found = cells(figure, SHARES.T.shape).astype(float)
    told = figure["data"][1]["text"]
    assert told == [
        "0.10", "−0.25", f"<b>{STAR} 0.60</b>", f"<b>{STAR} +0.50</b>", "0.20", "0.00", "0.10", NOTHING,
    ]  # fmt: skip
    return np.nan_to_num(found, nan=-9), np.nan_to_num(SHARES.T, nan=-9)


def guess(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Nothing is known yet."""
    return cells(figure, (4, 1)), np.zeros((4, 1))


def taus(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The agreements where a click reports them."""
    return cells(figure, TAUS.shape), TAUS


SAMPLES: dict[str, Sample] = {
    "methods": (
        (SHARES, ["Attention, layer 2, mean", "Leave one out"], WORDS),
        {"signed": [False, True], "strongest": [1, 1], "selected": (0, 1), "guess": 2},
    ),
    "guess": ((WORDS[:4],), {}),
    "agreement": (
        (TAUS, ["Attention", "Leave <one> out"]),
        {"same": [[True, False], [False, True]], "selected": (0, 1)},
    ),
}
DRAWN: dict[str, ReadBack] = {"methods": shares, "guess": guess, "agreement": taus}
