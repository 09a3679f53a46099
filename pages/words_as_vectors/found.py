"""The rows of a model's words, in double precision, and what a typed word is to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from systems import sentences
from systems.vectors import analogies, space
from systems.vectors.fasttext import FastText, n_grams
from systems.vectors.windows import SPECIAL, WordVectors
from ui.session import chips, systems
from ui.session.state import Origin
from ui.text import Chip

KINDS = ("skip-gram", "cbow", "glove", "fasttext")
MODEL = "wv_model"
MOST_LETTERS = 40  # of a word that is looked up
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A model of word vectors, opened for pictures. Rows are ids; the first two, padding and the unknown word, stand for nothing."""

    name: str
    kind: str
    corpus: str
    model: WordVectors
    words: tuple[str, ...]
    rows: Numbers  # word dimension
    counts: Numbers  # word: how often it occurs in the text

    @property
    def torch_rows(self) -> torch.Tensor:
        """The same for the functions of `systems.vectors.space`."""
        return torch.from_numpy(self.rows)

    @property
    def parts(self) -> FastText | None:
        """The model, if its words are made of parts."""
        return self.model if isinstance(self.model, FastText) else None


@st.cache_resource(max_entries=24, show_spinner=False)
def found(origin: Origin) -> Found:
    """That of a checkpoint, once for all visitors."""
    opened = systems.opened(origin)
    model = opened.model
    assert isinstance(model, WordVectors)
    corpora = opened.card.get("corpora") or [{}]
    with torch.inference_mode():
        rows = model.inputs().double().numpy().copy()
    rows[:SPECIAL] = 0.0
    return Found(
        name=opened.name, kind=opened.kind, corpus=str(corpora[0].get("name", "")), model=model, words=model.words, rows=rows,
        counts=model.counts().double().numpy(),
    )  # fmt: skip


def chip(word: str, place: int) -> Chip:
    """A word as a chip, in the colour of its place."""
    return chips.chip(f"▁{word}", place)


def first_word(typed: str) -> tuple[str, int]:
    """The first word of what was typed, and how many there are; "" and 0 if there is none."""
    words = sentences.words(typed)
    return (words[0][:MOST_LETTERS], len(words)) if words else ("", 0)


def row_of(model: Found, word: str) -> Numbers | None:
    """The row of a word: its own, or made of its parts; `None` if the model has neither."""
    if (place := model.model.places.get(word, 0)) >= SPECIAL:
        return np.asarray(model.rows[place])
    if model.parts is None or not made_of(model, word):
        return None
    with torch.inference_mode():
        return np.asarray(model.parts.made(word).output.double().numpy())


def made_of(model: Found, word: str) -> list[str]:
    """The n-grams of a word; none if the model makes nothing of parts."""
    sizes = model.model.sizes
    return n_grams(word, sizes.shortest, sizes.longest) if model.parts else []


def nearest(model: Found, row: Numbers, without: Sequence[str], count: int = 8) -> list[tuple[int, float]]:
    """The words whose rows point most nearly the same way: id and cosine. None of `without`."""
    left_out = tuple({0, 1, *(model.model.places[word] for word in without if word in model.model.places)})
    return space.nearest(torch.from_numpy(row), model.torch_rows, count, left_out)


@st.cache_data(max_entries=64, show_spinner=False)
def score(origin: Origin) -> tuple[int, int]:
    """How many of the analogies that the model knows the words of come out right, and how many these are."""
    model = found(origin)
    rows, places = model.torch_rows, model.model.places
    right = total = 0
    for _family, question in analogies.questions(places):
        a, b, c, d = (places[word] for word in question)
        target = space.analogy(rows[a], rows[b], rows[c], rows).cosines
        target[[0, 1, a, b, c]] = -torch.inf
        right += int(target.argmax()) == d
        total += 1
    return right, total


def same_text(corpus: str, kinds: Sequence[str] = KINDS) -> list[Origin]:
    """The models of these kinds that learned from a text."""
    return [each for each in systems.models(kinds).values() if found(each).corpus == corpus]
