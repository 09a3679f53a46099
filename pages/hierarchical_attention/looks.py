"""What the network does with a review: one forward pass, and again without each sentence and without each word."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from pages.hierarchical_attention.typed import Typed
from systems.reviews.corpus import LABELS
from systems.reviews.exam import parts, positives
from systems.reviews.hierarchical import Attention, Hierarchical, Mean
from ui.measures.arithmetic import DotProduct, Weighing
from ui.session.walk import array

Doubles = NDArray[np.float64]
Sentences = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Words of a sentence, or the sentences of a review, weighed."""

    states: Doubles  # place d_both
    scores: Doubles  # place
    weights: Doubles  # place
    look: Attention | Mean

    def hidden(self, place: int, dimension: int) -> DotProduct:
        """One number of W h + b, of attention."""
        assert isinstance(self.look, Attention)
        W, b = self.look.W.weight.detach()[dimension].double().numpy(), float(self.look.W.bias[dimension])
        return DotProduct(W, self.states[place], b)

    def score(self, place: int) -> DotProduct:
        """tanh(W h + b) . u, recomputed from the state; of the mean 0."""
        if isinstance(self.look, Mean):
            return DotProduct(self.states[place], np.zeros(self.states.shape[-1]))
        W, b, u = (each.detach().double().numpy() for each in (self.look.W.weight, self.look.W.bias, self.look.context))
        return DotProduct(np.tanh(W @ self.states[place] + b), u)

    def weighing(self, place: int) -> Weighing:
        """The share of a place."""
        largest = float(self.scores.max())
        return Weighing(
            dot=self.score(place), divisor=1.0, allowed=True, largest=largest, total=float(np.exp(self.scores - largest).sum()),
            value=self.states[place], row=self.scores, place=place,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """One forward pass."""

    typed: Typed
    words: Sentences  # that were read: what was taken away is not there
    where: tuple[
        tuple[tuple[int, int], ...], ...
    ]  # of each of them, the sentence and the place that it has in what was typed
    model: Hierarchical
    levels: tuple[
        Level, ...
    ]  # of the words of each sentence; of the whole text at once, if the network reads by the text
    top: Level  # of the sentences
    logits: Doubles  # label

    @property
    def positive(self) -> float:
        """The probability of a positive review."""
        return 1 / (1 + float(np.exp(self.logits[0] - self.logits[1])))

    @property
    def label(self) -> str:
        """Of the higher logit."""
        return LABELS[int(self.logits.argmax())]

    def output(self, label: int) -> DotProduct:
        """A logit: the text's row times a row of W_c, and its bias."""
        row = self.model.classify.weight.detach()[label].double().numpy()
        return DotProduct(row, self.top.weights @ self.top.states, float(self.model.classify.bias[label]))


def left(
    words: Sentences, without: Sequence[tuple[int, int]]
) -> tuple[Sentences, tuple[tuple[tuple[int, int], ...], ...]]:
    """The words that are left without some (sentence, place), -1 a whole sentence; and where each was. Sentences without a word vanish."""
    kept = [
        [(sentence, place) for place in range(len(line)) if (sentence, place) not in without and (sentence, -1) not in without]
        for sentence, line in enumerate(words)
    ]  # fmt: skip
    where = tuple(tuple(line) for line in kept if line)
    return tuple(tuple(words[sentence][place] for sentence, place in line) for line in where), where


def looks(model: Hierarchical, typed: Typed, without: Sequence[tuple[int, int]] = ()) -> Looks:
    """Read a review, `without` some words (sentence, place); at least one word must be left."""
    words, where = left(typed.words, without)
    with torch.inference_mode():
        trace = model(model.read([words]))
    read, top = trace.words, trace.sentences
    levels = tuple(
        level(model.word_look, read.states[0, row], read.scores[0, row], read.weights[0, row], int(read.mask[0, row].sum()))
        for row in range(read.mask.size(1))
    )  # fmt: skip
    whole = level(model.sentence_look, top.states[0], top.scores[0], top.weights[0], len(levels))
    return Looks(
        typed=typed,
        words=words,
        where=where,
        model=model,
        levels=levels,
        top=whole,
        logits=array(trace.logits[0]).astype(np.float64),
    )


def level(
    look: Attention | Mean, states: torch.Tensor, scores: torch.Tensor, weights: torch.Tensor, count: int
) -> Level:
    """The real places of a level, in double precision."""
    parts = (array(each[:count]).astype(np.float64) for each in (states, scores, weights))
    return Level(look=look, **dict(zip(("states", "scores", "weights"), parts, strict=True)))


def word_weights(found: Looks) -> list[Doubles]:
    """The weight of each word within what it is weighed in, sentence by sentence of what was read."""
    if found.model.sizes.by == "sentences":
        return [each.weights for each in found.levels]
    ends = np.cumsum([len(line) for line in found.words])
    return np.split(found.levels[0].weights, ends[:-1])


def sentence_weights(found: Looks) -> Doubles:
    """The weight of each sentence; of a network that reads by the text, what its words have together."""
    if found.model.sizes.by == "sentences":
        return found.top.weights
    return np.array([float(each.sum()) for each in word_weights(found)])


def without_each(found: Looks) -> tuple[Doubles, list[Doubles]]:
    """How the probability of "positive" changes without each sentence, and without each word; NaN where nothing would be left."""
    return changes(found.model, found.words)


@lru_cache(maxsize=32)
def changes(model: Hierarchical, words: Sentences) -> tuple[Doubles, list[Doubles]]:
    """The same of a model and words, remembered, because each click asks again; not to be written to."""
    sentences, less = parts(words)
    less = [] if sum(map(len, words)) < 2 else less
    whole, *found = positives(model, [words, *sentences, *less])
    moved = np.array(found) - whole
    by_sentence = moved[: len(sentences)] if sentences else np.full(len(words), np.nan)
    by_word = moved[len(sentences) :] if less else np.full(sum(map(len, words)), np.nan)
    return by_sentence, np.split(by_word, np.cumsum([len(line) for line in words])[:-1])
