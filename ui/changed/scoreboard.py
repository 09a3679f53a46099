"""What each head alone is worth for a sentence: the fall of the log-probability of the reference without it."""

import streamlit as st

from transformer.analysis.effects import Effect, scoreboard
from ui.changed import measure
from ui.frame import Session
from ui.session import state
from ui.session.state import Origin

BOARD = "scoreboard"  # under which the pace of one sentence is known


def here(session: Session) -> list[Effect]:
    """Each head switched off alone, for this sentence; those that help most come first."""
    return board(session.origin, session.walk.source_text, session.walk.written_ids)


@st.cache_data(max_entries=64, show_spinner=False)
def board(origin: Origin, text: str, reference: tuple[int, ...]) -> list[Effect]:
    """The scoreboard of a sentence, known by what was asked."""
    checkpoint = state.opened(origin)
    with measure.timed((BOARD, origin)):
        return scoreboard(checkpoint.model, checkpoint.tokenizer.encode(text), reference)
