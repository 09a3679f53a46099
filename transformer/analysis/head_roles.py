"""What a head does, measured on its weights: which positions it looks at, and how sharply. Plain numbers, no opinion.

The measures follow what is known of trained heads: previous, next and same position, delimiters (Clark et al. 2019, arXiv
1906.04341), position by position along the sentence (Voita et al. 2019, arXiv 1905.09418). `role` names one only if it takes
more than half of the head's weight and at least twice what it would take by chance. Attention rollout is that of Abnar and
Zuidema 2020, arXiv 2005.00928.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating]
Flags = NDArray[np.bool_]
Role = Literal["previous", "same", "next", "diagonal", "delimiters", "even", ""]

SHARE = 0.5  # of a head's weight: a role is named only above it
TIMES = 2.0  # as often as chance: a role is named only above it
EVEN = 0.9  # of the largest entropy there can be: a head above it looks everywhere alike
NEAR = 1.0  # keys from the diagonal that still count as on it
SPECIAL = ("<s>", "</s>", "<pad>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """One head on one sentence: means over its queries. `None` where a measure has no meaning, as `next` under a causal mask."""

    previous: float | None  # weight on the key before the query's own position
    same: float | None  # weight on the query's own position
    next: float | None  # weight on the key after it
    diagonal: float | None  # weight at most `NEAR` keys from the straight line from the first to the last pair
    delimiters: float  # weight on special tokens and final punctuation
    entropy: float  # of a row of weights, in bits
    evenness: float | None  # the entropy's share of the largest there can be, log2 of the keys that may be looked at
    distance: float  # keys between where it looks and its own position (or the diagonal)


def measure(weights: Numbers, mask: Flags, delimiters: Flags, crossing: bool) -> Measures:
    """Measure one head's `weights (query, key)`, where `mask (query, key)` lets it look. Each row sums to 1.

    `delimiters (key)` is True for special tokens and final punctuation. With `crossing`, queries and keys are two sentences,
    so positions are compared along the diagonal; otherwise they are one.
    """
    names = [field.name for field in fields(Measures)]
    each = {name: by_query(name, weights, mask, delimiters, crossing) for name in names}
    return Measures(**{name: mean(numbers) for name, numbers in each.items()})  # type: ignore[arg-type]


def by_query(
    name: str, weights: Numbers, mask: Flags, delimiters: Flags, crossing: bool
) -> NDArray[np.float64]:  # fmt: skip
    """The measure `name` for each query; NaN for a query that it has no meaning for. Its mean is that of `Measures`."""
    shares = np.asarray(weights, dtype=np.float64)
    offset = offsets(shares.shape, crossing)
    if name == "entropy":
        return entropies(shares)
    if name == "evenness":
        most = np.log2(mask.sum(1))
        even: NDArray[np.float64] = np.divide(entropies(shares), most, out=np.full(len(most), np.nan), where=most > 0)
        return even
    if name == "distance":
        far: NDArray[np.float64] = (shares * np.abs(offset)).sum(1)
        return far
    if name == "delimiters":
        return np.asarray(shares[:, delimiters].sum(1))
    if (name == "diagonal") is not crossing:
        return np.full(len(shares), np.nan)
    steps = {"previous": offset == -1, "same": offset == 0, "next": offset == 1, "diagonal": np.abs(offset) <= NEAR}
    where = steps[name] & mask
    return np.where(where.any(1), (shares * where).sum(1), np.nan)


def mean(numbers: NDArray[np.float64]) -> float | None:
    """The mean of those that are not NaN; `None` if none is."""
    there = numbers[~np.isnan(numbers)]
    return float(there.mean()) if len(there) else None


def chance(mask: Flags, delimiters: Flags, crossing: bool) -> Measures:
    """The measures of a head that looks at all keys alike: what position alone would give."""
    return measure(mask / mask.sum(1, keepdims=True), mask, delimiters, crossing)


def role(found: Measures, by_chance: Measures) -> Role:
    """The role that takes the most of the head's weight, if it takes enough of it; "even" if it looks everywhere alike; or ""."""
    shares: dict[Role, float] = {}
    names: tuple[Role, ...] = ("previous", "same", "next", "diagonal", "delimiters")
    for name in names:
        share, expected = getattr(found, name), getattr(by_chance, name)
        if share is not None and share > SHARE and share >= TIMES * expected:
            shares[name] = share
    if shares:
        return max(shares, key=shares.__getitem__)
    return "even" if found.evenness is not None and found.evenness > EVEN else ""


def offsets(shape: tuple[int, ...], crossing: bool) -> NDArray[np.float64]:
    """How many keys each key stands after the query's own position, or after its place on the diagonal: `(query, key)`."""
    queries, keys = shape
    own = np.arange(queries, dtype=np.float64)
    if crossing:
        own *= (keys - 1) / max(1, queries - 1)
    after: NDArray[np.float64] = np.arange(keys) - own[:, None]
    return after


def entropies(shares: Numbers) -> NDArray[np.float64]:
    """The entropy of each row of `shares (query, key)` in bits: 0 if one key has it all."""
    logs = np.log2(shares, out=np.zeros_like(shares), where=shares > 0)
    bits: NDArray[np.float64] = np.maximum(0.0, -(shares * logs).sum(1))
    return bits


def delimiters(pieces: Sequence[str]) -> Flags:
    """Which pieces part sentences rather than mean something: special tokens, and the punctuation that ends the text."""
    found = np.array([piece in SPECIAL for piece in pieces], dtype=bool)
    for place in reversed(range(len(pieces))):
        if not found[place] and any(sign.isalnum() for sign in pieces[place]):
            break
        found[place] = found[place] or bool(pieces[place].strip("▁ "))
    return found


def rollout(weights: Sequence[Numbers]) -> list[NDArray[np.float64]]:
    """Attention rollout after each layer, from `weights (head, query, key)` of each layer, the first first.

    Each layer's step is half the mean of its heads and half the residual connection, 0.5 A + 0.5 I; the steps are multiplied
    from the first layer up. Row q of the result says how much of each input position is in position q, as far as weights tell.
    """
    rolled: list[NDArray[np.float64]] = []
    for layer in weights:
        rolled.append(step(layer) @ rolled[-1] if rolled else step(layer))
    return rolled


def step(weights: Numbers) -> NDArray[np.float64]:
    """One layer of a rollout: `0.5 A + 0.5 I (query, key)`, with A the mean of the heads of `weights (head, query, key)`."""
    mean = np.asarray(weights, dtype=np.float64).mean(0)
    mixed: NDArray[np.float64] = 0.5 * mean + 0.5 * np.eye(len(mean))
    return mixed
