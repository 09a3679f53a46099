"""How sharply an attention looks: the entropy of its rows, how far its scores spread, and how steep the softmax is there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ui.session.attentions import Attention

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharpness:
    """Of one attention in one layer, by head, over the rows that have a choice."""

    entropy: Numbers  # head: mean of the rows', as a share of the largest there can be; 1 looks everywhere alike
    nats: Numbers  # head: mean of the rows' entropy in nats
    spread: float  # standard deviation of the scores that count, over all heads
    largest: float  # the mean of the rows' largest weights
    slope: float  # the mean of 1 - sum of squares of a row: the trace of the softmax's Jacobian, what gradients pass through


def sharpness(view: Attention) -> Sharpness:
    """Measured on what every head does; a row with one piece to look at has no choice and does not count."""
    rows = view.mask.sum(-1) > 1
    heads = len(view.weights)
    if not rows.any():
        nothing = np.zeros(heads)
        return Sharpness(entropy=nothing, nats=nothing, spread=0.0, largest=1.0, slope=0.0)
    weights, allowed = view.weights[:, rows].astype(np.float64), view.mask[rows]
    nats = -(weights * np.log(np.maximum(weights, 1e-300))).sum(-1)  # head row
    most = np.log(allowed.sum(-1))
    return Sharpness(
        entropy=(nats / most).mean(-1), nats=nats.mean(-1),
        spread=float(view.scores[:, rows][:, allowed].astype(np.float64).std()),
        largest=float(weights.max(-1).mean()), slope=float((1 - (weights**2).sum(-1)).mean()),
    )  # fmt: skip
