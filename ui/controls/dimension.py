"""The dimension of d_model that the learner points at, counted from 0 as in the paper; in the address."""

import streamlit as st

from ui.session.kept import hold
from ui.text import translate as _

KEY = "dimension"


def remember() -> None:
    """First in the fragment, before anything asks for it."""
    hold(KEY)


def chosen(count: int) -> int | None:
    """The chosen one of `count` dimensions, if any: an address can ask for any."""
    number = st.session_state.get(KEY)
    return number if isinstance(number, int) and 0 <= number < count else None


def choose(dimension: int | None) -> None:
    """Point at a dimension. Only in callbacks."""
    st.session_state[KEY] = dimension


def slider(count: int, default: int = 0) -> int:
    """A visible way to choose it; `default` until then."""
    pick, now = f"pick_{KEY}", chosen(count)
    st.session_state[pick] = default if now is None else now

    def picked() -> None:
        choose(st.session_state[pick])

    st.slider(_("Dimension"), 0, count - 1, key=pick, on_change=picked, width=150)
    return default if now is None else now
