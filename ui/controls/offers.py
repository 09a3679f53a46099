"""Buttons on a page that change what the sidebar holds, and the way back to what it held."""

from collections.abc import Callable

import streamlit as st

from transformer.text import clean
from ui.text import plain
from ui.text import translate as _

BEFORE = "_sentence_before"  # what the sidebar held before an example was taken, and which that was


def offered(label: str, key: str, act: Callable[..., None], *what: str) -> None:
    """A button that changes the sidebar. Inside a fragment a click would draw only the fragment, so the whole page is run."""
    if st.button(label, key=key, on_click=act, args=what):
        st.rerun(scope="app")


def take(source: str, french: str = "") -> None:
    """Put a sentence into the sidebar: with the model's own French, or with this one. What was there is kept. Only in callbacks."""
    held = st.session_state
    if not held.get(BEFORE) or held[BEFORE]["taken"] != clean(str(held.get("text", ""))):
        held[BEFORE] = {key: held.get(key) for key in ("text", "target", "french")}
    held[BEFORE]["taken"] = clean(source)
    held["text"], held["target"] = source, "mine" if french else "model"
    if french:
        held["french"] = french


def way_back(text: str) -> None:
    """While the sentence that was taken is `text`: a button to the one before."""
    before = st.session_state.get(BEFORE)
    if before and before["taken"] == clean(text):
        offered(plain(_("Back to: {sentence}").format(sentence=before["text"])), "give_back", give_back)


def give_back() -> None:
    """The learner's sentence again, and whose French it had. Only in callbacks."""
    before = st.session_state.pop(BEFORE)
    for key in ("text", "target", "french"):
        if before[key] is not None:
            st.session_state[key] = before[key]
