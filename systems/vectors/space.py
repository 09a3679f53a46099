"""What one does with rows of numbers for words: cosines, neighbours, analogies, a map. Plain functions over `(word, dimension)`."""

from dataclasses import dataclass
from typing import Annotated

import torch
from torch import Tensor


@dataclass(frozen=True)
class AnalogyTrace:
    """a is to b as c is to ?, by arithmetic of unit vectors (Mikolov et al. 2013, N13-1090)."""

    terms: Annotated[Tensor, "term dimension"]  # b, -a, c, each of length 1
    target: Annotated[Tensor, "dimension"]  # their sum
    cosines: Annotated[Tensor, "word"]  # of the target with every word


@dataclass(frozen=True)
class MapTrace:
    """The two directions along which the rows differ most (principal components)."""

    mean: Annotated[Tensor, "dimension"]
    directions: Annotated[Tensor, "axis dimension"]  # of length 1, the wider one first
    places: Annotated[Tensor, "word axis"]  # (row - mean) . direction
    shares: Annotated[Tensor, "axis"]  # of the variance


def unit(rows: Tensor) -> Tensor:
    """Each row made 1 long; a row of zeros stays."""
    found: Tensor = rows / rows.norm(dim=-1, keepdim=True).clamp_min(1e-12)
    return found


def cosines(row: Tensor, rows: Tensor) -> Tensor:
    """The cosine of the angle between `row (dimension)` and each of `rows (word, dimension)`."""
    return unit(rows) @ unit(row)


def nearest(row: Tensor, rows: Tensor, count: int, without: tuple[int, ...] = ()) -> list[tuple[int, float]]:
    """The `count` words with the greatest cosine, and it; none of `without`."""
    found = cosines(row, rows)
    found[list(without)] = -torch.inf
    best = found.topk(min(count, len(rows) - len({*without})))
    return [(int(place), float(value)) for value, place in zip(best.values, best.indices, strict=True)]


def analogy(a: Tensor, b: Tensor, c: Tensor, rows: Tensor) -> AnalogyTrace:
    """b - a + c, compared with every word: what is to c as b is to a? All rows are made 1 long first."""
    terms = torch.stack((unit(b), -unit(a), unit(c)))
    target = terms.sum(0)
    return AnalogyTrace(terms, target, cosines(target, rows))


def flat_map(rows: Tensor) -> MapTrace:
    """Two dimensions for `rows (word, dimension)`, at least three of them: each sign is such that the largest part is positive."""
    mean = rows.mean(0)
    _, lengths, directions = torch.linalg.svd(rows - mean, full_matrices=False)
    directions = directions[:2]
    largest = directions.gather(1, directions.abs().argmax(1, keepdim=True))
    directions = directions * largest.sign()
    shares = lengths.square()[:2] / lengths.square().sum().clamp_min(1e-12)
    return MapTrace(mean, directions, (rows - mean) @ directions.T, shares)
