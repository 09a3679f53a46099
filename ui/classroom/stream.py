"""The line to the browser: it hears at once when something in the room has changed, and then draws the bar again, or turns the page.

Idle learners cost no run of a page. The teacher's browser tells where the teacher is, for only the browser knows the whole address.
"""

from collections.abc import Callable, Mapping

import streamlit as st

from ui import ASSETS
from ui.show.plotly_file import base

Told = Mapping[str, object]
KEY = "class_live"  # in session state: what the browser told

_component = st.components.v2.component(
    "atlas_class",
    html=(ASSETS / "classroom.html").read_text("utf-8"),
    css=(ASSETS / "classroom.css").read_text("utf-8"),
    js=(ASSETS / "classroom.js").read_text("utf-8"),
    isolate_styles=False,
)


def address(key: str) -> str:
    """Where a browser listens with its key."""
    return f"{base()}/atlas/class/{key}"


def listen(key: str, data: Told, moved: Callable[[Told], None]) -> None:
    """Draw the line with what it says, in the fragment that is to be drawn again; `moved` is called with what the browser tells."""

    def heard() -> None:
        told = (st.session_state.get(KEY) or {}).get("move")
        if isinstance(told, Mapping):
            moved(told)

    _component(
        key=KEY,
        data={**data, "stream": address(key), "base": base()},
        on_changed_change=lambda: None,
        on_move_change=heard,
    )
