"""The model that was trained without the mask, on the learner's sentence: beside its twin, which had the mask.

Both are among the broken models of the detective's page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import streamlit as st

from transformer.text import clean
from ui.changed import broken
from ui.session import state
from ui.session.walk import Walk


class Pair(NamedTuple):
    """Two models of one size that learned from the same pairs."""

    masked: state.Origin
    unmasked: state.Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmasked:
    """Both read the learner's two sentences: the probability of each right next piece of theirs, and what they write alone."""

    pieces: tuple[tuple[str, ...], tuple[str, ...]]  # what their decoders read and must write; they may cut otherwise
    masked: tuple[float, ...]
    unmasked: tuple[float, ...]
    alone: str  # what the one without the mask writes when it translates; often nothing
    twin_alone: str

    @property
    def means(self) -> tuple[float, float]:
        """The mean of both."""
        return float(np.mean(self.masked)), float(np.mean(self.unmasked))


def pair() -> Pair | None:
    """The two models, if both are here, can be opened and are of one size."""
    found = broken.shelf()
    masked, unmasked = found.get(broken.NOTHING), found.get("mask")
    if not masked or not unmasked:
        return None
    alike = state.opened(masked).model.config == state.opened(unmasked).model.config
    return Pair(masked, unmasked) if alike else None


def read(pair: Pair, walk: Walk) -> Unmasked | None:
    """Both models with the sentence of `walk`; `None` if it is too long for them."""
    room = state.opened(pair.masked)
    lengths = [len(room.tokenizer.encode(text)) for text in (walk.source_text, walk.target_text)]
    fits = 0 < lengths[0] <= state.MOST_SOURCE and 0 < lengths[1] <= state.MOST_TARGET
    return measured(pair, clean(walk.source_text), clean(walk.target_text)) if fits else None


def same_place(pieces: Sequence[str], place: int | None, others: Sequence[str]) -> int | None:
    """The place in `others`, another cut of the same text, of the piece that holds the beginning of `pieces[place]`."""
    if place is None or not others:
        return None
    begins = sum(map(len, pieces[:place]))
    ends = accumulate(map(len, others))
    return next((at for at, end in enumerate(ends) if begins < end), len(others) - 1)


@st.cache_data(max_entries=256, show_spinner=False)
def measured(pair: Pair, text: str, french: str) -> Unmasked:
    """The same by the texts."""
    masked, unmasked = (state.forced_walk(origin, text, french) for origin in pair)
    twin_alone, alone = (written(origin, text, 2 * len(masked.written)) for origin in pair)
    return Unmasked(
        pieces=(masked.read, masked.written), masked=masked.chances, unmasked=unmasked.chances, alone=alone, twin_alone=twin_alone
    )  # fmt: skip


def written(origin: state.Origin, text: str, most: int) -> str:
    """What a model writes on its own, at most so many pieces: a broken one may never come to an end."""
    checkpoint = state.opened(origin)
    ids = state.searched(checkpoint.model, state.encoder(origin, text), state.Search(1), most)
    return checkpoint.tokenizer.decode(ids)
