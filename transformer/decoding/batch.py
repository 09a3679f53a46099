"""The searches of `decoding` for many sentences at once, without their steps: for measuring a model, not for watching.

Every sentence of a batch has the same number of rows, one per place in its beam. A place whose hypothesis has finished,
or that was never filled, has a total of minus infinity: nothing that grows from it can be among the best. A sentence
whose search has ended leaves the batch. The translations are those that `decoding.beam` finds, up to ties.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from transformer.decoding.hypotheses import penalty_of_length
from transformer.decoding.lean import lean
from transformer.decoding.reading import Reader, without_specials
from transformer.decoding.search import LENGTH_PENALTY, WIDTH, length_limit
from transformer.translator import Translator

ROWS = 256  # of a batch: sentences times the width of the beam


@dataclass(frozen=True, slots=True)
class Beams:
    """The searches that are still going on, all at the same position."""

    reader: Reader  # sentence * place rows
    sentences: Tensor  # sentence: its place in the batch
    ids: Tensor  # sentence place position, from the start piece on
    totals: Tensor  # sentence place; minus infinity where nothing grows
    places: Tensor  # sentence: how many hypotheses have not finished


@dataclass(frozen=True, slots=True)
class Ended:
    """A hypothesis that is complete, or that was cut off at the limit."""

    finished: bool
    score: float
    ids: list[int]


def greedy_batch(model: Translator, sources: Sequence[Sequence[int]], limit: int | None = None) -> list[list[int]]:
    """The ids that greedy search writes for each source: the end piece last, unless the limit came first."""
    return beam_batch(model, sources, limit, width=1)


def beam_batch(
    model: Translator, sources: Sequence[Sequence[int]], limit: int | None = None, width: int = WIDTH,
    length_penalty: float = LENGTH_PENALTY, progress: Callable[[int], object] = lambda _: None,
) -> list[list[int]]:  # fmt: skip
    """The ids of the best hypothesis for each source, in the order of `sources`.

    `progress` hears, after each batch, how many sentences it had. Raises `ValueError` as `reading.source_rows` does.
    """
    translations: list[list[int]] = [[] for _ in sources]
    for batch in batches(sources, ROWS // width):
        found = search_batch(model, [sources[index] for index in batch], limit, width, length_penalty)
        for index, ids in zip(batch, found, strict=True):
            translations[index] = ids
        progress(len(batch))
    return translations


def batches(sources: Sequence[Sequence[int]], size: int) -> Iterator[list[int]]:
    """The indices of `sources`, those of similar length together, at most `size` at a time: little padding."""
    by_length = sorted(range(len(sources)), key=lambda index: len(sources[index]))
    for first in range(0, len(by_length), max(size, 1)):
        yield by_length[first : first + max(size, 1)]


@torch.inference_mode()
def search_batch(
    model: Translator, sources: Sequence[Sequence[int]], limit: int | None, width: int, length_penalty: float
) -> list[list[int]]:
    """The best ids for each of one batch of `sources`."""
    ended: list[list[Ended]] = [[] for _ in sources]
    limits = torch.tensor([length_limit(model.config, source, limit) for source in sources], device=model.matrix.device)
    beams = start(model, sources, width)
    while len(beams.sentences):
        beams = advance(model, beams)
        length = beams.ids.size(2) - 1
        penalty = penalty_of_length(length, length_penalty)
        complete = (beams.ids[:, :, -1] == model.config.end_id) & beams.totals.isfinite()  # sentence place
        cut_off = (limits[beams.sentences] <= length)[:, None] & ~complete & beams.totals.isfinite()
        for finished, which in ((True, complete), (False, cut_off)):
            collect(ended, beams, which, finished, penalty)
        beams = without(beams, complete | cut_off, complete.sum(1))
    return [max(each, key=lambda end: (end.finished, end.score)).ids for each in ended]


def start(model: Translator, sources: Sequence[Sequence[int]], width: int) -> Beams:
    """Beams that have read the sources: one hypothesis each, of no pieces, in the first of its places."""
    device = model.matrix.device
    sentences = torch.arange(len(sources), device=device)
    reader = lean(model, sources).select(sentences.repeat_interleave(width))
    totals = torch.full((len(sources), width), -math.inf, device=device).index_fill(1, sentences[:1], 0.0)
    ids = torch.full((len(sources), width, 1), model.config.start_id, device=device)
    return Beams(reader, sentences, ids, totals, torch.full_like(sentences, width))


def advance(model: Translator, beams: Beams) -> Beams:
    """The beams one piece later: of all continuations of a sentence's hypotheses, the best on each place left."""
    number, width = beams.totals.shape
    log_probabilities, reader = beams.reader.read(beams.ids[:, :, -1].flatten())  # sentence*place vocabulary
    allowed = without_specials(log_probabilities, model.config).reshape(number, width, -1)  # sentence place vocabulary
    continued = beams.totals[:, :, None] + allowed
    totals, found = continued.flatten(1).topk(width)  # sentence place
    parents, pieces = found // continued.size(2), found % continued.size(2)  # sentence place
    rows = torch.arange(number, device=found.device)[:, None] * width + parents
    ids = torch.cat((beams.ids.flatten(0, 1)[rows], pieces[:, :, None]), dim=2)
    beyond = torch.arange(width, device=found.device) >= beams.places[:, None]
    totals = totals.masked_fill(beyond, -math.inf)
    return Beams(reader.select(rows.flatten()), beams.sentences, ids, totals, beams.places)


def collect(ended: list[list[Ended]], beams: Beams, which: Tensor, finished: bool, penalty: float) -> None:
    """Write down the hypotheses at `which (sentence, place)`, with their scores."""
    for sentence, place in which.nonzero().tolist():
        score = float(beams.totals[sentence, place]) / penalty
        ended[int(beams.sentences[sentence])].append(Ended(finished, score, beams.ids[sentence, place, 1:].tolist()))


def without(beams: Beams, which: Tensor, finished: Tensor) -> Beams:
    """The beams without the hypotheses at `which (sentence, place)`, and without the sentences that have none left."""
    totals = beams.totals.masked_fill(which, -math.inf)
    left = totals.isfinite().any(1).nonzero().flatten()  # sentence
    if len(left) == len(totals):
        return Beams(beams.reader, beams.sentences, beams.ids, totals, beams.places - finished)
    width = totals.size(1)
    rows = (left[:, None] * width + torch.arange(width, device=left.device)).flatten()
    places = (beams.places - finished)[left]
    return Beams(beams.reader.select(rows), beams.sentences[left], beams.ids[left], totals[left], places)
