"""A click waits for what was typed: whoever types a sentence and taps a link gets both. The browser does it, see `assets/clicks.js`."""

from collections.abc import Sequence

import streamlit as st

from ui import ASSETS

_component = st.components.v2.component(
    "atlas_clicks", html="<span></span>", js=(ASSETS / "clicks.js").read_text("utf-8")
)


def wait_for_fields(sidebar: Sequence[str]) -> None:
    """On every page, after the sidebar; `sidebar` is what its fields hold. The listeners stay for the whole visit."""
    with st.container(key="atlas_hidden_clicks"):
        _component(key="clicks", data={"sidebar": list(sidebar)})
