"""Sampling: each piece is drawn by lot, from all pieces or from those that the cuts leave.

Three settings change the lottery. The *temperature* divides the log-probabilities: below 1 the probable pieces gain, above 1 the others.
*Top-k* leaves the `k` most probable pieces (Fan et al. 2018, arXiv 1805.04833), *top-p* the *nucleus*: the most probable ones that together
first reach a probability of `p` (Holtzman et al. 2020, arXiv 1904.09751, section 3.1). What is left is shared out again, to 1.

One number from 0 to 1 draws a piece: all pieces lie side by side, the most probable first, each as wide as its chance, and the number
falls on one of them. The numbers come from a seed, so the same seed writes the same translation again.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from transformer.decoding.hypotheses import Candidate, Step, continuation, continuations
from transformer.decoding.lean import lean
from transformer.decoding.reading import Begin, without_specials
from transformer.decoding.search import ALTERNATIVES, length_limit, search
from transformer.translator import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """How the chance of a piece is made of its log-probability."""

    temperature: float = 1.0
    top_k: int = 0  # 0: no cut
    top_p: float = 1.0  # 1: no cut

    def __post_init__(self) -> None:
        """Raise `ValueError` if nothing could be drawn so."""
        if not (0 < self.temperature < math.inf and self.top_k >= 0 and 0 < self.top_p <= 1):
            raise ValueError(
                "Sampling needs a temperature above 0, a top_k of at least 1 (or 0 for all pieces) and a top_p above 0 and at "
                f"most 1, but they are {self.temperature}, {self.top_k} and {self.top_p}. For the best piece, use `greedy`."
            )

    @property
    def any(self) -> bool:
        """Whether any piece is cut off."""
        return self.top_k > 0 or self.top_p < 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """A translation that was drawn."""

    seed: int
    ids: tuple[int, ...]  # the end piece last, unless the limit came first
    log_probability: float  # that the model gives to it
    log_chance: float  # of being drawn, after temperature and cuts


def lots(seed: int, count: int) -> list[float]:
    """The numbers from 0 to below 1 that draw the first `count` pieces: the same for the same seed, on every machine."""
    dice = random.Random(seed)
    return [dice.random() for _ in range(count)]


def ranked(log_probabilities: Tensor, cuts: Cuts) -> tuple[Tensor, Tensor]:
    """The pieces, the most probable first, and the chance of each, 0 if it is cut off: both `(row, vocabulary)`.

    `log_probabilities (row, vocabulary)` may have any sum, so logits will do.
    """
    values, ids = (log_probabilities / cuts.temperature).sort(descending=True, stable=True)
    if cuts.top_k:
        values[:, cuts.top_k :] = -math.inf
    chances = values.softmax(-1, dtype=torch.double)
    if cuts.top_p < 1:
        better = chances.cumsum(-1) - chances  # the chance of all more probable pieces
        chances = chances.masked_fill(better >= cuts.top_p, 0.0)
        chances = chances / chances.sum(-1, keepdim=True)
    return ids, chances


def chances_of(log_probabilities: Tensor, cuts: Cuts) -> Tensor:
    """The chance of each piece to be drawn, in the order of the vocabulary: `(row, vocabulary)`."""
    ids, chances = ranked(log_probabilities, cuts)
    return torch.empty_like(chances).scatter(1, ids, chances)


def fallen_on(chances: Tensor, luck: Tensor) -> Tensor:
    """The place in each row of `chances (row, vocabulary)`, the largest first, on which its number of `luck (row)` falls: `(row)`."""
    edges = chances.cumsum(-1)
    places = (edges <= luck[:, None] * edges[:, -1:]).sum(-1)
    return places.minimum((chances > 0).sum(-1) - 1)  # where rounding left the number a little too large


def sample(
    model: Translator, source_ids: Sequence[int], limit: int | None = None, cuts: Cuts = Cuts(), seed: int = 0,
    begin: Begin = lean, prefix: Sequence[int] = (),
) -> Iterator[Step]:  # fmt: skip
    """Draw a translation, piece by piece. The position `t` is drawn by `lots(seed, t + 1)[t]`.

    The candidates of a step are the `ALTERNATIVES` most probable, with the `chance` of each, and the piece drawn.
    """
    luck, end = lots(seed, length_limit(model.config, source_ids, limit)), model.config.end_id

    def choose(before: Step, log_probabilities: Tensor) -> list[Candidate]:
        ids, chances = ranked(log_probabilities, cuts)
        place = fallen_on(chances, chances.new_tensor([luck[before.position + 1]]))
        drawn, by_id = int(ids[0, place]), torch.empty_like(chances).scatter(1, ids, chances)[0]
        found = continuations(before, log_probabilities, ALTERNATIVES, end)
        if all(candidate.id != drawn for candidate in found):
            found.append(continuation(before, 0, drawn, float(log_probabilities[0, drawn]), end))
        return [replace(each, chance=float(by_id[each.id]), kept=each.id == drawn) for each in found]

    return search(model, source_ids, limit, choose, begin, prefix)


@torch.inference_mode()
def sample_many(
    model: Translator, source_ids: Sequence[int], seeds: Sequence[int], limit: int | None = None, cuts: Cuts = Cuts(),
    begin: Begin = lean, progress: Callable[[int], object] = lambda _: None,
) -> list[Drawn]:  # fmt: skip
    """A translation for each of the `seeds`, all at once: those that `sample` draws, up to rounding.

    `progress` hears after each piece how many have come to their end.
    """
    most, device = length_limit(model.config, source_ids, limit), model.matrix.device
    luck = torch.tensor([lots(seed, most) for seed in seeds], dtype=torch.double, device=device)  # seed position
    written: list[list[int]] = [[] for _ in seeds]
    totals = torch.zeros(len(seeds), 2, dtype=torch.double, device=device)  # seed: log-probability and log-chance
    growing = torch.arange(len(seeds), device=device)
    reader = begin(model, [source_ids]).select(torch.zeros_like(growing))
    last = torch.full_like(growing, model.config.start_id)
    for position in range(most if seeds else 0):
        log_probabilities, reader = reader.read(last)  # growing vocabulary
        ids, chances = ranked(without_specials(log_probabilities, model.config), cuts)
        places = fallen_on(chances, luck[growing, position])[:, None]
        last = ids.gather(1, places)[:, 0]
        gained = torch.stack(
            (log_probabilities.gather(1, last[:, None])[:, 0].double(), chances.gather(1, places)[:, 0].log()), 1
        )
        totals[growing] += gained
        for seed, id in zip(growing.tolist(), last.tolist(), strict=True):
            written[seed].append(id)
        left = (last != model.config.end_id).nonzero()[:, 0]
        progress(len(seeds) - len(left))
        if not len(left):
            break
        if len(left) < len(growing):
            growing, last, reader = growing[left], last[left], reader.select(left)
    rows = zip(seeds, written, totals.tolist(), strict=True)
    return [Drawn(seed, tuple(ids), *total) for seed, ids, total in rows]
