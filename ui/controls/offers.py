"""Buttons on a page that change what the sidebar holds."""

from collections.abc import Callable

import streamlit as st


def offered(label: str, key: str, act: Callable[..., None], *what: str) -> None:
    """A button that changes the sidebar. Inside a fragment a click would draw only the fragment, so the whole page is run."""
    if st.button(label, key=key, on_click=act, args=what):
        st.rerun(scope="app")
