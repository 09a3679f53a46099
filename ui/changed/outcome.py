"""What a changed model makes of the sentence: its own translation, and how likely it finds the reference, piece by piece.

The *reference* is the French on the page: the model's own translation, or the learner's. Everything is known by what it was asked,
so nobody sees another's change; nothing remembered is ever written to.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from transformer.analysis.before_after import known, trained_on
from transformer.analysis.effects import mean_heads
from transformer.checkpoint import Checkpoint
from transformer.corpora import Pair
from transformer.decoding.reading import encoded, full_trace
from transformer.trace import Trace
from transformer.what_if import Means, WhatIf, apply
from ui.frame import Session
from ui.session import state
from ui.session.state import MOST_SOURCE, MOST_TARGET, Origin, Search
from ui.session.walk import Walk
from ui.text import translate as _

SENTENCES = 20  # held-out sentences, for means and for the scoreboard
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came out of one model, changed or not."""

    text: str  # its own translation
    finished: bool  # whether that came to an end
    trace: Trace  # of the pass in which it reads the reference; not to be written to
    log_probabilities: tuple[float, ...]  # of each piece of the reference, natural logarithm

    @property
    def total(self) -> float:
        """The log-probability of the whole reference."""
        return sum(self.log_probabilities)

    @property
    def chances(self) -> list[float]:
        """The probability of each piece of the reference."""
        return [float(np.exp(each)) for each in self.log_probabilities]


class Compared(NamedTuple):
    """The model as it is and the changed one."""

    before: Outcome
    after: Outcome

    @property
    def fall(self) -> float:
        """By how much the log-probability of the reference falls; below 0 if it rises."""
        return self.before.total - self.after.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A session with the trace of a changed model, as `ui.session.attentions` takes it."""

    walk: Walk
    checkpoint: Checkpoint
    special: bool


def compared(session: Session, what_if: WhatIf) -> Compared:
    """The session's model as it is, and as it would be."""
    walk = session.walk
    asked = (session.origin, walk.source_text, walk.written_ids, session.search)
    before = outcome(*asked, WhatIf())
    return Compared(before, before if what_if == WhatIf() else outcome(*asked, what_if))


def seen(session: Session, outcome: Outcome) -> Seen:
    """The sentence as that model sees it."""
    walk = replace(session.walk, trace=outcome.trace)
    return Seen(walk=walk, checkpoint=session.checkpoint, special=session.special)


@st.cache_resource(max_entries=48, show_spinner=False)
def outcome(origin: Origin, text: str, reference: tuple[int, ...], search: Search, what_if: WhatIf) -> Outcome:
    """What the model `origin`, changed, makes of `text`; `reference` are ids, with the end piece if there is one."""
    checkpoint = state.opened(origin)
    source, asked = checkpoint.tokenizer.encode(text), any(how == "mean" for _, how in what_if.heads)
    model = apply(checkpoint.model, what_if, means(origin) if asked else None)
    with torch.inference_mode():
        encoder = encoded(model, source)
    if what_if == WhatIf():
        ids = state.translation(origin, text, search)
    else:
        most = min(MOST_TARGET, 2 * len(reference) + 8)  # a broken model may never come to an end
        ids = state.searched(model, encoder, search, most)
    with torch.inference_mode():
        trace = full_trace(model, encoder, reference[:-1])
        found = trace.logits[0].log_softmax(-1)[torch.arange(len(reference)), torch.tensor(reference)]
    return Outcome(
        text=checkpoint.tokenizer.decode(ids), finished=ids[-1:] == (model.config.end_id,), trace=trace,
        log_probabilities=tuple(found.tolist()),
    )  # fmt: skip


@st.cache_resource(max_entries=6, show_spinner=False)
def means(origin: Origin) -> Means:
    """What each head says on average over the held-out sentences."""
    pairs = held_out(origin)[1]
    return mean_heads(state.opened(origin).model, [(source, target[:-1]) for source, target in pairs])


@st.cache_data(max_entries=6, show_spinner=False)
def held_out(origin: Origin) -> tuple[str, tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]]:
    """Sentences that the model never learned from: their corpus, and pairs of ids, the target's with the end piece."""
    checkpoint = state.opened(origin)
    corpus, pairs = known(checkpoint.card, SENTENCES)
    first: dict[str, Pair] = {}
    for pair in pairs:
        first.setdefault(pair.source, pair)
    encode, end = checkpoint.tokenizer.encode, checkpoint.model.config.end_id
    coded = [(tuple(encode(pair.source)), (*encode(pair.target), end)) for pair in first.values()]
    most = min(MOST_SOURCE, checkpoint.model.config.max_positions - 2)
    return corpus, tuple(each for each in coded if each[0] and max(map(len, each)) <= most)[:SENTENCES]


def why_these(checkpoint: Checkpoint, corpus: str) -> str:
    """Why the held-out sentences are not of the corpus that the model learned from first; nothing if they are."""
    learned = trained_on(checkpoint.card)
    if corpus and learned[:1] == [corpus]:
        return ""
    these = corpus or _("the grammar's showcase")
    if not learned:
        return _("It is not known what this model learned from, so these are sentences of {corpus}.").format(
            corpus=these
        )
    told = _("The text of {learned} does not come with the app, so these are sentences of {corpus}.")
    if corpus in learned:
        told = _(
            "The text of {learned} does not come with the app, so these are of {corpus}, from which it learned too."
        )
    return told.format(learned=learned[0], corpus=these)


def distributions(outcome: Outcome) -> Numbers:
    """The probability of every piece at every place of the reference: (place, vocabulary)."""
    found: Numbers = outcome.trace.logits[0].double().softmax(-1).numpy()
    return found


def moved(pair: Compared) -> Numbers:
    """How far the distribution moved at each place: total variation, 0 to 1."""
    found: Numbers = np.abs(distributions(pair.after) - distributions(pair.before)).sum(-1) / 2
    return found


def rivals(pair: Compared, place: int, count: int = 5) -> list[tuple[int, float, float]]:
    """The likeliest pieces at a place, before or after, as (id, probability before, after); the likeliest ever first."""
    before, after = (distributions(each)[place] for each in pair)
    ids = {int(id) for each in (before, after) for id in np.argsort(-each)[:count]}
    return sorted(((id, float(before[id]), float(after[id])) for id in ids), key=lambda each: -max(each[1:]))
