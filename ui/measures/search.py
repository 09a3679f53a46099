"""Every step of a beam search, known by what was asked."""

import streamlit as st

from transformer.config import Config
from transformer.decoding.search import Step, beam
from ui.session.state import MOST_TARGET, Origin, opened


@st.cache_resource(max_entries=256, show_spinner=False)
def searched(origin: Origin, text: str, width: int, alpha: float) -> tuple[Step, ...]:
    """Every step of beam search."""
    checkpoint = opened(origin)
    limit = most(checkpoint.model.config)
    return tuple(beam(checkpoint.model, checkpoint.tokenizer.encode(text), limit, width, alpha))


def most(config: Config) -> int:
    """How many pieces a translation may have here."""
    return min(MOST_TARGET, config.max_positions)
