"""ELMo: vectors of words in their sentence, from two language models (Peters et al. 2018, arXiv 1802.05365, section 3).

One LSTM of some layers reads a sentence forwards and guesses each next word, another reads it backwards and guesses each word before.
They share the words' rows and the softmax. What the layers hold at a word, both directions side by side, is the word's vector there:

    loss = - (log p(word_k | words before) + log p(word_k | words after)) / 2,    R_k = { x_k, [forwards h_k1, backwards h_k1], ... }

Left out of the paper: rows made of letters by a convolution (a word has one row here), and the residual connection.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from relatives.cells import LstmCell, LstmTrace
from systems import sentences
from systems.system import System

START, END = "<start>", "<end>"
STARTS, ENDS = 2, 3  # their ids


@dataclass(frozen=True, kw_only=True)
class ElmoSizes:
    """The sizes of both language models."""

    vocabulary: int = 2500  # words at most, with the four special ones
    d_model: int = 64  # numbers of a word's row, and of an LSTM's state
    layers: int = 2
    dropout: float = 0.1  # of the rows, and of what each layer hands on


class Sentences(NamedTuple):
    """Sentences with their start and their end."""

    ids: Tensor  # batch position


@dataclass(frozen=True)
class DirectionTrace:
    """One language model. `logits[:, t]` scores the word that it meets after position t."""

    layers: tuple[LstmTrace, ...]
    logits: Annotated[Tensor, "batch position vocabulary"]


@dataclass(frozen=True)
class ElmoTrace:
    """Both models over the same sentences, and each word's vectors."""

    ids: Annotated[Tensor, "batch position"]  # with start and end
    embedded: Annotated[Tensor, "batch position d_model"]  # a row each, whatever stands around it
    forwards: DirectionTrace
    backwards: DirectionTrace  # in the order in which it reads: the end first
    vectors: Annotated[
        Tensor, "batch layer position d_both"
    ]  # layer 0: the row, twice; then both models' states, in the order of the text


class Elmo(System):
    """A bidirectional language model of two LSTMs."""

    SIZES: ClassVar[type] = ElmoSizes
    sizes: ElmoSizes

    def __init__(self, sizes: ElmoSizes, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        d = sizes.d_model
        self.places = {word: place for place, word in enumerate(words)}
        self.matrix = nn.Parameter(torch.empty(len(words), d))
        self.bias = nn.Parameter(torch.zeros(len(words)))
        self.forwards, self.backwards = (nn.ModuleList(LstmCell(d, d) for _ in range(sizes.layers)) for _ in range(2))
        self.dropout = nn.Dropout(sizes.dropout)
        nn.init.normal_(self.matrix, std=d**-0.5)

    @classmethod
    def words_of(cls, examples: Sequence[str], sizes: ElmoSizes) -> tuple[str, ...]:
        """See `System`: the most frequent words and signs."""
        cut = map(sentences.words_and_signs, examples)
        return sentences.most_frequent(cut, sizes.vocabulary, (START, END))

    def read(self, sentence: str) -> list[int]:
        """The ids of a sentence, with start and end."""
        return [STARTS, *sentences.ids(sentences.words_and_signs(sentence), self.places), ENDS]

    def batch(self, examples: Sequence[str], chance: random.Random) -> Sentences:  # noqa: ARG002
        """See `System`; nothing is drawn by lot."""
        return Sentences(sentences.padded([self.read(each) for each in examples]))

    def forward(self, batch: Sentences) -> ElmoTrace:
        """Read sentences both ways and keep every gate."""
        embedded = self.matrix[batch.ids]
        real = batch.ids > 0
        forwards = self.direction(self.forwards, embedded)
        backwards = self.direction(self.backwards, turned(embedded, real))
        states = [
            torch.cat((ahead.states, turned(back.states, real)), dim=-1)
            for ahead, back in zip(forwards.layers, backwards.layers, strict=True)
        ]
        vectors = torch.stack((torch.cat((embedded, embedded), dim=-1), *states), dim=1)
        return ElmoTrace(batch.ids, embedded, forwards, backwards, vectors)

    def direction(self, cells: Iterable[Any], inputs: Tensor) -> DirectionTrace:
        """One model over `inputs (batch, position, d_model)`."""
        layers = []
        for cell in cells:
            layers.append(cell(inputs, cell.nothing(inputs, len(inputs))))
            inputs = layers[-1].states
        return DirectionTrace(tuple(layers), self.logits(inputs))

    def logits(self, states: Tensor) -> Tensor:
        """The score of every word after each of `states (..., d_model)`: product with its row, and its bias."""
        return states @ self.matrix.T + self.bias

    def states(self, cells: Iterable[Any], inputs: Tensor) -> Tensor:
        """The last layer's states of `direction`, by torch's own loop; no trace."""
        inputs = self.dropout(inputs)
        for cell in cells:
            states, _ = cell.fused(inputs, cell.nothing(inputs, len(inputs)))
            inputs = self.dropout(states)
        return inputs

    def loss(self, batch: Sentences) -> Tensor:
        """See `System`: the mean over all words, of both models."""
        ids, real = batch.ids, batch.ids > 0
        found = []
        for cells, line in ((self.forwards, ids), (self.backwards, turned(ids, real))):
            expected = line[:, 1:]
            states = self.states(cells, self.matrix[line[:, :-1]])[expected > 0]
            found.append(F.cross_entropy(self.logits(states), expected[expected > 0]))
        return (found[0] + found[1]) / 2

    def measure(self, examples: Sequence[str]) -> dict[str, float]:
        """See `System`: how often the next word, or the one before, is what it thinks most likely; the most frequent word is the baseline."""
        right, total, seen = 0, 0, torch.zeros(len(self.words))
        with torch.no_grad():
            for first in range(0, len(examples), 256):
                ids = self.batch(examples[first : first + 256], random.Random(0)).ids.to(self.matrix.device)
                for cells, line in ((self.forwards, ids), (self.backwards, turned(ids, ids > 0))):
                    expected = line[:, 1:]
                    guessed = self.logits(self.states(cells, self.matrix[line[:, :-1]])).argmax(-1)
                    counted = (expected > 1) & (expected != ENDS) & (expected != STARTS)
                    right += int((guessed == expected)[counted].sum())
                    total += int(counted.sum())
                    seen += expected[counted].cpu().bincount(minlength=len(self.words))
        return {"right": 100 * right / max(1, total), "baseline": 100 * float(seen.max()) / max(1, total)}


def turned(rows: Tensor, real: Tensor) -> Tensor:
    """Each of `rows (batch, position, ...)` backwards, its padding still behind it; `real (batch, position)`."""
    length = real.sum(1, keepdim=True)
    places = torch.arange(real.size(1), device=real.device)[None]
    places = torch.where(places < length, length - 1 - places, places)
    return rows[torch.arange(len(rows), device=real.device)[:, None], places]
