"""Numbers that the learner points at beside the pieces: a band of a picture, a hidden unit, a point of a curve; in the address.

They count from 0.
"""

import streamlit as st

from ui.session.kept import hold


def remember(*keys: str) -> None:
    """First in the fragment, before anything asks for them."""
    for key in keys:
        hold(key)


def chosen(key: str, count: int) -> int | None:
    """The chosen one of `count`, if any: an address can ask for any."""
    number = st.session_state.get(key)
    return number if isinstance(number, int) and 0 <= number < count else None


def choose(key: str, number: int | None) -> None:
    """Point at a number. Only in callbacks."""
    st.session_state[key] = number
