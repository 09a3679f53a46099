"""What word vectors learn from: each word of a text and the words near it.

Mikolov et al. 2013, arXiv 1301.3781 (windows) and 1310.4546 (frequent words are left out now and then; words drawn as noise).
Vectors are trained on words without signs; words that are not in the vocabulary are left out of the text.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor

from systems import sentences
from systems.system import UNKNOWN, System

SPECIAL = 2  # padding and the unknown word stand first in the vocabulary; neither is ever learned
FLATTENED = 0.75  # the power that counts are raised to where noise is drawn (1310.4546, section 2.2)


@dataclass(frozen=True, kw_only=True)
class WordSizes:
    """What word vectors have in common."""

    vocabulary: int = 2200  # words at most, with padding and the unknown word
    dimensions: int = 32  # numbers of a word's row
    window: int = 4  # words on either side that count as near, at most: 1 to so many, drawn for each word
    negatives: int = 5  # words drawn as noise for each true one
    keep: float = 0.001  # a word more frequent than this share of the text is left out now and then


class Pairs(NamedTuple):
    """Words and words near them, one a row, and the noise drawn for each row."""

    centres: Tensor  # pair
    contexts: Tensor  # pair
    noise: Tensor  # pair negative


class WordVectors(System):
    """A row of numbers for each word, and another for the word as a neighbour: `inputs` and `outputs`."""

    SIZES: ClassVar[type] = WordSizes
    sizes: Any
    log_counts: Tensor

    def __init__(self, sizes: Any, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        if min(sizes.dimensions, sizes.window, sizes.vocabulary - SPECIAL) < 1:
            raise ValueError("dimensions, window and vocabulary must be at least 1, 1 and 3.")
        self.places = {word: place for place, word in enumerate(words)}
        # log(1 + how often each word occurs in the text): half precision keeps the logarithm, and so the count to one part in a hundred
        self.register_buffer("log_counts", torch.zeros(len(words)))

    @classmethod
    def words_of(cls, examples: Sequence[str], sizes: Any) -> tuple[str, ...]:
        """See `System`: the most frequent words."""
        return sentences.most_frequent(map(sentences.words, examples), sizes.vocabulary)

    def prepare(self, examples: Sequence[str]) -> None:
        """See `System`: count the words."""
        counts = Counter(word for sentence in examples for word in sentences.words(sentence))
        counts[UNKNOWN] = 0
        numbers = [counts[word] for word in self.words]
        self.log_counts.copy_(torch.tensor(numbers, dtype=torch.float).log1p())

    def counts(self) -> Tensor:
        """How often each word occurs in the text: `(word)`."""
        return self.log_counts.expm1()

    def read(self, sentence: str) -> list[int]:
        """The ids of those words of a sentence that are in the vocabulary."""
        return [id for id in sentences.ids(sentences.words(sentence), self.places) if id >= SPECIAL]

    def inputs(self) -> Tensor:
        """The row of each word: `(word, dimension)`. It is what one calls *the* vector of a word."""
        raise NotImplementedError

    def outputs(self) -> Tensor:
        """The row of each word as a neighbour of others: `(word, dimension)`."""
        raise NotImplementedError

    def score(self, contexts: Tensor, word: Tensor) -> Tensor:
        """How well a word fits between others: the sum of its products with them, of `contexts (row, near)` and `word (row)`.

        Padding in `contexts` counts nothing.
        """
        near, real = self.inputs()[contexts], (contexts > 0)[..., None]
        return ((near * real).sum(1) * self.outputs()[word]).sum(-1)

    def measure(self, examples: Sequence[str]) -> dict[str, float]:
        """See `System`: a word of each sentence, or one from another sentence in its place: which fits its neighbours better?

        A guess that does not look at the neighbours is right half of the time, for both words are drawn in the same way.
        """
        chance = random.Random(0)
        rows = [row for row in map(self.read, examples) if len(row) > 1]
        places = [chance.randrange(len(row)) for row in rows]
        words = [row[place] for row, place in zip(rows, places, strict=True)]
        others = [*words]
        chance.shuffle(others)
        kept = [each for each in zip(rows, places, words, others, strict=True) if each[2] != each[3]]
        if not kept:
            return {"told apart": 0.0, "baseline": 50.0}
        contexts = sentences.padded([near(row, place, self.sizes.window) for row, place, _, _ in kept])
        with torch.no_grad():
            device = self.outputs().device
            true, false = (torch.tensor([each[which] for each in kept]).to(device) for which in (2, 3))
            better = self.score(contexts.to(device), true) > self.score(contexts.to(device), false)
        return {"told apart": 100 * float(better.float().mean()), "baseline": 50.0}


def near(row: Sequence[int], place: int, window: int) -> list[int]:
    """The words around a place."""
    return [*row[max(0, place - window) : place], *row[place + 1 : place + 1 + window]]


def flat(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """All ids in one line, and of each which sentence it is of."""
    line = torch.tensor([id for row in rows for id in row], dtype=torch.long)
    return line, torch.repeat_interleave(torch.arange(len(rows)), torch.tensor([len(row) for row in rows]))


def neighbours(sentence_of: Tensor, reach: Tensor, window: int) -> tuple[Tensor, Tensor]:
    """Which places of a flat line are near which: two lists of places, pair by pair.

    `reach (place)`: how far each word's own window goes, on both sides; never beyond its sentence.
    """
    here = torch.arange(len(sentence_of))
    found = []
    for distance in (*range(-window, 0), *range(1, window + 1)):
        there = here + distance
        inside = (there >= 0) & (there < len(here)) & (reach >= abs(distance))
        inside[inside.clone()] &= sentence_of[here[inside]] == sentence_of[there[inside]]
        found.append((here[inside], there[inside]))
    centres, contexts = (torch.cat(each) for each in zip(*found, strict=True))
    return centres, contexts


def generator(chance: random.Random) -> torch.Generator:
    """Torch's lots, from Python's."""
    return torch.Generator().manual_seed(chance.getrandbits(63))


def thinned(line: Tensor, shares: Tensor, keep: float, lots: torch.Generator) -> Tensor:
    """Which words stay when frequent ones are left out: with the chance sqrt(keep / share) (1310.4546, Eq. 5).

    `shares (word)`: of the text.
    """
    return torch.rand(len(line), generator=lots) < (keep / shares[line]).sqrt()
