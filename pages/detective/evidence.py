"""What can be seen of a model: its loss while it learned, its translations, and the passes in which it reads the right French.

Everything is about held-out sentences of the corpus that it learned from.
"""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from transformer.corpora import Corpus
from transformer.corpora.grammar_en_fr import NAME, SEED, generate
from transformer.decoding.batch import greedy_batch
from transformer.training import history
from ui.session import state
from ui.session.walk import Walk, walk

SENTENCES = 20  # held-out ones that are measured
FIRST = 1500  # pairs of the corpus among which they are: all would take seconds to make
MOST = 30  # pieces of a translation, beyond which a broken model is cut off
TWINS = (  # the same words in another order
    ("The dog sees the cat.", "Le chien voit le chat."), ("The cat sees the dog.", "Le chat voit le chien."),
)  # fmt: skip
Pairs = tuple[tuple[str, str], ...]  # English, and the right French


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One English sentence, the right French, and the model's."""

    english: str
    right: str
    french: str
    finished: bool


@st.cache_data(max_entries=1, show_spinner=False)
def sentences() -> Pairs:
    """Held-out sentences with the right French: of the test split, those among the first `FIRST` pairs of the corpus."""
    corpus = Corpus(name=NAME, title="", licence="", attribution="", pairs=generate(SEED, FIRST))
    return tuple((pair.source, pair.target) for pair in corpus.split("test"))[:SENTENCES]


@st.cache_data(max_entries=32, show_spinner=False)
def translated(origin: state.Origin, pairs: Pairs) -> tuple[Said, ...]:
    """What the model writes, piece by piece, without ever seeing the right French."""
    checkpoint = state.opened(origin)
    found = greedy_batch(checkpoint.model, [checkpoint.tokenizer.encode(english) for english, _ in pairs], MOST)
    end = checkpoint.model.config.end_id
    return tuple(
        Said(english=english, right=right, french=checkpoint.tokenizer.decode(ids), finished=ids[-1:] == [end])
        for (english, right), ids in zip(pairs, found, strict=True)
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def read(origin: state.Origin, english: str, right: str) -> Walk:
    """The model reads a sentence and the right French."""
    checkpoint = state.opened(origin)
    ids = (*checkpoint.tokenizer.encode(right), checkpoint.model.config.end_id)
    return walk(checkpoint, english, ids, forced=True)


@st.cache_data(max_entries=32, show_spinner=False)
def curve(origin: state.Origin) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The steps of its training, and the loss after each; nothing if its history is not there."""
    entries = [entry for entry in history.read(origin.folder) if np.isfinite(entry.loss)]
    return tuple(entry.step for entry in entries), tuple(entry.loss for entry in entries)
