"""Which of the broken models a learner gets as which case."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from ui.changed.broken import HEADS, NOTHING
from ui.session import state
from ui.session.kept import hold, hold_number
from ui.text import translate as _

SEED, CASE = "dt_seed", "dt_case"  # in the address: whose cases, and which of them
MOST = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One model that the learner gets, and the one to compare it with."""

    seed: int
    number: int  # from 1
    lacks: str
    model: state.Origin
    intact: state.Origin


def suspects() -> dict[str, str]:
    """All that may be missing, in words."""
    return {
        "positions": _("Positions"), "scaling": _("Scaling by √d_k"), "residual": _("Residual connections"), "norm": _("LayerNorm"),
        "mask": _("The causal mask"), HEADS: _("All heads but one"), NOTHING: _("Nothing"),
    }  # fmt: skip


def case(found: dict[str, state.Origin], forget: Callable[[], None]) -> Case:
    """The case of this learner, as the address or the controls say; there is an intact model among those `found`.

    `forget` is called before another learner's cases are drawn.
    """
    hold(CASE, 1)
    number = st.session_state[CASE]
    number = number if isinstance(number, int) and 1 <= number <= MOST else 1
    hold_number(SEED, 1, 1, MOST)
    hint = _("Each number has its own order of cases: in a class, everybody takes another one.")
    seed = int(st.number_input(_("Your number"), 1, MOST, 1, key=SEED, help=hint, width=140, on_change=forget))
    missing = drawn(seed, number, sorted(found))
    return Case(seed=seed, number=number, lacks=missing, model=found[missing], intact=found[NOTHING])


def drawn(seed: int, number: int, names: list[str]) -> str:
    """The `number`-th case of a seed, from 1: all of the names once in an order of the seed's, then all in another."""
    turn, place = divmod(number - 1, len(names))
    mine = random.Random(f"{seed}/{turn}")
    return mine.sample(names, len(names))[place]
