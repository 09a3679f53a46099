"""The hierarchical attention network of Yang, Yang, Dyer, He, Smola, Hovy 2016 (N16-1174, section 2.2).

A text is made of sentences, and a sentence of words. So it is read twice: a GRU reads the words of each sentence in both directions, and
attention makes one row of them; a second GRU reads these rows, and attention makes one row of the whole text. Which words matter,
and which sentences, is learned from the labels of whole texts alone.

The sizes say what is left out for comparison: `look` "mean" takes the mean in place of attention, `by` "text" reads all as one sentence.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from relatives.alignment import turned
from relatives.cells import GruCell
from systems.reviews.corpus import LABELS, Review, counted, words
from systems.system import PADDING, UNKNOWN, System

BATCH = 128  # texts that are measured at once


@dataclass(frozen=True, kw_only=True)
class HierarchicalSizes:
    """How large the network is, and what it has."""

    d_word: int = 24  # numbers in the embedding of a word
    d_state: int = 16  # numbers in the state of each direction of a GRU
    look: str = "attention"  # or "mean"
    by: str = "sentences"  # or "text"
    unknown: float = (
        0.02  # while it learns, so often a word is not shown, so that it can live with words that it does not know
    )
    dropout: float = 0.1

    def __post_init__(self) -> None:
        """Raises `ValueError` with a sentence."""
        for name, given, known in (("look", self.look, LOOKS), ("by", self.by, ("sentences", "text"))):
            if given not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, but is {given!r}.")


class Texts(NamedTuple):
    """What one step reads; 0 is the padding."""

    words: Tensor  # batch sentence word
    labels: Tensor  # batch


@dataclass(frozen=True, slots=True)
class WordsTrace:
    """Each sentence, read and weighed (Eq. 1 to 7)."""

    ids: Annotated[Tensor, "batch sentence word"]
    embedded: Annotated[Tensor, "batch sentence word d_word"]  # rows of W_e
    states: Annotated[Tensor, "batch sentence word d_both"]  # h: the forward state, then the backward one
    hidden: Annotated[Tensor, "batch sentence word d_both"]  # u = tanh(W h + b)
    scores: Annotated[Tensor, "batch sentence word"]  # u . u_w, before the mask
    mask: Annotated[Tensor, "batch sentence word"]  # True at every real word
    weights: Annotated[Tensor, "batch sentence word"]  # softmax of the allowed scores; sums to 1 in every real sentence
    output: Annotated[Tensor, "batch sentence d_both"]  # s: the states, mixed by the weights


@dataclass(frozen=True, slots=True)
class SentencesTrace:
    """The text, read and weighed (section 2.2, sentence encoder and sentence attention)."""

    states: Annotated[Tensor, "batch sentence d_both"]
    hidden: Annotated[Tensor, "batch sentence d_both"]
    scores: Annotated[Tensor, "batch sentence"]
    mask: Annotated[Tensor, "batch sentence"]
    weights: Annotated[Tensor, "batch sentence"]
    output: Annotated[Tensor, "batch d_both"]  # v: the whole text in one row


@dataclass(frozen=True, slots=True)
class ReviewTrace:
    """One forward pass. `logits` scores the labels."""

    words: WordsTrace
    sentences: SentencesTrace
    logits: Annotated[Tensor, "batch label"]


class Attention(nn.Module):
    """What matters of a row of states: u = tanh(W h + b), its dot product with a learned u_w, and a softmax (Eq. 5 and 6)."""

    def __init__(self, d_both: int) -> None:
        super().__init__()
        self.W = nn.Linear(d_both, d_both)
        self.context = nn.Parameter(torch.randn(d_both) * d_both**-0.5)  # u_w, or u_s: "what is the informative word?"

    def forward(self, states: Tensor) -> tuple[Tensor, Tensor]:
        """Of `states (..., d_both)` the hidden rows u `(..., d_both)` and the scores `(...)`."""
        hidden: Tensor = self.W(states).tanh()
        return hidden, hidden @ self.context


class Mean(nn.Module):
    """Everything matters as much: all scores are 0, and nothing is learned."""

    def __init__(self, d_both: int) -> None:  # noqa: ARG002
        super().__init__()

    def forward(self, states: Tensor) -> tuple[Tensor, Tensor]:
        """See `Attention`; the states stay as they are."""
        return states, states.new_zeros(states.shape[:-1])


LOOKS: dict[str, type[Attention | Mean]] = {"attention": Attention, "mean": Mean}


class Reader(nn.Module):
    """A GRU in both directions, `h = [forward, backward]` (Eq. 1 to 4)."""

    def __init__(self, d_input: int, d_state: int) -> None:
        super().__init__()
        self.forwards, self.backwards = GruCell(d_input, d_state), GruCell(d_input, d_state)

    def forward(self, inputs: Tensor, real: Tensor) -> Tensor:
        """The states `(row, position, 2 d_state)` over `inputs (row, position, d_input)`, of which `real (row, position)` count."""
        nothing = self.forwards.nothing(inputs, len(inputs))
        there, _ = self.forwards.fused(inputs, nothing)
        back, _ = self.backwards.fused(turned(inputs, real), nothing)
        return torch.cat((there, turned(back, real)), dim=-1)


class Hierarchical(System):
    """Words, then sentences."""

    SIZES: ClassVar[type] = HierarchicalSizes
    sizes: HierarchicalSizes

    def __init__(self, sizes: HierarchicalSizes, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        self.ids = {word: place for place, word in enumerate(words)}
        both = 2 * sizes.d_state
        self.embedding = nn.Parameter(torch.randn(len(words), sizes.d_word))  # W_e
        self.word_reader, self.word_look = Reader(sizes.d_word, sizes.d_state), LOOKS[sizes.look](both)
        self.sentence_reader, self.sentence_look = Reader(both, sizes.d_state), LOOKS[sizes.look](both)
        self.classify = nn.Linear(both, len(LABELS))
        self.dropout = nn.Dropout(sizes.dropout)

    @classmethod
    def words_of(cls, examples: Sequence[Review], sizes: HierarchicalSizes) -> tuple[str, ...]:  # noqa: ARG003
        """See `System`: every word of the reviews."""
        return (
            PADDING,
            UNKNOWN,
            *sorted({word for each in examples for line in each.sentences for word in words(line)}),
        )

    def forward(self, ids: Tensor) -> ReviewTrace:
        """Read `ids (batch, sentence, word)`, padded with 0, and keep all that is computed."""
        read = self.weigh_words(ids)
        real = read.mask.any(-1)
        states = self.sentence_reader(read.output, real)
        hidden, scores = self.sentence_look(states)
        weights = shares(scores, real)
        output = mixed(weights, states)
        sentences = SentencesTrace(states, hidden, scores, real, weights, output)
        return ReviewTrace(read, sentences, self.classify(self.dropout(output)))

    def weigh_words(self, ids: Tensor) -> WordsTrace:
        """Every sentence for itself."""
        embedded = F.embedding(ids, self.embedding)
        mask = ids.ne(0)
        rows = self.word_reader(
            self.dropout(embedded).flatten(0, 1), mask.flatten(0, 1)
        )  # batch * sentence word d_both
        states = rows.unflatten(0, ids.shape[:2])
        hidden, scores = self.word_look(states)
        weights = shares(scores, mask)
        return WordsTrace(ids, embedded, states, hidden, scores, mask, weights, mixed(weights, states))

    def batch(self, examples: Sequence[Review], chance: random.Random) -> Texts:
        """See `System`; here and there a word is hidden by lot."""
        shown = [
            [[UNKNOWN if chance.random() < self.sizes.unknown else word for word in words(line)] for line in each.sentences]
            for each in examples
        ]  # fmt: skip
        return Texts(self.read(shown), torch.tensor([each.label for each in examples], device=self.embedding.device))

    def read(self, texts: Sequence[Sequence[Sequence[str]]]) -> Tensor:
        """Texts of sentences of words as ids `(batch, sentence, word)`; as one sentence each if the network reads `by` the text."""
        if self.sizes.by == "text":
            texts = [[[word for line in text for word in line]] for text in texts]
        longest = max((len(line) for text in texts for line in text), default=1)
        ids = torch.zeros(len(texts), max(map(len, texts)), longest, dtype=torch.long)
        for row, text in enumerate(texts):
            for place, line in enumerate(text):
                ids[row, place, : len(line)] = torch.tensor([self.ids.get(word, 1) for word in line])
        return ids.to(self.embedding.device)

    def loss(self, batch: Texts) -> Tensor:
        """See `System`: the mean surprise at the label."""
        return F.cross_entropy(self(batch.words).logits, batch.labels)

    @torch.no_grad()
    def measure(self, examples: Sequence[Review]) -> dict[str, float]:
        """See `System`: labels that are right; what the more frequent one would get, and what counting good and bad words would."""
        texts = [[words(line) for line in each.sentences] for each in examples]
        right = [found == each.label for found, each in zip(self.labels(texts), examples, strict=True)]
        positive = sum(each.label for each in examples)
        guess = [counted(text) == each.label for text, each in zip(texts, examples, strict=True)]
        count = max(1, len(examples))
        return {
            "accuracy": 100 * sum(right) / count, "baseline": 100 * max(positive, len(examples) - positive) / count,
            "counting_words": 100 * sum(guess) / count,
        }  # fmt: skip

    def labels(self, texts: Sequence[Sequence[Sequence[str]]]) -> list[int]:
        """The label with the higher score, for each text."""
        found: list[int] = []
        for start in range(0, len(texts), BATCH):
            found += self(self.read(texts[start : start + BATCH])).logits.argmax(-1).tolist()
        return found


def shares(scores: Tensor, mask: Tensor) -> Tensor:
    """Softmax over the last axis where `mask` is True, 0 elsewhere; where nothing is allowed, all are 0."""
    allowed = mask | ~mask.any(-1, keepdim=True)
    return torch.where(allowed, scores, -math.inf).softmax(-1) * mask


def mixed(weights: Tensor, states: Tensor) -> Tensor:
    """The states `(..., position, d)`, mixed by the weights `(..., position)`: `(..., d)`, Eq. 7."""
    return (weights[..., None, :] @ states)[..., 0, :]
