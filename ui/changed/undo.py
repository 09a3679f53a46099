"""A what-if that stands in the address as text, and the way back: one step, or to the model as it is."""

from collections.abc import Callable

import streamlit as st

from ui.session.kept import hold
from ui.text import translate as _

MOST = 50  # steps back


def hold_code(key: str) -> str:
    """The what-if now; before anything else of the page asks for it."""
    hold(key, "")
    return str(st.session_state[key])


def change(key: str, code: str) -> None:
    """Make it `code`. Only in callbacks."""
    if code != (now := str(st.session_state.get(key) or "")):
        past = steps(key)
        st.session_state[past_of(key)] = [*past, now][-MOST:]
        st.session_state[key] = code


def undo(key: str) -> None:
    """One step back. Only in callbacks."""
    if past := steps(key):
        st.session_state[key] = past[-1]
        st.session_state[past_of(key)] = past[:-1]


def steps(key: str) -> list[str]:
    """What it was before, the last at the end."""
    return list(st.session_state.get(past_of(key), []))


def past_of(key: str) -> str:
    """Where that is remembered; not in the address."""
    return f"_{key}_before"


def buttons(key: str) -> None:
    """`Undo` and `As it was`."""
    button(_("Undo"), f"{key}_undo", lambda: undo(key), disabled=not steps(key))
    button(_("As it was"), f"{key}_reset", lambda: change(key, ""), disabled=not st.session_state.get(key))


def button(label: str, key: str, act: Callable[[], None], disabled: bool = False) -> None:
    """A button in a row of controls."""
    st.button(label, key=key, on_click=act, disabled=disabled, width="content")


def forget(key: str) -> None:
    """Back to the model as it is, without a way back: what was changed is no longer there."""
    st.session_state[key], st.session_state[past_of(key)] = "", []
