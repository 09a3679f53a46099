"""The whole sum behind one number of an attention head, in NumPy and in double precision: what a click on a cell tells.

Nothing here looks into a trace for its answer: each total is computed anew from the vectors, and a test compares it with the trace.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relatives.scaling import sharpness

Numbers = NDArray[np.floating]
Allowed = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Term:
    """One product of a sum."""

    place: int  # which dimension, or which key
    left: float
    right: float

    @property
    def product(self) -> float:
        """`left` times `right`."""
        return self.left * self.right


@dataclass(frozen=True, slots=True)
class DotProduct:
    """`left . right + bias`, term by term; both vectors have the same length."""

    left: NDArray[np.float64]
    right: NDArray[np.float64]
    bias: float = 0.0

    @property
    def products(self) -> NDArray[np.float64]:
        """Every term."""
        return self.left * self.right

    @property
    def total(self) -> float:
        """The value."""
        return float(self.products.sum()) + self.bias

    def largest(self, count: int) -> tuple[Term, ...]:
        """The `count` terms of the largest size, the largest first; of equals the first."""
        order = np.argsort(-np.abs(self.products), kind="stable")[:count]
        return tuple(Term(int(place), float(self.left[place]), float(self.right[place])) for place in order)

    def rest(self, count: int) -> tuple[int, float]:
        """How many terms `largest(count)` leaves out, and what they sum to."""
        told = sum(term.product for term in self.largest(count))
        return max(0, len(self.left) - count), float(self.products.sum()) - told


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """How one query weighs one key, from the dot product to what the key gives to the head's output."""

    dot: DotProduct  # q . k
    divisor: float  # sqrt(d_k), or 1 if the division is left out
    allowed: bool  # whether the mask lets the query look
    largest: float  # of the row's allowed scores; it is subtracted before exp
    total: float  # the row's sum of exp(score - largest)
    value: NDArray[np.float64]  # v of the key
    row: NDArray[np.float64]  # the query's scores under the mask, of every key; -inf where it may not look
    place: int  # of the key in it

    @property
    def score(self) -> float:
        """`q . k / divisor`, before the mask."""
        return self.dot.total / self.divisor

    @property
    def exponential(self) -> float:
        """`exp(score - largest)`; 0 where the mask forbids to look."""
        return math.exp(self.score - self.largest) if self.allowed else 0.0

    @property
    def weight(self) -> float:
        """The share of the row's total."""
        return self.exponential / self.total

    @property
    def contribution(self) -> NDArray[np.float64]:
        """`weight * v`: what the key adds to the query's head output (d_head)."""
        return self.weight * self.value


@dataclass(frozen=True, slots=True)
class Row:
    """How sharp one row of weights is."""

    largest: float  # weight
    entropy: float  # bits: 0 if one key has it all, log2(keys) if all have the same
    gradient: float  # Frobenius norm of the softmax's Jacobian diag(p) - p p^T


def double(numbers: Numbers) -> NDArray[np.float64]:
    """The same numbers in double precision."""
    return np.asarray(numbers, dtype=np.float64)


def projection(x: Numbers, column: Numbers, bias: float) -> DotProduct:
    """One cell of Q, K or V: a row `x (d_model)` times a `column (d_model)` of W, plus the bias."""
    return DotProduct(double(x), double(column), float(bias))


def weighing(
    queries: Numbers, keys: Numbers, values: Numbers, mask: Allowed, query: int, key: int, *, scaled: bool = True
) -> Weighing:
    """One cell of a head: `queries`, `keys`, `values (position, d_head)`, `mask (query, key)`, True where it may look."""
    divisor = math.sqrt(queries.shape[-1]) if scaled else 1.0
    scores = double(keys) @ double(queries[query]) / divisor
    allowed = scores[mask[query]]
    return Weighing(
        dot=DotProduct(double(queries[query]), double(keys[key])), divisor=divisor, allowed=bool(mask[query, key]),
        largest=float(allowed.max()), total=float(np.exp(allowed - allowed.max()).sum()), value=double(values[key]),
        row=np.where(mask[query], scores, -np.inf), place=key,
    )  # fmt: skip


def mixing(weights: Numbers, values: Numbers, query: int, dimension: int) -> DotProduct:
    """One cell of the head's output: the sum over the keys of weight times value."""
    return DotProduct(double(weights[query]), double(values[:, dimension]))


def dot_products(queries: Numbers, keys: Numbers) -> NDArray[np.float64]:
    """Q K^T: `(..., query, key)`."""
    return double(queries) @ double(keys).swapaxes(-1, -2)


def softmax(scores: Numbers, mask: Allowed) -> NDArray[np.float64]:
    """The weights of `scores (..., query, key)` where `mask` is True; 0 elsewhere. Each row sums to 1."""
    allowed = np.where(mask, double(scores), -np.inf)
    powers = np.exp(allowed - allowed.max(-1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(-1, keepdims=True)
    return shares


def row(weights: Numbers) -> Row:
    """The sharpness of one row of weights, which sum to 1."""
    return Row(float(double(weights).max()), float(sharpness.entropy(weights)), float(sharpness.gradient(weights)))
