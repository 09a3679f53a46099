"""What the network does with a story and a question: one forward pass, and the same again without each fact."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from pages.memory.typed import Typed
from systems.stories.memory import MemoryNetwork, places
from ui.measures.arithmetic import DotProduct
from ui.session.walk import array

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One look, in double precision."""

    query: Doubles  # d_model
    keys: Doubles  # sentence d_model
    values: Doubles  # sentence d_model
    scores: Doubles  # sentence
    weights: Doubles  # sentence
    output: Doubles  # d_model
    carried: Doubles  # d_model


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """One forward pass over the facts that are left."""

    typed: Typed
    left: tuple[int, ...]  # the facts that are in the memory, by their place in the story
    model: MemoryNetwork
    hops: tuple[Hop, ...]
    logits: Doubles  # vocabulary

    @property
    def chances(self) -> Doubles:
        """Of every word to be the answer."""
        powers = np.exp(self.logits - self.logits.max())
        found: Doubles = powers / powers.sum()
        return found

    @property
    def answer(self) -> str:
        """The word with the highest chance."""
        return self.model.words[int(self.logits.argmax())]

    def best(self, count: int) -> list[tuple[str, float]]:
        """The words with the highest chances, and these."""
        return [
            (self.model.words[int(place)], float(self.chances[place])) for place in np.argsort(-self.logits)[:count]
        ]

    @property
    def gold(self) -> tuple[int, ...]:
        """The facts that decide, by their place in the story, in the order in which one leads to the next."""
        return self.typed.known.gold if self.typed.known else ()

    @property
    def weights(self) -> Doubles:
        """Of every fact of the story in every hop `(sentence, hop)`; NaN where a fact was taken away."""
        found = np.full((len(self.typed.lines), len(self.hops)), np.nan)
        for number, hop in enumerate(self.hops):
            found[list(self.left), number] = hop.weights
        return found

    def age(self, fact: int) -> int:
        """How many facts ago one of the story was told, of those that are left."""
        return len(self.left) - 1 - self.left.index(fact)

    def asked(self, dimension: int) -> DotProduct:
        """One number of the question: the places of its words times their rows."""
        model = self.model
        matrix = model.matrices[0] if model.sizes.sharing == "adjacent" else model.B
        return summed(matrix, model, self.typed.asks, dimension)

    def stored(self, hop: int, fact: int, dimension: int, value: bool = False) -> DotProduct:
        """One number of a fact as a hop compares it, or as it reads its `value`: its words, and its age."""
        model = self.model
        first = (hop if model.sizes.sharing == "adjacent" else 0) + int(value)
        said = summed(model.matrices[first], model, self.typed.words[fact], dimension)
        if not model.sizes.time:
            return said
        time = array(model.times[first].detach())[self.age(fact), dimension]
        return DotProduct(np.append(said.left, 1.0), np.append(said.right, float(time)))

    def answers(self, word: int) -> DotProduct:
        """The logit of a word."""
        matrix = self.model.matrices[-1] if self.model.sizes.sharing == "adjacent" else self.model.W
        return DotProduct(array(matrix.detach())[word].astype(np.float64), self.hops[-1].carried)


def summed(matrix: torch.Tensor, model: MemoryNetwork, words: Sequence[str], dimension: int) -> DotProduct:
    """One number of a bag of words: place times row, word by word."""
    ids = torch.tensor([[model.ids[word] for word in words]])
    place = places(ids, model.sizes.d_model)[0, :, dimension] if model.sizes.order else torch.ones(len(words))
    rows = matrix.detach()[ids[0], dimension]
    return DotProduct(array(place).astype(np.float64), array(rows).astype(np.float64))


def looks(model: MemoryNetwork, typed: Typed, without: Sequence[int] = ()) -> Looks:
    """Read what was typed, `without` some facts; at least one must be left."""
    left = tuple(place for place in range(len(typed.lines)) if place not in without)
    read = model.read([[typed.words[place] for place in left]], [typed.asks])
    with torch.inference_mode():
        trace = model(read.story, read.ages, read.question)
    names = ("query", "keys", "values", "scores", "weights", "output", "carried")
    hops = tuple(Hop(**{name: array(getattr(hop, name)[0]).astype(np.float64) for name in names}) for hop in trace.hops)
    return Looks(typed=typed, left=left, model=model, hops=hops, logits=array(trace.logits[0]).astype(np.float64))


def one_less(found: Looks) -> tuple[Doubles, tuple[str, ...]]:
    """Of each fact that is left: by how much the answer's chance changes when it is taken away, too (NaN for the others), and the answer then."""
    count = len(found.typed.lines)
    changes, answers = np.full(count, np.nan), [""] * count
    if len(found.left) < 2:
        return changes, tuple(answers)
    stories = [[found.typed.words[place] for place in found.left if place != fact] for fact in found.left]
    read = found.model.read(stories, [found.typed.asks] * len(stories))
    with torch.inference_mode():
        logits = found.model(read.story, read.ages, read.question).logits
    answer = found.model.ids[found.answer]
    chances = logits.softmax(-1)[:, answer].tolist()
    for fact, chance, best in zip(found.left, chances, logits.argmax(-1).tolist(), strict=True):
        changes[fact] = chance - float(found.chances[answer])
        answers[fact] = found.model.words[best]
    return changes, tuple(answers)
