"""The words around a picture: its caption, the sentence about a cell, the lesson below."""

import streamlit as st

from ui.text import Lesson, filled
from ui.text import translate as _

DEPTHS = ("Story", "Numbers", "Formula", "Code")


def look(line: str) -> None:
    """One line under a picture: what to look for."""
    st.markdown(line)


def cell(template: str = "", **values: object) -> None:
    """The sentence about the chosen cell; without one, how to choose it. Markup in the values is shown as text."""
    words = (
        filled(template, **values)
        if template
        else _("Click a cell, or choose a French piece above, to read its number in words.")
    )
    st.html(f'<p class="atlas-cell{"" if template else " atlas-empty"}" role="status">{words}</p>')


def large(text: str) -> None:
    """A text of the learner's or the model's, large."""
    st.html(f'<p class="atlas-large" lang="fr">{filled("{text}", text=text)}</p>')


def depths(lesson: Lesson) -> None:
    """The lesson, one tab for each depth it has."""
    names = {"Story": _("Story"), "Numbers": _("Numbers"), "Formula": _("Formula"), "Code": _("Code")}
    found = [depth for depth in DEPTHS if depth in lesson.sections]
    for tab, depth in zip(st.tabs([names[depth] for depth in found]), found, strict=True):
        tab.markdown(lesson.sections[depth])
