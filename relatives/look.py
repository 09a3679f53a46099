"""The look back: score functions, the shares that are made of scores, and the trace of it all.

A score says how well an annotation fits a state: a dot product (Luong et al. 2015, arXiv 1508.04025, Eq. 8), one with a matrix between,
or a sum of tanh (additive: Bahdanau et al. 2015, arXiv 1409.0473, section A.1.2).
"""

import math
from dataclasses import dataclass
from typing import Annotated

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class LookTrace:
    """The decoder's look at the annotations, once for each piece that it is about to write."""

    queries: Annotated[
        Tensor, "batch target d_model"
    ]  # of the decoder's states, as the score wants them: h, W h or W s
    keys: Annotated[Tensor, "batch source d_model"]  # of the annotations, as the score wants them: h, or U h
    scores: Annotated[Tensor, "batch target source"]  # before the mask
    mask: Annotated[Tensor, "batch 1 source"]  # True at every real piece
    places: Annotated[Tensor, "batch target"]  # local attention: the position that it moves to; elsewhere 0
    window: Annotated[Tensor, "batch target source"]  # local attention: what the weights are multiplied by; elsewhere 1
    weights: Annotated[
        Tensor, "batch target source"
    ]  # softmax of the allowed scores, times the window; sums to 1 but for a window
    context: Annotated[Tensor, "batch target d_model"]  # weights @ annotations


class Dot(nn.Module):
    """score = state . annotation (Luong, Eq. 8)."""

    def query(self, state: Tensor) -> Tensor:
        """What is asked, `(..., d_model)`."""
        return state

    def key(self, annotations: Tensor) -> Tensor:
        """What answers, `(batch, source, d_model)`."""
        return annotations

    def forward(self, queries: Tensor, keys: Tensor) -> Tensor:
        """`(batch, target, d_model)` and `(batch, source, d_model)` to scores `(batch, target, source)`."""
        return queries @ keys.transpose(1, 2)


class General(Dot):
    """score = state W annotation (Luong, Eq. 8)."""

    def __init__(self, d_model: int) -> None:
        super().__init__()
        self.W = nn.Linear(d_model, d_model, bias=False)
        nn.init.xavier_uniform_(self.W.weight)

    def query(self, state: Tensor) -> Tensor:
        """See `Dot`: W state."""
        found: Tensor = self.W(state)
        return found


class Additive(Dot):
    """score = v . tanh(W state + U annotation): Bahdanau, section A.1.2; with one bias it is Luong's "concat", Eq. 8."""

    def __init__(self, d_model: int) -> None:
        super().__init__()
        self.W = nn.Linear(d_model, d_model)
        self.U = nn.Linear(d_model, d_model, bias=False)
        self.v = nn.Parameter(torch.empty(d_model))
        nn.init.xavier_uniform_(self.W.weight)
        nn.init.xavier_uniform_(self.U.weight)
        nn.init.zeros_(self.W.bias)
        nn.init.normal_(self.v, std=d_model**-0.5)

    def query(self, state: Tensor) -> Tensor:
        """See `Dot`: W state + b."""
        found: Tensor = self.W(state)
        return found

    def key(self, annotations: Tensor) -> Tensor:
        """See `Dot`: U annotation."""
        found: Tensor = self.U(annotations)
        return found

    def forward(self, queries: Tensor, keys: Tensor) -> Tensor:
        """See `Dot`. In between there is a row of tanh for each pair: batch target source d_model."""
        return (queries[:, :, None] + keys[:, None]).tanh() @ self.v


def shares(scores: Tensor, mask: Tensor) -> Tensor:
    """Softmax over the source of `scores (batch, target, source)` where `mask (batch, 1, source)` is True, 0 elsewhere."""
    return torch.where(mask, scores, -math.inf).softmax(-1)


def everywhere(scores: Tensor) -> tuple[Tensor, Tensor]:
    """Places and window where there is no window: `(batch, target)` and `(batch, target, source)`."""
    return scores.new_zeros(scores.shape[:2]), torch.ones_like(scores)
