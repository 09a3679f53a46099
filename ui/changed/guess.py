"""Guess first, then see: what comes out of a change stays hidden until the learner asks for it."""

import streamlit as st

from ui.changed.undo import button
from ui.kept import kept
from ui.text import filled
from ui.text import translate as _


def toggle(key: str) -> bool:
    """The switch in a row of controls, and whether the outcome of the what-if that `key` holds may be shown now."""
    name, seen, code = f"{key}_guess", f"_{key}_seen", st.session_state.get(key, "")
    with kept(name, False):
        guessing = st.toggle(_("Guess first"), key=name, bind="query-params")
    return not (guessing and code and st.session_state.get(seen) != code)


def reveal(key: str) -> None:
    """What stands in the place of an outcome that is hidden."""
    code, seen = st.session_state.get(key, ""), f"_{key}_seen"
    told = filled(_("Say first what will change: which word, or none at all?"))
    st.html(f'<p class="atlas-cell" role="status">{told}</p>')
    button(_("Show what happens"), f"{key}_reveal", lambda: st.session_state.update({seen: code}))
