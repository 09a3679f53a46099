"""What each head alone is worth: the fall of the log-probability of the reference without it, here and on held-out sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from transformer.analysis.effects import Effect, scoreboard
from transformer.what_if import Head
from ui.changed import measure
from ui.changed import outcome as outcomes
from ui.changed import scoreboard as scoreboards
from ui.frame import Session
from ui.session import state
from ui.session.state import Origin
from ui.text import translate as _

Measured = tuple[
    str, list[list[Effect]] | None
]  # the corpus of the held-out sentences, and their scoreboards once they are known
MEASURED = "sw_sample"  # in the address: whether the held-out sentences are measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """One head on several sentences, in nats."""

    mean: float
    spread: float  # standard deviation over the sentences
    helped: int  # in how many sentences the reference is less likely without it
    changed: float  # how many places of a reference get another likeliest piece, on average


@st.cache_data(max_entries=256, show_spinner=False)
def held_out_board(origin: Origin, place: int) -> list[Effect]:
    """The scoreboard of one held-out sentence, its reference the corpus's own."""
    source, target = outcomes.held_out(origin)[1][place]
    with measure.timed((scoreboards.BOARD, origin)):
        return scoreboard(state.opened(origin).model, source, target)


def sample(session: Session) -> Measured:
    """The corpus of the held-out sentences and their scoreboards; `None` until they are measured."""
    label = _("Measure on {count} held-out sentences")
    return measure.held_out(MEASURED, label, session.origin, held_out_board, scoreboards.BOARD)


def worth(boards: Sequence[Sequence[Effect]]) -> dict[Head, Worth]:
    """Each head over all the scoreboards."""
    falls: dict[Head, list[float]] = {}
    changed: dict[Head, list[int]] = {}
    for board in boards:
        for effect in board:
            falls.setdefault(effect.head, []).append(effect.fall)
            changed.setdefault(effect.head, []).append(len(effect.changed))
    return {
        head: Worth(
            mean=float(np.mean(each)), spread=float(np.std(each)), helped=sum(fall > 0 for fall in each),
            changed=float(np.mean(changed[head])),
        )
        for head, each in falls.items()
    }  # fmt: skip


def ranks(effects: Sequence[Effect]) -> dict[Head, int]:
    """The rank of each head, from 1."""
    return {effect.head: rank for rank, effect in enumerate(effects, 1)}
