"""Pictures of `figures/writing/output.py`."""

from typing import Any

import numpy as np

from figures.writing.output import Sum
from tests.figures.samples import ReadBack, Sample

LOGITS = np.array([3.0, 1.5, -0.5])
SCALED = LOGITS / 0.8
EXPS = np.exp(SCALED - SCALED[0])
SHARES, CHANCES = EXPS / EXPS.sum() * 0.9, np.array([0.85, 0.15, 0.0])
HEADS = ("piece", "logit", "÷ 0.8", "exp", "softmax", "after cuts")
REST = (Sum(label="7 others", exp=0.1, probability=0.1, chance=0.0),)


def read_back(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The lengths of the two kinds of bars."""
    chances, shares = (figure["data"][trace]["x"] for trace in (0, 1))
    return np.array([chances, shares]), np.array([CHANCES, SHARES])


SAMPLES: dict[str, Sample] = {
    "candidates": (
        (["chat", "<b>chien</b>", "·s"], LOGITS, SCALED, EXPS, SHARES, CHANCES),
        {"heads": HEADS, "sums": REST, "selected": 1},
    )
}
DRAWN: dict[str, ReadBack] = {"candidates": read_back}
