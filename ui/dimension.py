"""The dimension of d_model that the learner points at, counted from 0 as in the paper; in the address."""

import streamlit as st

from ui.kept import kept
from ui.text import translate as _

KEY = "dimension"


def remember() -> None:
    """Draw the hidden field that holds it; first in the fragment."""
    with kept(KEY), st.container(key="atlas_hidden_dimension"):
        st.number_input(KEY, min_value=0, value=None, step=1, key=KEY, bind="query-params")


def chosen(count: int) -> int | None:
    """The chosen one of `count` dimensions, if any: an address can ask for any."""
    number = st.session_state.get(KEY)
    return number if isinstance(number, int) and 0 <= number < count else None


def choose(dimension: int | None) -> None:
    """Point at a dimension. Only in callbacks."""
    st.session_state[KEY] = dimension


def slider(count: int) -> int:
    """A visible way to choose it."""
    pick = f"pick_{KEY}"
    st.session_state[pick] = chosen(count) or 0

    def picked() -> None:
        choose(st.session_state[pick])

    st.slider(_("Dimension"), 0, count - 1, key=pick, on_change=picked, width=190)
    return int(st.session_state[pick])
