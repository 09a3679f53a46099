"""Which model is chosen on the page, and what was done last."""

import streamlit as st

from pages.models.facts import Model
from ui.text import plain

CHOSEN = "mdl_name"  # in the address
TOLD = "_models_told"  # in session state: (kind, sentence)
CHANGED = "_models_changed"


def choose(name: str) -> None:
    """Choose a model. Only in callbacks, or before a new run of the page."""
    st.session_state[CHOSEN] = name


def chosen(models: list[Model], otherwise: str) -> int:
    """The number of the chosen model; of the sidebar's, `otherwise`, if none is chosen."""
    names = [model.name for model in models]
    for name in (st.session_state.get(CHOSEN), otherwise):
        if name in names:
            return names.index(name)
    return 0


def say(kind: str, sentence: str) -> None:
    """Keep a sentence for the next run of the page, which will be a whole one: the sidebar lists the models too."""
    st.session_state[TOLD], st.session_state[CHANGED] = (kind, sentence), True


def told() -> None:
    """Draw the sentence that was kept; once."""
    if st.session_state.pop(CHANGED, False):
        st.rerun(scope="app")
    kind, sentence = st.session_state.pop(TOLD, ("", ""))
    if sentence:
        {"error": st.error, "success": st.success}[kind](plain(sentence))
