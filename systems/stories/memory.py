"""The end-to-end memory network of Sukhbaatar, Szlam, Weston, Fergus 2015 (arXiv 1503.08895, sections 2 and 4.1).

A story is put into a memory, one row for each sentence. The question looks at all rows at once, takes a mixture of them into itself, and
looks again: a *hop*. Nobody tells the network which sentences to look at; it learns that from the answers alone.

The sizes say how many hops there are, and which of them have matrices of their own:

    adjacent     C of a hop is A of the next one, A of the first reads the question too, C of the last one gives the answer
    layer-wise   one A and one C for all hops, and a matrix H between them, as in a recurrent network
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from systems.stories.corpus import Story
from systems.stories.world import words
from systems.system import PADDING, UNKNOWN, System

MOST = 30  # sentences that the memory can hold: it forgets the oldest


@dataclass(frozen=True, kw_only=True)
class MemorySizes:
    """How large the network is, and what it has."""

    d_model: int = 64  # numbers in a row of the memory
    hops: int = 3
    sharing: str = "adjacent"  # or "layer-wise"
    order: bool = True  # position encoding: the order of the words in a sentence
    time: bool = True  # temporal encoding: how many sentences ago
    noise: float = 0.05  # while it learns, so often a sentence looks one sentence older than it is

    def __post_init__(self) -> None:
        """Raises `ValueError` with a sentence."""
        if self.sharing not in ("adjacent", "layer-wise"):
            raise ValueError(f"sharing must be adjacent or layer-wise, but is {self.sharing!r}.")
        if self.hops < 1 or self.d_model < 1:
            raise ValueError(f"hops and d_model must be at least 1, but are {self.hops} and {self.d_model}.")


class Memories(NamedTuple):
    """What one step reads; 0 is the padding."""

    story: Tensor  # batch sentence word
    ages: Tensor  # batch sentence: 0 is the newest
    question: Tensor  # batch word
    answers: Tensor  # batch


@dataclass(frozen=True, slots=True)
class HopTrace:
    """One look at the memory."""

    query: Annotated[Tensor, "batch d_model"]  # u: the question, and all that was read so far
    keys: Annotated[Tensor, "batch sentence d_model"]  # m: the sentences as they are compared, by A
    values: Annotated[Tensor, "batch sentence d_model"]  # c: the sentences as they are read, by C
    scores: Annotated[Tensor, "batch sentence"]  # u . m, before the mask
    mask: Annotated[Tensor, "batch sentence"]  # True at every real sentence
    weights: Annotated[Tensor, "batch sentence"]  # p: softmax of the allowed scores; sums to 1
    output: Annotated[Tensor, "batch d_model"]  # o: the values, mixed by the weights
    carried: Annotated[Tensor, "batch d_model"]  # u + o, or H u + o: what the next hop asks with


@dataclass(frozen=True, slots=True)
class MemoryTrace:
    """One forward pass. `logits` scores every word as the answer."""

    hops: tuple[HopTrace, ...]
    logits: Annotated[Tensor, "batch vocabulary"]


class MemoryNetwork(System):
    """Hops of attention over the sentences of a story."""

    SIZES: ClassVar[type] = MemorySizes
    sizes: MemorySizes

    def __init__(self, sizes: MemorySizes, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        self.ids = {word: place for place, word in enumerate(words)}
        adjacent, d = sizes.sharing == "adjacent", sizes.d_model
        count = sizes.hops + 1 if adjacent else 2
        self.matrices = nn.ParameterList(normal(len(words), d) for _each in range(count))  # A1, C1 = A2, ... or A, C
        self.times = nn.ParameterList(
            normal(MOST, d) for _each in range(count if sizes.time else 0)
        )  # T, as the matrices
        if not adjacent:
            self.B, self.W = normal(len(words), d), normal(len(words), d)
            self.H = nn.Linear(d, d, bias=False)
            nn.init.eye_(self.H.weight)

    @classmethod
    def words_of(cls, examples: Sequence[Story], sizes: MemorySizes) -> tuple[str, ...]:  # noqa: ARG003
        """See `System`: every word of the stories, the questions and the answers."""
        found = {
            word for each in examples for line in (*each.lines, each.question, each.answer) for word in words(line)
        }
        return (PADDING, UNKNOWN, *sorted(found))

    def forward(self, story: Tensor, ages: Tensor, question: Tensor) -> MemoryTrace:
        """Read `story (batch, sentence, word)` and `question (batch, word)`, and keep every hop. `ages (batch, sentence)`: see `Memories`."""
        real = story.ne(0).any(-1)
        asks = self.matrices[0] if self.sizes.sharing == "adjacent" else self.B
        query, hops = self.said(asks, question), []
        for hop in range(self.sizes.hops):
            keys, values = self.stored(hop, story, ages)
            hops.append(self.look(query, keys, values, real))
            query = hops[-1].carried
        answers = self.matrices[-1] if self.sizes.sharing == "adjacent" else self.W
        return MemoryTrace(tuple(hops), query @ answers.T)

    def look(self, query: Tensor, keys: Tensor, values: Tensor, real: Tensor) -> HopTrace:
        """One hop: p = softmax(u . m), o = sum of p c, and u + o (Eq. 1, 2 and section 2.2)."""
        scores = (keys @ query[..., None])[..., 0]  # batch sentence
        weights = torch.where(real, scores, -math.inf).softmax(-1)
        output = (weights[:, None] @ values)[:, 0]
        kept = query if self.sizes.sharing == "adjacent" else self.H(query)
        return HopTrace(query, keys, values, scores, real, weights, output, kept + output)

    def stored(self, hop: int, story: Tensor, ages: Tensor) -> tuple[Tensor, Tensor]:
        """The sentences as hop number `hop`, from 0, compares and as it reads them: `(batch, sentence, d_model)` each."""
        first = hop if self.sizes.sharing == "adjacent" else 0
        keys, values = (self.remembered(place, story, ages) for place in (first, first + 1))
        return keys, values

    def remembered(self, place: int, story: Tensor, ages: Tensor) -> Tensor:
        """Each sentence by one of the matrices, and its age: `(batch, sentence, d_model)`."""
        said = self.said(self.matrices[place], story)
        return said + self.times[place][ages] if self.sizes.time else said

    def said(self, matrix: Tensor, ids: Tensor) -> Tensor:
        """The rows of the words of `ids (..., word)`, each times its place in the sentence, added up: `(..., d_model)`."""
        rows = F.embedding(ids, matrix)
        return ((places(ids, rows.size(-1)) if self.sizes.order else ids.ne(0)[..., None]) * rows).sum(-2)

    def batch(self, examples: Sequence[Story], chance: random.Random) -> Memories:
        """See `System`; here and there a sentence is drawn that looks older than it is, and all before it with it (section 4.1)."""
        stories = [[words(line) for line in each.lines] for each in examples]
        ages = [aged(len(story[-MOST:]), chance, self.sizes.noise) for story in stories]
        return self.read(stories, [words(each.question) for each in examples], [each.answer for each in examples], ages)

    def read(
        self, stories: Sequence[Sequence[Sequence[str]]], questions: Sequence[Sequence[str]], answers: Sequence[str] = (),
        ages: Sequence[Sequence[int]] | None = None,
    ) -> Memories:  # fmt: skip
        """Words as tensors; of each story its last `MOST` sentences, by default as old as they are. No story may be empty."""
        stories = [story[-MOST:] for story in stories]
        old = [range(len(story))[::-1] for story in stories] if ages is None else ages
        device = self.matrices[0].device
        longest = max(len(line) for story in stories for line in story)
        story = torch.zeros(len(stories), max(map(len, stories)), longest, dtype=torch.long)
        age, asked = (
            torch.zeros(story.shape[:2], dtype=torch.long),
            torch.zeros(len(stories), max(map(len, questions)), dtype=torch.long),
        )
        for row, (lines, question) in enumerate(zip(stories, questions, strict=True)):
            for place, line in enumerate(lines):
                story[row, place, : len(line)] = torch.tensor(self.numbered(line))
            age[row, : len(lines)] = torch.tensor(list(old[row]))
            asked[row, : len(question)] = torch.tensor(self.numbered(question))
        right = torch.tensor(self.numbered(answers), dtype=torch.long)
        return Memories(*(each.to(device) for each in (story, age, asked, right)))

    def numbered(self, line: Sequence[str]) -> list[int]:
        """The number of each word; 1 for one that the network has never read."""
        return [self.ids.get(word, 1) for word in line]

    def loss(self, batch: Memories) -> Tensor:
        """See `System`: the mean surprise at the answer."""
        return F.cross_entropy(self(batch.story, batch.ages, batch.question).logits, batch.answers)

    @torch.no_grad()
    def measure(self, examples: Sequence[Story]) -> dict[str, float]:
        """See `System`: answers that are right, of all, and by how many facts they take; and what the last place named would get."""
        right = [found == each.answer for found, each in zip(self.answered(examples), examples, strict=True)]
        last = [self.last_place(each) == each.answer for each in examples]
        figures = {"accuracy": share(right), "baseline": share(last)}
        for count, name in ((1, "one_fact"), (2, "two_facts"), (3, "three_facts")):
            figures[name] = share([good for good, each in zip(right, examples, strict=True) if len(each.gold) == count])
        return figures

    def answered(self, examples: Sequence[Story]) -> list[str]:
        """The word with the highest score, for each."""
        found: list[str] = []
        for start in range(0, len(examples), 256):
            some = examples[start : start + 256]
            read = self.read(
                [[words(line) for line in each.lines] for each in some], [words(each.question) for each in some]
            )
            found += [
                self.words[place] for place in self(read.story, read.ages, read.question).logits.argmax(-1).tolist()
            ]
        return found

    @staticmethod
    def last_place(example: Story) -> str:
        """The trivial guess: where somebody went last; or who did something last, if a person is asked for."""
        if example.kind == "owner":
            return words(example.lines[-1])[0]
        return next((words(line)[-1] for line in reversed(example.lines) if " the " in line and " to the " in line), "")


def normal(rows: int, width: int) -> nn.Parameter:
    """Random numbers with a deviation of 0.1, as in section 4.2."""
    return nn.Parameter(torch.randn(rows, width) * 0.1)


def places(ids: Tensor, width: int) -> Tensor:
    """Position encoding, l = (1 - j / J) - (k / d) (1 - 2 j / J) for word j of J and number k of d; 0 at the padding (section 4.1).

    Of `ids (..., word)` it makes `(..., word, d_model)`.
    """
    real = ids.ne(0)
    j = torch.arange(1, ids.size(-1) + 1, device=ids.device)[:, None] / real.sum(-1)[..., None, None].clamp(min=1)
    k = torch.arange(1, width + 1, device=ids.device) / width
    return ((1 - j) - k * (1 - 2 * j)) * real[..., None]


def aged(count: int, chance: random.Random, noise: float) -> list[int]:
    """How old each of `count` sentences looks, the oldest first."""
    found, age = [], 0
    for _each in range(count):
        age += chance.random() < noise
        found.append(min(age, MOST - 1))
        age += 1
    return found[::-1]


def share(right: Sequence[bool]) -> float:
    """Per cent."""
    return 100 * sum(right) / max(1, len(right))
