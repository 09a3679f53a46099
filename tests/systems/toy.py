"""A system small enough to be trained in a blink: how many times does the letter stand in the word?"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from systems import CORPORA, KINDS, Kind
from systems.collection import Collection
from systems.system import System

NAME = "letters"


@dataclass(frozen=True)
class Example:
    """A word, and how many a's it has."""

    word: str
    count: int


def load() -> Collection:
    """400 words of four letters."""
    chance = random.Random(5)
    words = dict.fromkeys("".join(chance.choices("abc", k=6)) for _ in range(600))
    return Collection(
        name=NAME, title="Letters", licence="MIT", attribution="Written for Attention Atlas",
        examples=tuple(Example(word, word.count("a")) for word in words), line=lambda each: f"{each.word}\t{each.count}",
        key=lambda each: each.word, columns=("word", "how many a"),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Of a toy."""

    width: int = 8
    deep: bool = False
    frozen: bool = False


class Batch(NamedTuple):
    """What a step reads."""

    ids: Tensor
    noise: Tensor | None
    counts: Tensor


class Toy(System):
    """The sum of a row for each letter."""

    SIZES = Sizes

    def __init__(self, sizes: Sizes, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        self.rows, self.out = nn.Embedding(len(words), sizes.width), nn.Linear(sizes.width, 7)
        self.register_buffer("seen", torch.zeros(1))

    @classmethod
    def words_of(cls, examples: Sequence[Example], sizes: Sizes) -> tuple[str, ...]:  # noqa: ARG003
        return tuple(sorted({letter for each in examples for letter in each.word}))

    def batch(self, examples: Sequence[Example], chance: random.Random) -> Batch:
        ids = torch.tensor([[self.words.index(letter) for letter in each.word] for each in examples])
        return Batch(ids, None, torch.tensor([each.count for each in examples]))

    def forward(self, ids: Tensor) -> Tensor:
        return self.out(self.rows(ids).sum(dim=1))

    def loss(self, batch: Batch) -> Tensor:
        if self.training:
            self.seen += len(batch.ids)
        return F.cross_entropy(self(F.dropout(batch.ids.float(), 0.0).long()), batch.counts)

    def measure(self, examples: Sequence[Example]) -> dict[str, float]:
        batch = self.batch(examples, random.Random(0))
        right = (self(batch.ids).argmax(dim=-1) == batch.counts).double().mean()
        usual = max((batch.counts == count).double().mean() for count in range(7))
        return {"accuracy": 100 * float(right), "baseline": 100 * float(usual)}


class Other(Toy):
    """Another kind with the same rows."""

    def __init__(self, sizes: Sizes, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        self.out = nn.Linear(sizes.width, 9)
        self.rows.requires_grad_(not sizes.frozen)


TABLE = {
    "toy": Kind(where="toys.toy.Toy", told="a toy", corpora=(NAME,), page="300_train", menu="toy"),
    "toy-wide": Kind(
        where="toys.toy.Other",
        told="another",
        corpora=(NAME,),
        page="300_train",
        menu="toy",
        sizes={"width": 8, "deep": True},
    ),
}
__all__ = ["CORPORA", "KINDS", "NAME", "TABLE", "Example", "Other", "Toy", "load"]
