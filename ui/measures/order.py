"""The same pieces in another order, and how far the encoder's outputs are from those of the first order.

Attention has no order of its own. Without positions, the encoder's outputs of the reordered sentence are the same vectors in that order.
"""

import random
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from transformer.decoding.reading import source_rows
from transformer.model import Transformer
from transformer.what_if import WhatIf, apply
from ui.session import state

Numbers = NDArray[np.float64]

SEED = 3


def order(how: str, count: int) -> tuple[int, ...]:
    """The places in another order; the last one, the end piece, stays."""
    places = list(range(count - 1))
    if how == "shuffled":
        random.Random(SEED).shuffle(places)
    else:
        places.reverse()
    return (*places, count - 1)


def distances(model: Transformer, source: tuple[int, ...], other: tuple[int, ...]) -> Numbers:
    """The largest difference between any two of the encoder's outputs: `(place, place in the other sentence)`."""
    with torch.inference_mode():
        one, two = model.encode(source_rows(model, [source[:-1], other[:-1]])).output  # place d_model, each
        return np.asarray((one[:, None] - two[None]).abs().amax(-1).double().numpy())


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Both sentences, and how far their vectors are apart."""

    order: tuple[int, ...]  # which of the first sentence's places stands where in the second
    pieces: tuple[str, ...]
    others: tuple[str, ...]
    given: Numbers  # place, place in the other order: the largest difference of two vectors, with positions
    bare: Numbers  # the same without

    def residual(self, distances: Numbers) -> float:
        """How far any piece's vector is from that of the same piece in the other order."""
        return float(max(distances[old, new] for new, old in enumerate(self.order)))


@st.cache_resource(max_entries=64, show_spinner=False)
def check(origin: state.Origin, source: tuple[int, ...], how: str) -> Check:
    """The encoder of that model reads `source`, ids with the end piece, and the same in another order."""
    checkpoint = state.opened(origin)
    places = order(how, len(source))
    other = tuple(source[place] for place in places)
    model = checkpoint.model
    names = [tuple(checkpoint.tokenizer.piece(id).piece for id in ids) for ids in (source, other)]
    return Check(
        order=places, pieces=names[0], others=names[1], given=distances(model, source, other),
        bare=distances(apply(model, WhatIf(positions=False)), source, other),
    )  # fmt: skip
