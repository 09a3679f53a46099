"""Random queries and keys: what the footnote 4 of arXiv 1706.03762, section 3.2.1, is about, drawn by lot.

Their components are independent, with mean 0 and variance 1. Then q . k is a sum of d_k independent products, each with mean 0 and
variance 1, so its variance is d_k, and its standard deviation sqrt(d_k).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relatives.scaling.sharpness import Doubles, entropy, gradient

SIZES = (2, 4, 8, 16, 32, 64, 128, 256, 512)  # d_k
DRAWS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What came of some draws with one d_k, each `(draw,)`. Entropies are shares of log2(keys): 1 if all keys have the same."""

    d_k: int
    spread: Doubles  # standard deviation of q . k over the cells of a draw
    entropy: Doubles  # of the rows after the division by sqrt(d_k), their mean
    entropy_raw: Doubles  # without it
    gradient: Doubles  # size of the softmax's Jacobian after the division, the mean of the rows
    gradient_raw: Doubles


def vectors(d_k: int, count: int, seed: int, draws: int = DRAWS) -> tuple[Doubles, Doubles]:
    """`count` queries and as many keys for each draw, `(draw, position, d_k)` each; the same seed gives the same ones."""
    lots = np.random.default_rng([seed, d_k])
    return lots.standard_normal((draws, count, d_k)), lots.standard_normal((draws, count, d_k))


def drawn(d_k: int, count: int, seed: int, draws: int = DRAWS) -> Drawn:
    """Measure `draws` heads of so many random queries and keys. Raises `ValueError` for fewer than two keys, which leave no choice."""
    if count < 2:
        raise ValueError(f"A row needs at least 2 keys to choose from, but has {count}.")
    queries, keys = vectors(d_k, count, seed, draws)
    products = queries @ keys.swapaxes(-1, -2)  # draw query key
    rows, raw = softmax(products / np.sqrt(d_k)), softmax(products)
    most = np.log2(count)
    return Drawn(
        d_k=d_k, spread=products.std((-1, -2)), entropy=entropy(rows).mean(-1) / most, entropy_raw=entropy(raw).mean(-1) / most,
        gradient=gradient(rows).mean(-1), gradient_raw=gradient(raw).mean(-1),
    )  # fmt: skip


def softmax(scores: NDArray[np.floating]) -> Doubles:
    """The weights of each row of `scores (..., key)`."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    shares: Doubles = powers / powers.sum(-1, keepdims=True)
    return shares
