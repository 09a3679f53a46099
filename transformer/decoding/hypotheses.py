"""What a search holds in its hands: hypotheses, the candidates to go on with them, and the steps they make.

Only plain numbers, so that a search can be drawn, compared and tested without the model that it asked.
"""

import math
from dataclasses import dataclass, replace

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A translation so far. `ids` ends with the end piece once it is `finished` and never has the start piece."""

    ids: tuple[int, ...] = ()
    log_probabilities: tuple[float, ...] = ()  # of each piece, given the source and the pieces before it
    total: float = 0.0  # their sum
    score: float = 0.0  # the sum over the length penalty: what searches compare
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to go on with one of the hypotheses."""

    hypothesis: int  # its place in the previous step's `kept`; 0 at the first step, where there is one, of no pieces
    id: int
    log_probability: float  # of this piece
    total: float  # of the hypothesis with this piece
    score: float
    chance: float  # how probable it was that the search would keep it: 0 or 1 unless the search draws lots
    kept: bool  # or pruned
    finished: bool  # whether it ends the translation


@dataclass(frozen=True, slots=True)
class Step:
    """What a search did at one position."""

    position: int  # 0 for the first piece
    candidates: tuple[Candidate, ...]  # best score first
    kept: tuple[Hypothesis, ...]  # still growing: the kept candidates that do not finish, in the same order
    finished: tuple[Hypothesis, ...]  # at this step or an earlier one


BEFORE_THE_FIRST = Step(-1, (), (Hypothesis(),), ())  # one hypothesis, of no pieces


def penalty_of_length(length: int, alpha: float) -> float:
    """lp = ((5 + length) / 6)^alpha: Wu et al. 2016, arXiv 1609.08144, Eq. 14. `length` counts the end piece.

    A total is divided by it. Every piece makes the total smaller, so with `alpha` 0 short translations win.
    """
    return float(((5 + length) / 6) ** alpha)


def continuations(
    before: Step, log_probabilities: Tensor, count: int, end_id: int, alpha: float = 0.0
) -> list[Candidate]:
    """The `count` most probable next pieces of each growing hypothesis, from `log_probabilities (kept vocabulary)`."""
    values, ids = log_probabilities.topk(min(count, log_probabilities.size(1)))  # kept count
    return [
        continuation(before, row, id, value, end_id, alpha)
        for row, (row_ids, row_values) in enumerate(zip(ids.tolist(), values.tolist(), strict=True))
        for id, value in zip(row_ids, row_values, strict=True)
        if value > -math.inf
    ]


def continuation(before: Step, row: int, id: int, log_probability: float, end_id: int, alpha: float = 0.0) -> Candidate:
    """Hypothesis `row` with one more piece; not kept, until a search says so."""
    total = before.kept[row].total + log_probability
    score = total / penalty_of_length(before.position + 2, alpha)
    return Candidate(row, id, log_probability, total, score, 0.0, kept=False, finished=id == end_id)


def keep(places: int, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates best first, the first `places` of them kept."""
    ordered = sorted(candidates, key=lambda candidate: -candidate.score)
    return [replace(each, chance=1.0, kept=True) for each in ordered[:places]] + ordered[places:]


def after(before: Step, candidates: list[Candidate]) -> Step:
    """The step that those candidates make."""
    ordered = tuple(sorted(candidates, key=lambda candidate: -candidate.score))
    grown = [grow(before.kept[each.hypothesis], each) for each in ordered if each.kept]
    growing = tuple(hypothesis for hypothesis in grown if not hypothesis.finished)
    finished = tuple(hypothesis for hypothesis in grown if hypothesis.finished)
    return Step(before.position + 1, ordered, growing, before.finished + finished)


def grow(hypothesis: Hypothesis, candidate: Candidate) -> Hypothesis:
    """The hypothesis with the candidate's piece behind it."""
    ids = (*hypothesis.ids, candidate.id)
    log_probabilities = (*hypothesis.log_probabilities, candidate.log_probability)
    return Hypothesis(ids, log_probabilities, candidate.total, candidate.score, candidate.finished)
