"""The check of what positions are for: the same words in another order, read by the encoder with positions and without.

Attention has no order of its own. Without positions, the encoder's outputs of the reordered sentence are the same vectors in that order.
"""

from dataclasses import dataclass

import streamlit as st

from transformer.what_if import WhatIf, apply
from ui.measures.order import Numbers, distances, order
from ui.session import state
from ui.text import translate as _


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


def words(how: str) -> str:
    """The name of an order."""
    return {"reversed": _("Backwards"), "shuffled": _("Shuffled")}[how]


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
