"""The proof of what values are for: a piece that is about to be written is made to look at another word, and writes that."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from transformer.decoding.reading import full_trace
from transformer.what_if import Head, Row, WhatIf, apply
from ui.changed import edits as editing
from ui.changed.edits import Edits, Place
from ui.changed.outcome import Outcome, distributions
from ui.frame import Session
from ui.session import choice, state
from ui.session.state import Origin
from ui.session.walk import looked


@dataclass(frozen=True, slots=True)
class Forced:
    """A piece of the translation whose every look in cross-attention goes to one source piece."""

    written: int  # its place, from 0
    source: int  # where it looks


def told(session: Session) -> int:
    """The piece that is made to look elsewhere: the chosen one, or else the one that is chosen when a page is opened."""
    chosen = choice.piece(session.walk)
    return (choice.beginning(session.walk)[choice.WRITTEN] or 1) - 1 if chosen is None else chosen


def edits(session: Session) -> Edits:
    """The piece looks, in every layer and head, at the word of the source from which the surest other piece comes."""
    walk = session.walk
    source = best(session.origin, walk.source_text, walk.written_ids, told(session), candidates(session))
    return {Place("cross", layer, None, told(session)): {source: editing.WHOLE} for layer in range(walk.layers)}


def candidates(session: Session) -> tuple[int, ...]:
    """The whole words of the source but the one that the piece looks at most; any pieces where there are none."""
    walk, written = session.walk, told(session)
    own = int(looked(walk, walk.layers - 1, None)[written].argmax())
    every = [place for place in range(len(walk.source)) if place != own] or [own]
    return tuple(place for place in every if choice.is_word(walk.source, place)) or tuple(every)


@st.cache_data(max_entries=256, show_spinner=False)
def best(origin: Origin, text: str, reference: tuple[int, ...], written: int, sources: tuple[int, ...]) -> int:
    """The one of `sources` that, looked at alone, makes another piece than the reference's likeliest."""
    model, encoder, found = state.opened(origin).model, state.encoder(origin, text), []
    for source in sources:
        row = tuple(float(key == source) for key in range(source + 1))
        heads = [
            Head("cross", layer, head)
            for layer in range(len(model.decoder_layers))
            for head in range(model.config.heads)
        ]
        changed = apply(model, WhatIf(rows=tuple(Row(head, written, row) for head in heads)))
        with torch.inference_mode():
            chances = full_trace(changed, encoder, reference[:-1]).logits[0, written].softmax(-1).tolist()
        found.append(max(chance for piece, chance in enumerate(chances) if piece != reference[written]))
    return sources[int(np.argmax(found))]


def forced(session: Session, edits: Edits) -> Forced | None:
    """What the edits say, if all they say is where one piece of the translation looks in every layer and head of cross-attention."""
    written, keys = {place.query for place in edits}, {tuple(shares) for shares in edits.values()}
    layers = {place.layer for place in edits if (place.kind, place.head) == ("cross", None)}
    if len(layers) != session.walk.layers or len(edits) != len(layers) or len(written) != 1 or len(keys) != 1:
        return None
    [looks_at] = keys
    return Forced(written.pop(), looks_at[0]) if len(looks_at) == 1 else None


def likeliest(outcome: Outcome, place: int) -> tuple[int, float]:
    """The piece that a model finds likeliest at a place, and how likely."""
    chances = distributions(outcome)[place]
    return int(chances.argmax()), float(chances.max())
