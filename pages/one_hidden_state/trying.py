"""What is left of a word in the states after it: by experiment, with other words in its place, and by a linear probe."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from pages.one_hidden_state.steps import cosine
from relatives.recurrent import OneState
from transformer.corpora import CorpusError, open_corpus
from ui.session import state
from ui.session.relatives import learned
from ui.session.state import Origin

OTHERS = 8  # other first words that are tried
READ, TESTED = 1500, 400  # sentences that the probe learns from, and on which it is tested
CLASSES, FARTHEST = 12, 16  # first pieces that it tells apart, and pieces after the first up to which it is asked
RIDGE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A linear reader of states: which piece did the sentence begin with?"""

    pieces: tuple[str, ...]  # the classes
    right: NDArray[np.float64]  # share of held-out sentences read right, by pieces read after the first
    commonest: float  # share of the commonest first piece among them: what a reader without states could say
    counts: NDArray[np.int64]  # sentences behind each share
    weights: NDArray[np.float64]  # by pieces after the first: class d_state+1


@torch.inference_mode()
def states_of(model: OneState, ids: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """The encoder's states after each piece of sentences of one length, without an end piece: `(sentence, position, d_state)`."""
    inputs = model.embed(torch.tensor(ids))
    states, _ = model.encoder.fused(inputs, model.encoder.nothing(inputs, len(ids)))
    return states.double().numpy()


@st.cache_data(max_entries=16, show_spinner=False)
def first_pieces(origin: Origin) -> tuple[int, ...]:
    """The commonest pieces with which sentences of the model's corpus begin, the commonest first; none if the corpus is not at hand."""
    found, tokenizer = sentences(origin), state.any_opened(origin).tokenizer
    begins = [tokenizer.encode(text)[0] for text in found]
    ids, counts = np.unique(np.array(begins, dtype=np.int64), return_counts=True)
    return tuple(int(id) for id in ids[np.argsort(-counts, kind="stable")][:CLASSES])


@st.cache_data(max_entries=16, show_spinner=False)
def sentences(origin: Origin) -> tuple[str, ...]:
    """Sentences of the corpus that the model learned from, spread over its training split, then held-out ones; none without the corpus."""
    try:
        corpus = open_corpus(learned(origin))
    except (CorpusError, OSError):
        return ()
    train, test = (list(dict.fromkeys(pair.source for pair in corpus.split(split))) for split in ("train", "test"))
    return (*train[:: max(1, len(train) // READ)][:READ], *test[:TESTED])


@st.cache_data(max_entries=64, show_spinner=False)
def fading(origin: Origin, ids: tuple[int, ...], others: tuple[int, ...]) -> NDArray[np.float64]:
    """Cosine of the state after each piece with what it would be had another word come first: `(other, position)`."""
    model = state.any_opened(origin).model
    assert isinstance(model, OneState)
    found = states_of(model, [ids, *((other, *ids[1:]) for other in others)])
    return np.array([[cosine(found[0, at], each[at]) for at in range(len(ids))] for each in found[1:]])


@st.cache_data(max_entries=64, show_spinner=False)
def swapped(origin: Origin, ids: tuple[int, ...], one: int, other: int) -> float:
    """Cosine of the last state with what it is when the pieces at two places are exchanged."""
    model, moved = state.any_opened(origin).model, list(ids)
    assert isinstance(model, OneState)
    moved[one], moved[other] = moved[other], moved[one]
    before, after = states_of(model, [ids, moved])[:, -1]
    return cosine(before, after)


@st.cache_data(max_entries=16, show_spinner=False)
def probe(origin: Origin) -> Probe | None:
    """Train the probe: ridge regression from a state to the first piece, one for each number of pieces read after it.

    `None` without a corpus. The classes are the commonest first pieces; sentences that begin otherwise are left out.
    """
    opened, texts, classes = state.any_opened(origin), sentences(origin), first_pieces(origin)
    model = opened.model
    if len(texts) < 2 * CLASSES or not isinstance(model, OneState):
        return None
    ids = [opened.tokenizer.encode(text) for text in texts]
    known = [
        (at < len(texts) - min(TESTED, len(texts) // 4), each) for at, each in enumerate(ids) if each[0] in classes
    ]
    right, counts, weights = [], [], []
    for after in range(FARTHEST):
        mine = [(trains, each[: after + 1]) for trains, each in known if len(each) > after]
        states, labels = (
            states_of(model, [each for _, each in mine])[:, -1],
            [classes.index(each[0]) for _, each in mine],
        )
        learns = np.array([trains for trains, _ in mine])
        if learns.sum() < CLASSES or (~learns).sum() < CLASSES:
            break
        fitted = ridge(states[learns], np.array(labels)[learns], len(classes))
        said = read(fitted, states[~learns]).argmax(1)
        right.append(float((said == np.array(labels)[~learns]).mean()))
        counts.append(int((~learns).sum()))
        weights.append(fitted)
    if not right:
        return None
    held_out = [each[0] for trains, each in known if not trains]
    return Probe(
        pieces=opened.tokenizer.spelled(classes), right=np.array(right), counts=np.array(counts), weights=np.stack(weights),
        commonest=max(held_out.count(id) for id in classes) / len(held_out),
    )  # fmt: skip


def ridge(states: NDArray[np.float64], labels: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """Least squares with a penalty from `states (sentence, d_state)` and a constant to one score a class: `(class, d_state + 1)`."""
    inputs = np.concatenate([states, np.ones((len(states), 1))], axis=1)
    wanted = np.eye(classes)[labels]
    return np.linalg.solve(inputs.T @ inputs + RIDGE * np.eye(inputs.shape[1]), inputs.T @ wanted).T


def read(weights: NDArray[np.float64], states: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scores `(sentence, class)` of a probe."""
    scores: NDArray[np.float64] = states @ weights[:, :-1].T + weights[:, -1]
    return scores
