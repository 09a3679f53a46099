"""fastText: skip-gram whose words are made of parts (Bojanowski et al. 2017, arXiv 1607.04606, section 3.2).

A word is the set of its n-grams, 3 to 6 letters long, with `<` and `>` at its ends, and itself: `<wh her ere re> <whe ...` for where.
Each part is hashed into one of so many buckets, a row z each; the row of a word is the sum of the rows of its parts,

    v_w = z_w + sum over its n-grams g of z_g,        loss as in skip-gram

so a word that was never read has a row all the same, made of its n-grams alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from systems.vectors.windows import WordSizes
from systems.vectors.word2vec import SkipGram


@dataclass(frozen=True, kw_only=True)
class SubwordSizes(WordSizes):
    """Those of word vectors, and of what a word is made."""

    shortest: int = 3  # letters of an n-gram, with < and >
    longest: int = 6
    buckets: int = 3000  # rows that all n-grams share


@dataclass(frozen=True)
class WordTrace:
    """How the row of one word comes about."""

    rows: Annotated[Tensor, "part dimension"]  # z of the word itself, if it is known, and of each n-gram
    output: Annotated[Tensor, "dimension"]  # their sum


class FastText(SkipGram):
    """Skip-gram over words made of n-grams."""

    SIZES: ClassVar[type] = SubwordSizes
    parts: Tensor
    ends: Tensor

    def __init__(self, sizes: SubwordSizes, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        self.z = nn.Parameter(torch.empty(sizes.buckets, sizes.dimensions))
        nn.init.uniform_(self.z, -0.5 / sizes.dimensions, 0.5 / sizes.dimensions)
        lists = [[len(words) + bucket for bucket in self.buckets(word)] for word in words]
        parts = [[place, *lists[place]] for place in range(len(words))]  # the word's own row is in `v`
        self.register_buffer("parts", torch.tensor([each for row in parts for each in row]), persistent=False)
        self.register_buffer("ends", torch.tensor([len(row) for row in parts]).cumsum(0), persistent=False)

    def n_grams(self, word: str) -> list[str]:
        """Its n-grams, the short ones first; the whole `<word>` is none."""
        return n_grams(word, self.sizes.shortest, self.sizes.longest)

    def buckets(self, word: str) -> list[int]:
        """The bucket of each n-gram."""
        return [hashed(gram) % self.sizes.buckets for gram in self.n_grams(word)]

    def inputs(self) -> Tensor:
        """See `WordVectors`: the sum over the parts of each word."""
        starts = F.pad(self.ends[:-1], (1, 0))
        return F.embedding_bag(self.parts, torch.cat((self.v, self.z)), starts, mode="sum")

    def made(self, word: str) -> WordTrace:
        """The row of any word, known or not. Raises `ValueError` for one without any part."""
        known = [self.v[self.places[word]]] if word in self.places else []
        rows: Sequence[Tensor] = [*known, *self.z[self.buckets(word)]]
        if not rows:
            raise ValueError(f"{word!r} is too short to have a part of {self.sizes.shortest} letters.")
        stacked = torch.stack([*rows])
        return WordTrace(stacked, stacked.sum(0))


def n_grams(word: str, shortest: int, longest: int) -> list[str]:
    """All runs of `shortest` to `longest` letters of `<word>`, but the whole."""
    marked = f"<{word}>"
    return [
        marked[start : start + length]
        for length in range(shortest, min(longest, len(marked) - 1) + 1)
        for start in range(len(marked) - length + 1)
    ]


def hashed(text: str) -> int:
    """FNV-1a of 32 bits (section 3.2): a number for any text, the same on every machine."""
    value = 2166136261
    for byte in text.encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value
