"""What is looked for: a word that is typed, a letter, a page. All of it is in the address."""

from dataclasses import dataclass

import streamlit as st

from classroom.finding import folded
from ui import controls, text
from ui.frame import pages
from ui.search.places import FIND
from ui.session.kept import hold
from ui.show import terms
from ui.text import plain
from ui.text import translate as _

LETTER, PAGE, ALL = "gl_letter", "gl_page", "all"  # in the address, and the word for all of them
PICK = "pick_gl_find"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the controls say."""

    words: str  # "" for all
    letter: str  # the first of a word, small; `ALL` for all
    page: str  # that shows the words live; `ALL` for all


def ask() -> Asked:
    """Draw the controls. Whoever searches, searches among all letters."""
    hold(FIND, "")
    st.session_state[PICK] = str(st.session_state[FIND])

    def typed() -> None:
        st.session_state[FIND] = str(st.session_state[PICK]).strip()

    with controls.row():
        st.text_input(
            _("Find a word"), key=PICK, on_change=typed, live=True, width=260, autocomplete="off",
            placeholder=_("part of a word, or of what it means"),
        )  # fmt: skip
        names = {page: text.lesson(page).name for page in pages() if page in shown()}
        page = controls.menu(
            _("Shown live on"), PAGE, {ALL: _("All pages")} | {each: plain(names[each]) for each in names}
        )
    words, letter = str(st.session_state[FIND]).strip(), ALL
    if not words:
        with controls.row("atlas_controls_letters"):
            letter = controls.one_of(_("Letter"), LETTER, {ALL: _("All")} | {each: each.upper() for each in letters()})
    return Asked(words, letter, page)


def shown() -> set[str]:
    """The pages that show a word live."""
    return {term.page for term in terms.glossary(text.language())}


def letters() -> list[str]:
    """The first letters that there are."""
    return sorted({first(term) for term in terms.glossary(text.language())})


def first(term: terms.Term) -> str:
    """The letter under which a term stands."""
    return folded(term.word)[:1]


def point(page: str) -> None:
    """Show the words of a page alone, or again all of them. Only in callbacks."""
    st.session_state[PAGE] = ALL if st.session_state.get(PAGE) == page else page
