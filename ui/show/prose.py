"""The words around a picture: its caption, the sentence about a cell, the lesson below."""

import re
from collections.abc import Mapping

import streamlit as st

from ui.session.kept import address, kept
from ui.show import code, terms
from ui.text import Chip, Lesson, filled, plain
from ui.text import translate as _


def look(line: str) -> None:
    """One line under a picture: what to look for."""
    st.markdown(terms.marked(line), unsafe_allow_html=True)


def look_at(lesson: Lesson, picture: str, values: Mapping[str, str]) -> None:
    """The same from the lesson, with its values: for one of several pictures, or for the first, ""."""
    look(filled_in(lesson.sections[f"Look at {picture}"] if picture else lesson.look, values, True))


def line(section: str, values: Mapping[str, str]) -> str:
    """A section of a lesson as one line of plain text, its values in their places."""
    return " ".join(filled_in(section, values, literal=False).split())


def nothing_chosen() -> None:
    """In the place of `cell`, where a piece can be chosen as well as a cell."""
    st.html(f'<p class="atlas-cell atlas-empty" role="status">{_("Click the picture or a piece above.")}</p>')


def cell(template: str = "", **values: object) -> None:
    """The sentence about the chosen cell; without one, how to choose it. Markup in the values is shown as text."""
    words = (
        terms.filled(template, **values)
        if template
        else _("Click a cell, or choose a piece above, to read its number in words.")
    )
    st.html(f'<p class="atlas-cell{"" if template else " atlas-empty"}" role="status">{words}</p>')


def large(text: str) -> None:
    """A text of the learner's or the model's, large."""
    st.html(f'<p class="atlas-large" lang="fr">{filled("{text}", text=text)}</p>')


def depths(lesson: Lesson, values: Mapping[str, str] | None = None) -> None:
    """The lesson: its story, with the learner's own numbers in it, and below it what folds out, remembered.

    In all but Code each `[[name]]` is replaced by its value; in Code, each line `source: transformer.module.function` by that
    function as it runs. The last thing in a page's fragment: it also brings the address up to date.
    """
    names = {"numbers": _("More numbers"), "formula": _("Formula"), "code": _("Code")}
    found = {depth: word for depth, word in names.items() if depth.title() in lesson.sections}
    with st.container(key="atlas_depths"):
        if story := lesson.sections.get("Story"):
            explained(story, values or {})
        asked = linked()
        for depth, word in found.items():
            key = f"fold_{depth}"
            with kept(key, depth == asked):
                fold = st.expander(
                    word, depth == asked, key=key, type="compact", on_change="rerun", bind="query-params"
                )
            if fold.open:
                with fold:
                    fold_of(lesson, depth, values or {})
    address()


def linked() -> str:
    """The depth that a link of the days when there was one at a time asks for."""
    return st.query_params.get("depth", "")


def fold_of(lesson: Lesson, depth: str, values: Mapping[str, str]) -> None:
    """What is folded out."""
    section = lesson.sections[depth.title()]
    if depth == "code":
        code.show(section)
    elif depth == "formula":
        st.markdown(filled_in(section, values, literal=False))
    else:
        explained(section, values)


def explained(section: str, values: Mapping[str, str]) -> None:
    """Prose with the values in their places, pieces as chips, terms explained."""
    st.markdown(filled_in(terms.marked(section), values, literal=True), unsafe_allow_html=True)


def filled_in(section: str, values: Mapping[str, str], literal: bool) -> str:
    """Markdown with the values in their places; `literal` shows them as they are, whatever signs they hold."""

    def value(found: re.Match[str]) -> str:
        one = values[found[1]]
        return one if not literal else one.html if isinstance(one, Chip) else plain(one)

    return re.sub(r"\[\[(\w+)\]\]", value, section)


def tex(text: str) -> str:
    """Text of a person inside a formula, shown as it is."""
    signs = {"\\": r"\backslash ", "{": r"\{", "}": r"\}", "$": r"\textdollar ", "~": r"\sim ", "^": r"\wedge "}
    safe = "".join(signs.get(sign, f"\\{sign}" if sign in "#%&_" else sign) for sign in text if sign.isprintable())
    return rf"\text{{{safe}}}"


def scientific(number: float) -> str:
    """A number inside a formula, to four digits."""
    digits, _e, power = f"{number:.4g}".partition("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}" if power else digits
