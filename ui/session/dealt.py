"""Held-out sentences that are dealt out by number: in a class everybody takes a number, and gets a sentence of their own."""

import random

import streamlit as st

from transformer.analysis.before_after import known
from transformer.corpora import Pair
from ui.session import state

BANK, PIECES = 200, (4, 14)  # held-out sentences that are dealt out, and how long they are
FEW = 8  # if fewer are so long, the shortest are taken


def text_of(origin: state.Origin, number: int, turn: int = 0) -> str | None:
    """The sentence of a number, from 1, and another at each turn; `None` if the model has none.

    No two numbers have the same one before all were dealt.
    """
    found = bank(origin)
    return random.Random(f"sentences/{turn}").sample(found, len(found))[(number - 1) % len(found)] if found else None


@st.cache_data(max_entries=6, show_spinner=False)
def bank(origin: state.Origin) -> tuple[str, ...]:
    """Held-out sentences of the model's own corpus, neither short nor long."""
    encode = state.opened(origin).tokenizer.encode
    pieces = {pair.source: len(encode(pair.source)) for pair in held_out(origin)}
    least, most = PIECES
    good = tuple(text for text, count in pieces.items() if least <= count <= most)
    return good if len(good) >= FEW else tuple(sorted(pieces, key=lambda text: pieces[text])[:FEW])


@st.cache_data(max_entries=6, show_spinner=False)
def held_out(origin: state.Origin) -> tuple[Pair, ...]:
    """Pairs of the model's own corpus that it never learned from; none if the corpus is not there."""
    _corpus, pairs = known(state.opened(origin).card, BANK)
    return tuple(pairs)
