"""The words around a picture: its caption, the sentence about a cell, the lesson below."""

import re
from collections.abc import Mapping

import streamlit as st

from ui import controls
from ui.session.kept import address
from ui.show import code
from ui.text import Lesson, filled, plain
from ui.text import translate as _


def look(line: str) -> None:
    """One line under a picture: what to look for."""
    st.markdown(line)


def look_at(lesson: Lesson, picture: str, values: Mapping[str, str]) -> None:
    """The same from the lesson, with its values: for one of several pictures, or for the first, ""."""
    look(filled_in(lesson.sections[f"Look at {picture}"] if picture else lesson.look, values, True))


def nothing_chosen() -> None:
    """In the place of `cell`, where a piece can be chosen as well as a cell."""
    st.html(f'<p class="atlas-cell atlas-empty" role="status">{_("Click the picture or a piece above.")}</p>')


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


def depths(lesson: Lesson, values: Mapping[str, str] | None = None) -> None:
    """The lesson at the depth that the learner chose, which is remembered on all pages and in the address.

    In Numbers and Formula each `[[name]]` is replaced by its value; in Code, each line `source: transformer.module.function`
    by that function as it runs. The last thing in a page's fragment: it also brings the address up to date.
    """
    names = {"story": _("Story"), "numbers": _("Numbers"), "formula": _("Formula"), "code": _("Code")}
    found = {code: word for code, word in names.items() if code.title() in lesson.sections}
    with st.container(key="atlas_depths"):
        depth = controls.one_of(_("Depth"), "depth", found)
        section = lesson.sections[depth.title()]
        if depth == "code":
            code.show(section)
        else:
            st.markdown(filled_in(section, values or {}, literal=depth != "formula"))
    address()


def filled_in(section: str, values: Mapping[str, str], literal: bool) -> str:
    """Markdown with the values in their places; `literal` shows them as they are, whatever signs they hold."""
    return re.sub(r"\[\[(\w+)\]\]", lambda found: plain(values[found[1]]) if literal else values[found[1]], section)


def tex(text: str) -> str:
    """Text of a person inside a formula, shown as it is."""
    signs = {"\\": r"\backslash ", "{": r"\{", "}": r"\}", "$": r"\textdollar ", "~": r"\sim ", "^": r"\wedge "}
    safe = "".join(signs.get(sign, f"\\{sign}" if sign in "#%&_" else sign) for sign in text if sign.isprintable())
    return rf"\text{{{safe}}}"


def scientific(number: float) -> str:
    """A number inside a formula, to four digits."""
    digits, _e, power = f"{number:.4g}".partition("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}" if power else digits
