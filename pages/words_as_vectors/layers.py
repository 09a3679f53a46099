"""A word's vectors in a sentence, layer by layer, as each kind of model has them: static, ELMo, BERT, and the Transformer's encoder."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import streamlit as st
import torch

from pages.words_as_vectors import found
from pages.words_as_vectors.found import Numbers
from systems import sentences
from systems.masked.reader import FIRST, Reader
from systems.vectors import senses
from systems.vectors.elmo import Elmo, Sentences
from systems.vectors.windows import WordVectors
from transformer.checkpoint import Checkpoint
from transformer.decoding.reading import encoded
from ui.session import state, systems
from ui.session.state import Origin

SPECIAL_ELMO = 4  # ids before ELMo's first real word
TRANSLATOR = "tatoeba-en-fr"


@dataclass(frozen=True, slots=True)
class Reading:
    """A word in a sentence: its vectors, or why there are none."""

    vectors: Numbers | None  # layer dimension; layer 0 is what the model begins with
    known: bool = True


def origins(static: Origin | None) -> dict[str, Origin]:
    """The models that are compared, by a code: one of each kind that is there."""
    there: dict[str, Origin] = {"static": static} if static else {}
    for kind in ("elmo", "bert"):
        corpus = found.found(static).corpus if static else ""
        models = systems.models((kind,))
        fitting = [name for name, each in models.items() if corpus in str(systems.opened(each).card.get("corpora"))]
        if found_one := systems.of_kind(kind, f"wv_{kind}", next(iter([*fitting, *models]), "")):
            there[kind] = found_one
    if (translator := state.readable().get(TRANSLATOR)) and state.walks(translator):
        there["encoder"] = translator
    return there


@st.cache_data(max_entries=2048, show_spinner=False)
def read(kind: str, origin: Origin, sentence: str, word: str) -> Reading:
    """The vectors of the first `word` in a sentence, by the model of that kind."""
    words = sentences.words_and_signs(sentence)
    if word not in words:
        return Reading(None)
    place = words.index(word)
    with torch.inference_mode():
        if kind == "encoder":
            return in_pieces(state.opened(origin), sentence, word)
        model = systems.opened(origin).model
        if isinstance(model, WordVectors):
            row = found.row_of(found.found(origin), word)
            return Reading(None if row is None else row[None], row is not None)
        if isinstance(model, Elmo):
            ids = model.read(sentence)
            vectors = model(Sentences(torch.tensor([ids]))).vectors[0, :, place + 1]
            return Reading(vectors.double().numpy(), ids[place + 1] >= SPECIAL_ELMO)
        assert isinstance(model, Reader)
        ids = model.read(sentence)
        if place + 1 >= len(ids) - 1:
            return Reading(None)
        trace = model.encode(torch.tensor([ids]))
        stages = [trace.embedding.rows, *(layer.output for layer in trace.layers)]
        return Reading(torch.stack([each[0, place + 1] for each in stages]).double().numpy(), ids[place + 1] >= FIRST)


def in_pieces(checkpoint: Checkpoint, sentence: str, word: str) -> Reading:
    """The same of the translator, which reads pieces: the mean over the pieces of the word."""
    ids = checkpoint.tokenizer.encode(sentence)
    if len(ids) + 2 > checkpoint.model.config.max_positions:
        return Reading(None)
    spelled = checkpoint.tokenizer.spelled(ids)
    places = covering([piece.replace("▁", " ") for piece in spelled], word)
    if not places:
        return Reading(None)
    trace = encoded(checkpoint.model, ids)
    stages = [trace.embedding.rows, *(layer.output for layer in trace.layers)]
    return Reading(torch.stack([each[0, places].mean(0) for each in stages]).double().numpy())


def covering(pieces: Sequence[str], word: str) -> list[int]:
    """Which pieces, with spaces where they begin a word, spell the first such word; [] if none do."""
    text, ends = "".join(pieces).lower(), [*accumulate(map(len, pieces))]
    for begin in range(len(text)):
        end = begin + len(word)
        before, after = text[begin - 1 : begin] or " ", text[end : end + 1] or " "
        if text[begin:end] == word and not before.isalnum() and not after.isalnum():
            return [place for place, stop in enumerate(ends) if stop > begin and stop - len(pieces[place]) < end]
    return []


def cosines(one: Numbers, other: Numbers) -> Numbers:
    """Of two vectors at each layer."""
    lengths = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    return np.asarray((one * other).sum(-1) / np.maximum(lengths, 1e-12))


@st.cache_data(max_entries=64, show_spinner=False)
def told_apart(kind: str, origin: Origin) -> tuple[Numbers, Numbers, int] | None:
    """Over the sentences of `systems.vectors.senses`: the mean cosine by layer of one meaning, and of two; and how many pairs."""
    same: list[Numbers] = []
    different: list[Numbers] = []
    for word, first, second, alike in senses.pairs():
        one, other = (read(kind, origin, sentence, word) for sentence in (first, second))
        if one.vectors is not None and other.vectors is not None and one.known and other.known:
            (same if alike else different).append(cosines(one.vectors, other.vectors))
    if not same or not different:
        return None
    return np.mean(same, axis=0), np.mean(different, axis=0), len(same) + len(different)
