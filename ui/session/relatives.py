"""What a relative of the Transformer did with a sentence: which of them there are, and one translation, gone through once."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from relatives.alignment import AlignedTrace
from relatives.recurrent import OneStateTrace
from transformer.checkpoint import Opened
from transformer.decoding.reading import source_rows, target_row
from transformer.decoding.ways import found
from transformer.trace import Trace
from ui.session import state
from ui.session.state import MOST_SOURCE, MOST_TARGET, Origin, Search
from ui.session.walk import Passage, Walk, array, told
from ui.text import translate as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Recollection(Passage):
    """One forward pass of a recurrent translator. Every number is the trace's own."""

    trace: OneStateTrace | AlignedTrace  # of a batch of one; not to be written to, because all sessions share it

    @property
    def look(self) -> NDArray[np.float32] | None:
        """See `Passage`: the weights of the alignment."""
        return array(self.trace.look.weights[0]) if isinstance(self.trace, AlignedTrace) else None


def kinds() -> dict[str, str]:
    """Every kind of model with its name in a menu, the Transformer first."""
    return {
        "transformer": _("Transformer"), "tanh": _("One hidden state, tanh"), "gru": _("One hidden state, GRU"),
        "lstm": _("One hidden state, LSTM"), "bahdanau": _("Alignment, Bahdanau (additive)"),
        "luong-dot": _("Alignment, Luong (dot product)"), "luong-general": _("Alignment, Luong (general)"),
        "luong-concat": _("Alignment, Luong (concat)"), "luong-local": _("Alignment, Luong (local)"),
        "additive": _("Transformer, additive score"), "unscaled": _("Transformer, scores not divided"),
    }  # fmt: skip


def models(kinds: Collection[str]) -> dict[str, Origin]:
    """The checkpoints of these kinds that can be opened, by name."""
    return {name: origin for name, origin in state.readable().items() if state.kind(origin) in kinds}


def first(found: Mapping[str, Origin], beside: Origin) -> str:
    """Which of the models `found` is shown unless another is chosen: the sidebar's if it is one, else one that learned the same.

    `beside` is the sidebar's model. `found` must not be empty.
    """
    same = [name for name, origin in found.items() if learned(origin) == learned(beside)]
    return next((name for name, origin in found.items() if origin.folder == beside.folder), (same or list(found))[0])


@st.cache_data(max_entries=4096, show_spinner=False)
def learned(origin: Origin) -> str:
    """The corpus that a checkpoint learned from first; "" if its card does not tell."""
    corpora = state.any_opened(origin).card.get("corpora")
    first = corpora[0] if isinstance(corpora, list) and corpora and isinstance(corpora[0], dict) else {}
    return str(first.get("name") or "")


def exact_match(origin: Origin) -> float | None:
    """Per cent on the test split of what it learned from, letter by letter, by greedy search, as the card tells it; `None` if it does not."""
    evaluations = state.any_opened(origin).card.get("evaluations")
    for each in evaluations if isinstance(evaluations, list) else []:
        if (each.get("corpus"), each.get("split"), each.get("beam")) == (learned(origin), "test", 1):
            return float(each["exact_match"])
    return None


def reading(origin: Origin, text: str, french: str | None, search: Search) -> Passage | str:
    """What the model does with `text`: its own translation, or the learner's `french`. A sentence if it cannot be shown."""
    opened = state.any_opened(origin)
    if why := unreadable(opened, text, french or ""):
        return why
    given = french and opened.tokenizer.encode(french)
    passage = forced(origin, text, french or "") if given else own(origin, text, search)
    return passage if all(map(math.isfinite, passage.chances)) else overflows()


def unreadable(opened: Opened, text: str, french: str) -> str:
    """Why `text`, or the learner's `french`, cannot be shown; nothing if both can."""
    source, target = (len(opened.tokenizer.encode(each)) for each in (text, french))
    positions = opened.model.config.max_positions
    if not source:
        return _("Type an English sentence in the sidebar, or take one of the examples.")
    if source > (most := min(MOST_SOURCE, positions - 2)):
        return too_long(_("This sentence"), source, most)
    if target > (most := min(MOST_TARGET, positions - 1)):
        return too_long(_("Your French sentence"), target, most)
    return ""


def too_long(what: str, pieces: int, most: int) -> str:
    """A sentence for a text that no picture could show."""
    template = _("{what} has {pieces} pieces, but at most {most} can be shown. Shorten it, or take one part of it.")
    return template.format(what=what, pieces=pieces, most=most)


def overflows() -> str:
    """A sentence for a model whose numbers are not finite here."""
    return _("The numbers of this model overflow on this sentence. Choose another model.")


def written(origin: Origin, text: str, search: Search) -> tuple[int, ...]:
    """The ids that a model of any kind writes for `text`, with the end piece unless it was cut off."""
    return state.translation(origin, text, search) if state.walks(origin) else own(origin, text, search).written_ids


@st.cache_resource(max_entries=64, show_spinner=False)
def own(origin: Origin, text: str, search: Search) -> Passage:
    """The model translates `text` and is watched."""
    opened = state.any_opened(origin)
    ids = found(opened.model, opened.tokenizer.encode(text), search, MOST_TARGET)
    return passage(opened, text, ids, forced=False)


@st.cache_resource(max_entries=64, show_spinner=False)
def forced(origin: Origin, text: str, french: str) -> Passage:
    """The model reads `text` and is given the learner's `french`, piece by piece: teacher forcing."""
    opened = state.any_opened(origin)
    return passage(opened, text, (*opened.tokenizer.encode(french), opened.model.config.end_id), forced=True)


def passage(opened: Opened, text: str, ids: tuple[int, ...], forced: bool) -> Passage:
    """Read `text` and the target `ids` (with the end piece, unless cut off) and keep what the pages show."""
    model = opened.model
    with torch.inference_mode():
        source, target = source_rows(model, [opened.tokenizer.encode(text)]), target_row(model, ids[:-1])
        trace: Trace | OneStateTrace | AlignedTrace = model(source, target)
        chances = trace.logits[0].softmax(-1)[torch.arange(len(ids)), torch.tensor(ids)]
    facts = told(opened, text, source[0].tolist(), target[0].tolist(), ids, chances.tolist(), forced)
    return Walk(**facts, trace=trace) if isinstance(trace, Trace) else Recollection(**facts, trace=trace)
