"""The three ways to a translation, behind one question: a beam, greedy search, or drawing lots."""

from collections.abc import Sequence
from dataclasses import dataclass

from transformer.decoding.lean import lean
from transformer.decoding.reading import Begin
from transformer.decoding.sampling import Cuts, sample
from transformer.decoding.search import beam, best, greedy
from transformer.translator import Translator


@dataclass(frozen=True, slots=True)
class Search:
    """How a translation is found: by a beam of this width, 1 is greedy search; or drawn with these cuts from this seed."""

    width: int = 1
    cuts: Cuts | None = None
    seed: int = 0

    @property
    def draws(self) -> bool:
        """Whether chance plays a part."""
        return self.cuts is not None


def found(
    model: Translator, source_ids: Sequence[int], search: Search, limit: int | None = None, begin: Begin = lean
) -> tuple[int, ...]:
    """The ids that the `search` writes, with the end piece unless it was cut off after `limit` pieces."""
    if search.cuts is not None:
        steps = sample(model, source_ids, limit, search.cuts, search.seed, begin)
    elif search.width == 1:
        steps = greedy(model, source_ids, limit, begin)
    else:
        steps = beam(model, source_ids, limit, search.width, begin=begin)
    return tuple(best(steps).ids)
