"""What was chosen stays when the page changes, on the screen and in the address.

Streamlit keeps a widget's value only as long as its page is shown, and on the way to another page it empties the address.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

MEMORY, PAGE = "_kept", "_page"

_component = st.components.v2.component(
    "atlas_address", html="<span></span>", js=(Path(__file__).parent / "assets" / "address.js").read_text("utf-8")
)


def arrive(page: str) -> None:
    """Say which page is being drawn, before its first widget."""
    st.session_state[PAGE] = page


@contextmanager
def kept(key: str, default: object = None) -> Iterator[None]:
    """`with kept("text", "Hello."): st.text_input(..., "Hello.", key="text", bind="query-params")`, wherever this widget is.

    On arriving at another page, what the address asks for comes first, then what the widget held on an earlier page.
    """
    memory, page = st.session_state.setdefault(MEMORY, {}), st.session_state.get(PAGE)
    value, where, _ = memory.get(key, (None, page, None))
    if where != page and key not in st.query_params:
        st.session_state[key] = value
    yield
    memory[key] = (st.session_state.get(key), page, default)


def address() -> None:
    """Write into the address what this page holds and Streamlit left out. The last thing on a page."""
    memory, page = st.session_state.get(MEMORY, {}), st.session_state.get(PAGE)
    held = {key: value for key, (value, where, default) in memory.items() if where == page and value != default}
    with st.container(key="atlas_hidden_address"):
        _component(key="address", data={key: written(value) for key, value in held.items()})


def written(value: object) -> str:
    """A value as Streamlit writes it into the address."""
    return str(value).lower() if isinstance(value, bool) else str(value)
