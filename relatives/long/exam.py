"""How many sentences a model gets right, and how near it comes, by length: exact match and BLEU, with 90 % intervals.

The intervals are those of the bootstrap (Efron 1979): the sentences of a bin are drawn anew, with replacement, and the measure is taken
again. For BLEU as in Koehn 2004, "Statistical significance tests for machine translation evaluation".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relatives.long.sentences import BINS, Sentence, bin_of
from transformer.decoding.batch import greedy_batch
from transformer.text import clean
from transformer.tokenizer import Tokenizer
from transformer.training.evaluation import bleu_counts, bleu_of
from transformer.translator import Translator

DRAWS, INSIDE, SEED = 400, 90, 1  # samples; per cent of them inside an interval
FEW = 10  # sentences of a bin, with fewer of which nothing is said
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number of a sample, and between what limits it lies."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One bin of one model."""

    bin: int  # its place in `BINS`
    count: int  # sentences
    right: int  # of them, letter by letter
    exact: Estimate  # per cent
    bleu: Estimate


def translations(model: Translator, tokenizer: Tokenizer, sentences: Sequence[str]) -> list[str]:
    """What greedy search writes for each."""
    return [tokenizer.decode(ids) for ids in greedy_batch(model, [tokenizer.encode(each) for each in sentences])]


def is_right(sentence: Sentence, written: str) -> bool:
    """Whether it is the French, or one of several, letter by letter."""
    return clean(written) in {clean(each) for each in (sentence.target, *sentence.others)}


def points(sentences: Sequence[Sentence], written: Sequence[str]) -> list[Point]:
    """Each bin that has `FEW` sentences at least. Up to the longest trained ones those of the corpus count, not those that were joined."""
    found = []
    for number in range(len(BINS)):
        places = of_bin(sentences, number)
        if len(places) >= FEW:
            found.append(point(number, [sentences[place] for place in places], [written[place] for place in places]))
    return found


def of_bin(sentences: Sequence[Sentence], number: int) -> list[int]:
    """The places of a bin's sentences: those of the corpus where there are any, otherwise the joined ones."""
    inside = [place for place, each in enumerate(sentences) if bin_of(each.pieces) == number]
    return [place for place in inside if sentences[place].clauses == 1] or inside


def point(number: int, sentences: Sequence[Sentence], written: Sequence[str]) -> Point:
    """The measures of one bin; there must be sentences."""
    right = [is_right(*each) for each in zip(sentences, written, strict=True)]
    counts = [bleu_counts(each, sentence.target) for sentence, each in zip(sentences, written, strict=True)]
    exact = estimate(np.array(right, dtype=np.float64)[:, None], lambda sums: 100 * sums[0] / len(sentences))
    return Point(
        bin=number,
        count=len(sentences),
        right=sum(right),
        exact=exact,
        bleu=estimate(np.array(counts, dtype=np.float64), lambda sums: bleu_of(sums.tolist())),
    )


def estimate(rows: Numbers, of_sums: Callable[[Numbers], float]) -> Estimate:
    """A measure that depends on the column sums of `rows (sentence, number)` only, and the interval that holds `INSIDE` per cent of draws."""
    draws = np.random.default_rng(SEED).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=DRAWS)
    value, found = of_sums(rows.sum(0)), [of_sums(sums) for sums in draws @ rows]
    low, high = np.percentile(found, [(100 - INSIDE) / 2, (100 + INSIDE) / 2])
    return Estimate(value=value, low=min(value, float(low)), high=max(value, float(high)))
