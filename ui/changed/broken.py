"""The broken models: where they are, and what each was trained without.

They live one folder deeper than other models (`pretrained/broken/a/`), so no menu offers them. What a model lacks stands in its card.
"""

import streamlit as st

import transformer.checkpoint
from transformer.checkpoint import CARD, Checkpoint
from transformer.what_if import MISSING
from ui.session import state

FOLDER, HEADS, NOTHING = "broken", "heads", "nothing"


def shelf() -> dict[str, state.Origin]:
    """The broken models by what they lack, one for each; those that cannot be opened are left out."""
    found: dict[str, state.Origin] = {}
    for shelf in transformer.checkpoint.FOLDERS:
        for card in sorted(shelf.glob(f"{FOLDER}/*/{CARD}")):
            origin = state.origin(card.parent)
            if not state.problem(origin):
                found.setdefault(lacking(origin), origin)
    return found


def lacks(checkpoint: Checkpoint) -> str:
    """What a model lacks, as its card and its sizes say; an unknown part counts as nothing."""
    part = str(checkpoint.card.get("without", ""))
    if part in MISSING:
        return part
    return HEADS if checkpoint.model.config.heads == 1 else NOTHING


@st.cache_data(max_entries=64, show_spinner=False)
def lacking(origin: state.Origin) -> str:
    """What the model `origin` lacks."""
    return lacks(state.opened(origin))
