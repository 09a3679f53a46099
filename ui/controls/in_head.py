"""What the learner points at inside one head, in the address: a dimension of its queries, keys and values, and a step.

The dimension counts from 0 as in the paper, and only within the head: `ui/controls/dimension.py` holds the one of d_model.
"""

import streamlit as st

from ui.session.kept import hold

DIMENSION, STEP = "head_dimension", "step"
STEPS = 5


def remember() -> None:
    """First in the fragment, before anything asks for them."""
    for key in (DIMENSION, STEP):
        hold(key)


def dimension(d_head: int) -> int | None:
    """The chosen one of `d_head` dimensions, if any: an address can ask for any."""
    number = st.session_state.get(DIMENSION)
    return number if isinstance(number, int) and 0 <= number < d_head else None


def step() -> int:
    """The step that was clicked last, 1 to 5; 0 if none was."""
    number = st.session_state.get(STEP)
    return number if isinstance(number, int) and 1 <= number <= STEPS else 0


def stand_at(step: int) -> None:
    """Point at a step, from 1. Only in callbacks."""
    st.session_state[STEP] = step


def choose(place: int | None, at: int | None = None) -> None:
    """Point at a dimension, and at a step if given. Only in callbacks."""
    st.session_state[DIMENSION] = place
    if at is not None:
        st.session_state[STEP] = at
