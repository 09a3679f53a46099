"""Three scores of the same queries and keys of one head, and the weights that the softmax makes of each.

A head knows its own score. For the others the same queries and keys are taken; the additive score needs a v besides, which a model with
another score has not learned: then it is the v whose scores come nearest to the head's own, by least squares.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ui.measures import arithmetic
from ui.measures.arithmetic import DotProduct
from ui.session.attentions import Attention

Function = Literal["additive", "dot", "scaled"]
FUNCTIONS: tuple[Function, ...] = ("additive", "dot", "scaled")
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Three:
    """One head. `scores` and `weights (function, query, key)` in the order of `FUNCTIONS`; scores before the mask."""

    view: Attention
    head: int
    own: Function  # what the model itself computes
    v: Doubles  # d_head
    explained: float | None  # the share of the head's own scores that a fitted v explains; `None` for a learned v
    scores: Doubles
    weights: Doubles

    @property
    def queries(self) -> Doubles:
        """Of this head (query d_head)."""
        return arithmetic.double(self.view.queries[self.head])

    @property
    def keys(self) -> Doubles:
        """Of this head (key d_head)."""
        return arithmetic.double(self.view.keys[self.head])

    def terms(self, function: Function, query: int, key: int) -> DotProduct:
        """The sum behind a score, before any division."""
        return terms(function, self.queries[query], self.keys[key], self.v)


def three(view: Attention, head: int) -> Three:
    """The three scores of a head."""
    learned = learned_v(view, head)
    queries, keys = (arithmetic.double(each[head]) for each in (view.queries, view.keys))
    products = arithmetic.dot_products(queries, keys)
    scaled = products / math.sqrt(view.d_head)
    v, explained = (learned, None) if learned is not None else fitted(queries, keys, arithmetic.double(view.scores[head]), view.mask)  # fmt: skip
    scores = np.stack([additive(queries, keys, v), products, scaled])
    weights = arithmetic.softmax(scores, view.mask)
    return Three(
        view=view, head=head, own=own(view, head, scores), v=v, explained=explained, scores=scores, weights=weights
    )


def own(view: Attention, head: int, scores: Doubles) -> Function:
    """Which of the three the trace holds: the nearest."""
    away = [float(np.abs(each - view.scores[head]).max()) for each in scores]
    if learned_v(view, head) is not None:
        return "additive"
    return min(("scaled", "dot"), key=lambda name: away[FUNCTIONS.index(name)])  # type: ignore[arg-type,return-value]


def learned_v(view: Attention, head: int) -> Doubles | None:
    """The v of a head that was trained with the additive score."""
    v = getattr(view.module, "v", None)
    return None if v is None else arithmetic.double(v[head].detach().numpy())


def additive(queries: Doubles, keys: Doubles, v: Doubles) -> Doubles:
    """`v . tanh(q + k)` of `queries (..., query, d)` and `keys (..., key, d)`: `(..., query, key)`."""
    scores: Doubles = np.tanh(queries[..., :, None, :] + keys[..., None, :, :]) @ v
    return scores


def score(function: Function, query: Doubles, key: Doubles, v: Doubles) -> float:
    """One score of one query and one key (d_head)."""
    total = terms(function, query, key, v).total
    return total / math.sqrt(len(query)) if function == "scaled" else total


def terms(function: Function, query: Doubles, key: Doubles, v: Doubles) -> DotProduct:
    """The sum behind a score, before any division: of v and tanh(q + k), or of q and k."""
    return DotProduct(v, np.tanh(query + key)) if function == "additive" else DotProduct(query, key)


def fitted(queries: Doubles, keys: Doubles, scores: Doubles, mask: NDArray[np.bool_]) -> tuple[Doubles, float]:
    """The v whose additive scores come nearest to `scores (query, key)`, and the share of their variance that it explains.

    By least squares over the cells where `mask` allows to look. What all scores of a row have in common is left aside, because the
    softmax does not see it. (d_head,), and 0 to 1; 1 if there is nothing to explain.
    """
    features = np.tanh(queries[:, None] + keys[None])  # query key d_head
    count = mask.sum(-1, keepdims=True)
    wanted = (scores - np.where(mask, scores, 0).sum(-1, keepdims=True) / count)[mask]
    means = np.where(mask[..., None], features, 0).sum(1, keepdims=True) / count[..., None]
    given = (features - means)[mask]
    v = np.linalg.lstsq(given, wanted, rcond=None)[0]
    total = float((wanted**2).sum())
    left = float(((wanted - given @ v) ** 2).sum())
    return v, 1 - left / total if total > 1e-12 else 1.0
