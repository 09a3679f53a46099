"""Which columns of the class's file are taken, shown for correction: by their names, or by what stands in them."""

from collections.abc import Callable

import streamlit as st

from pages.class_corpus.pairs import Given
from transformer.corpora.columns import Columns, columns_of, separators_of
from ui.text import translate as _

CHOSEN = "_class_sides"  # in session state: what was given, and the columns that were chosen for it
KEYS = ("class_source", "class_target")


def ask(given: Given) -> tuple[int, int] | None:
    """The columns of source and target, from 0; `None` where there is nothing to choose: no file, and no third column."""
    found = columns(given.content, given.file_name)
    if found is None or not (given.file_name or len(found.names) > 2):
        return None
    whose, chosen = st.session_state.get(CHOSEN, (None, found.sides))
    sides: tuple[int, int] = chosen if whose == given else found.sides
    for key, side in zip(KEYS, sides, strict=True):
        st.session_state[key] = side
    with st.container(horizontal=True):
        for place, label in enumerate((_("Column of the English"), _("Column of the French"))):
            st.selectbox(
                label, range(len(found.names)), key=KEYS[place], format_func=lambda column: told(found, column),
                on_change=picked(given, sides, place), width=320,
            )  # fmt: skip
    return sides


@st.cache_data(max_entries=8, show_spinner=False)
def columns(content: bytes, file_name: str) -> Columns | None:
    """The columns of what was given."""
    return columns_of(content, separators_of(file_name))


def told(found: Columns, column: int) -> str:
    """`2. english: Good morning.`"""
    return f"{column + 1}. {found.told(column)}"


def picked(given: Given, sides: tuple[int, int], place: int) -> Callable[[], None]:
    """What choosing a column does; if the other side had it, the two are swapped."""

    def choose() -> None:
        column, other = st.session_state[KEYS[place]], sides[1 - place]
        other = sides[place] if column == other else other
        st.session_state[CHOSEN] = (given, (column, other) if place == 0 else (other, column))

    return choose
