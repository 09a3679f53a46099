"""Choosing the words: greedy search and beam search, one step at a time.

The model only says how probable each next piece is; a *search* decides which to write. Each search here is a generator:
it yields one `Step` per piece, with the candidates it weighed, those it kept and those it pruned, so that the app can
draw the search while it grows. They differ only in how they choose among the candidates; `sampling` draws lots. `best` runs one to its end.

Section 6.1 of arXiv 1706.03762: a beam of 4, a length penalty of 0.6, and at most 50 pieces more than the source has.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from transformer.config import Sizes
from transformer.decoding.hypotheses import (
    BEFORE_THE_FIRST,
    Candidate,
    Hypothesis,
    Step,
    after,
    continuation,
    continuations,
    keep,
)
from transformer.decoding.lean import lean
from transformer.decoding.reading import Begin, without_specials
from transformer.tokenizer import Tokenizer
from transformer.translator import Translator

__all__ = ["Candidate", "Hypothesis", "Step", "beam", "best", "greedy", "translate"]

WIDTH, LENGTH_PENALTY, EXTRA_LENGTH = 4, 0.6, 50  # section 6.1
ALTERNATIVES = 10  # candidates that greedy search and sampling report per step

Choose = Callable[[Step, Tensor], list[Candidate]]  # the step before, and log-probabilities `kept vocabulary`


def greedy(
    model: Translator, source_ids: Sequence[int], limit: int | None = None, begin: Begin = lean,
    prefix: Sequence[int] = (),
) -> Iterator[Step]:  # fmt: skip
    """Always the most probable piece. The candidates of a step are the `ALTERNATIVES` most probable.

    Every search goes on after the target ids of a `prefix`, if one is given: see `search`.
    """

    def choose(before: Step, log_probabilities: Tensor) -> list[Candidate]:
        return keep(1, continuations(before, log_probabilities, ALTERNATIVES, model.config.end_id))

    return search(model, source_ids, limit, choose, begin, prefix)


def beam(
    model: Translator, source_ids: Sequence[int], limit: int | None = None, width: int = WIDTH,
    length_penalty: float = LENGTH_PENALTY, begin: Begin = lean, prefix: Sequence[int] = (),
) -> Iterator[Step]:  # fmt: skip
    """The `width` best hypotheses at once. One that finishes keeps its place, and the search ends when all have.

    The candidates of a step are the `width` best continuations of each hypothesis, all of the same length; the length
    penalty tells when `best` compares those that finished at different lengths.
    """
    if width < 1:
        raise ValueError(f"The beam must be at least 1 wide, but its width is {width}.")

    def choose(before: Step, log_probabilities: Tensor) -> list[Candidate]:
        found = continuations(before, log_probabilities, width, model.config.end_id, length_penalty)
        return keep(width - len(before.finished), found)

    return search(model, source_ids, limit, choose, begin, prefix)


def by_hand(
    model: Translator, source_ids: Sequence[int], picks: Sequence[Collection[int]], offered: int, limit: int | None = None,
    length_penalty: float = LENGTH_PENALTY, begin: Begin = lean,
) -> Iterator[Step]:  # fmt: skip
    """Somebody else chooses: `picks` holds, for each step, the places from 0 of those that survive among the `offered` best candidates.

    The step after the last of the picks, if anything still grows, is the last that comes: its candidates wait to be chosen.
    """

    def choose(before: Step, log_probabilities: Tensor) -> list[Candidate]:
        position = before.position + 1
        picked = picks[position] if position < len(picks) else ()
        found = keep(0, continuations(before, log_probabilities, offered, model.config.end_id, length_penalty))
        return [replace(each, kept=place in picked) for place, each in enumerate(found[:offered])]

    return search(model, source_ids, limit, choose, begin, ())


def search(
    model: Translator,
    source_ids: Sequence[int],
    limit: int | None,
    choose: Choose,
    begin: Begin,
    prefix: Sequence[int],
) -> Iterator[Step]:
    """What all searches share. The first of the steps is the first choice, after the pieces of the `prefix`, if any.

    These count in the hypotheses like pieces that were chosen, with the log-probabilities that the model gives to them.
    Raises `ValueError` if no translation of at most `limit` pieces can begin with them.
    """
    config, most = model.config, length_limit(model.config, source_ids, limit)
    if odd := [id for id in prefix if not 0 <= id < config.vocabulary_size]:
        raise ValueError(f"The beginning has the id {odd[0]}, but ids go from 0 to {config.vocabulary_size - 1}.")
    if any(id in (config.padding_id, config.start_id, config.end_id) for id in prefix):
        raise ValueError("The beginning of a translation cannot hold padding, the start piece or the end piece.")
    if len(prefix) > most:
        raise ValueError(f"The beginning has {len(prefix)} pieces, but the translation may have {most}. Shorten it.")
    return stepwise(model, source_ids, most, with_prefix(prefix, choose, config.end_id), begin, len(prefix))


def with_prefix(prefix: Sequence[int], choose: Choose, end_id: int) -> Choose:
    """Choose the pieces of the `prefix` first, whatever the model thinks of them."""

    def chosen(before: Step, log_probabilities: Tensor) -> list[Candidate]:
        position = before.position + 1
        if position >= len(prefix):
            return choose(before, log_probabilities)
        id = int(prefix[position])
        return keep(1, [continuation(before, 0, id, float(log_probabilities[0, id]), end_id)])

    return chosen


@torch.inference_mode()
def stepwise(
    model: Translator, source_ids: Sequence[int], most: int, choose: Choose, begin: Begin, first: int
) -> Iterator[Step]:
    """Read the pieces just kept, choose among what may follow, and so on: the steps from position `first` on."""
    reader, device = begin(model, [source_ids]), model.matrix.device
    step, ids = BEFORE_THE_FIRST, torch.tensor([model.config.start_id], device=device)
    for position in range(most):
        log_probabilities, reader = reader.read(ids)  # kept vocabulary
        before, step = step, after(step, choose(step, without_specials(log_probabilities, model.config)))
        if position >= first or position == most - 1:
            yield step
        growing = [candidate for candidate in step.candidates if candidate.kept and not candidate.finished]
        if not growing:
            return
        rows = [candidate.hypothesis for candidate in growing]
        if rows != list(range(len(before.kept))):
            reader = reader.select(torch.tensor(rows, device=device))
        ids = torch.tensor([candidate.id for candidate in growing], device=device)


def best(steps: Iterable[Step]) -> Hypothesis:
    """Run a search to its end: its best finished hypothesis or, if the limit cut all of them off, its best one."""
    *_, last = steps
    return max(last.finished or last.kept, key=lambda hypothesis: hypothesis.score)


def translate(
    model: Translator, tokenizer: Tokenizer, text: str, width: int = WIDTH, length_penalty: float = LENGTH_PENALTY
) -> str:
    """The French of an English `text` by beam search. Raises `ValueError` if it is empty or too long for the model."""
    return tokenizer.decode(best(beam(model, tokenizer.encode(text), width=width, length_penalty=length_penalty)).ids)


def length_limit(config: Sizes, source_ids: Sequence[int], limit: int | None) -> int:
    """How many pieces a translation may have: `limit`, or 50 more than the source; at most one per position."""
    return min(len(source_ids) + EXTRA_LENGTH if limit is None else limit, config.max_positions)
