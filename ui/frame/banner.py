"""The line over everything: which page this is, which come before and after, the way back, and the switch for the projector."""

import html

import streamlit as st

from figures.theme import Mode, mode_of
from ui import ASSETS, text
from ui.frame import ways
from ui.frame.sidebar import PALETTE
from ui.session.kept import came_from, kept
from ui.text import Lesson
from ui.text import translate as _
from ui.tour import offer

PRESENTATION = (ASSETS / "presentation.css").read_text("utf-8")


def banner(name: str, lesson: Lesson) -> None:
    """Draw it, first on every page."""
    with st.container(key="atlas_banner", horizontal=True, vertical_alignment="center"):
        step, called = html.escape(ways.place(name)), html.escape(lesson.name)
        st.html(f'<h1 class="atlas-step"><small>{step}</small> {called}</h1>', width="stretch")
        if name == ways.HOME:
            offer.show()
        ways.near(name)
        hint = _("For a projector: larger type, no sidebar.")
        with kept("present", False):
            presenting = st.toggle(_("Presentation"), key="present", bind="query-params", help=hint)
    if presenting:
        st.html(f"<style>{PRESENTATION}</style>")
    if (before := came_from(name)) and text.has_lesson(before):
        ways.way(before, _("← Back to {name}"))


def mode() -> Mode:
    """The theme that the browser shows, with the palette that was chosen in the sidebar."""
    return mode_of("dark" if st.context.theme.type == "dark" else "light", str(st.session_state.get(PALETTE)))
