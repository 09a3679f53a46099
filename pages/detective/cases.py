"""The broken models: where they are, what each lacks, and which of them a learner gets as which case.

They live one folder deeper than other models (`pretrained/broken/a/`), so no menu offers them. What a model lacks stands in its card.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

import transformer.checkpoint
from transformer.checkpoint import CARD, Checkpoint
from transformer.what_if import MISSING
from ui.session import state
from ui.session.kept import hold, hold_number
from ui.text import translate as _

FOLDER, HEADS, NOTHING = "broken", "heads", "nothing"
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


def lacks(checkpoint: Checkpoint) -> str:
    """What a model lacks, as its card and its sizes say; an unknown part counts as nothing."""
    part = str(checkpoint.card.get("without", ""))
    if part in MISSING:
        return part
    return HEADS if checkpoint.model.config.heads == 1 else NOTHING


def shelf() -> dict[str, state.Origin]:
    """The models of the cases by what they lack, one for each; those that cannot be opened are left out."""
    found: dict[str, state.Origin] = {}
    for shelf in transformer.checkpoint.FOLDERS:
        for card in sorted(shelf.glob(f"{FOLDER}/*/{CARD}")):
            origin = state.origin(card.parent)
            if not state.problem(origin):
                found.setdefault(lacking(origin), origin)
    return found


@st.cache_data(max_entries=64, show_spinner=False)
def lacking(origin: state.Origin) -> str:
    """What the model `origin` lacks."""
    return lacks(state.opened(origin))


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
