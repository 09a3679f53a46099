"""How sharp rows of attention weights are: their entropy, and how much their gradient lets through.

A row p is a softmax of scores s. Its Jacobian is dp/ds = diag(p) - p p^T; if one key has nearly all of the weight, every entry of it
is nearly 0, and training cannot move the scores: the "extremely small gradients" of arXiv 1706.03762, section 3.2.1.
"""

import math

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating]
Doubles = NDArray[np.float64]


def entropy(weights: Numbers) -> Doubles:
    """-sum p log2 p of each row of `weights (..., key)`, in bits `(...)`: 0 if one key has it all, log2(keys) if all have the same."""
    p = np.asarray(weights, dtype=np.float64)
    logs = np.log2(p, out=np.zeros_like(p), where=p > 0)
    bits: Doubles = np.maximum(0.0, -(p * logs).sum(-1))
    return bits


def gradient(weights: Numbers) -> Doubles:
    """The Frobenius norm of diag(p) - p p^T of each row of `weights (..., key)`: `(...)`, at most 1/2.

    Its square is sum p^2 - 2 sum p^3 + (sum p^2)^2, which needs no matrix of key by key.
    """
    p = np.asarray(weights, dtype=np.float64)
    squares, cubes = (p**2).sum(-1), (p**3).sum(-1)
    size: Doubles = np.sqrt(np.maximum(0.0, squares - 2 * cubes + squares**2))
    return size


def alike(keys: int) -> tuple[float, float]:
    """The entropy in bits and the gradient of the row that gives each of so many keys the same: log2 n, and sqrt(n - 1) / n."""
    return math.log2(keys), math.sqrt(keys - 1) / keys
