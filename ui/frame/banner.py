"""The line over everything: which page this is, where in the machine, the way back, and the switch for the projector."""

import html

import streamlit as st

from figures.theme import Mode, mode_of
from transformer.config import Config
from ui import ASSETS, text
from ui.frame import figure_one, ways
from ui.frame.sidebar import PALETTE
from ui.session.kept import came_from, kept
from ui.text import Lesson
from ui.text import translate as _

PRESENTATION = (ASSETS / "presentation.css").read_text("utf-8")


def banner(name: str, lesson: Lesson, config: Config | None) -> None:
    """Draw it, first on every page; without a `config` there is no model yet."""
    with st.container(key="atlas_banner", horizontal=True, vertical_alignment="center"):
        step, called = html.escape(ways.place(name)), html.escape(lesson.name)
        st.html(f'<h1 class="atlas-step"><small>{step}</small> {called}</h1>', width="stretch")
        little_map(name, config)
        hint = _("For a projector: larger type, no sidebar.")
        with kept("present", False):
            presenting = st.toggle(_("Presentation"), key="present", bind="query-params", help=hint)
    if presenting:
        st.html(f"<style>{PRESENTATION}</style>")
    if (before := came_from(name)) and text.has_lesson(before):
        ways.way(before, _("← Back to {name}"))


def little_map(name: str, config: Config | None) -> None:
    """Figure 1 with this page's block lit; a block that is clicked, or an arrow key, leads to another page."""
    before, after = ways.neighbours(name)
    names = {each: text.lesson(each).name for each in ways.pages()}
    with st.container(key="atlas_map", width="content"):
        figure_one.show(name, names, before, after, config)


def mode() -> Mode:
    """The theme that the browser shows, with the palette that was chosen in the sidebar."""
    return mode_of("dark" if st.context.theme.type == "dark" else "light", str(st.session_state.get(PALETTE)))
