"""What the controls of the page say: a view, the sentence, which of its words are blank; all of it in the address."""

import re
from dataclasses import dataclass

import streamlit as st

from systems import sentences
from ui import controls, frame
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.session import pointed
from ui.session.kept import hold, kept
from ui.text import plain
from ui.text import translate as _

VIEW, TEXT, NAMES, BLANK, AT, POINT, SIDE, CELL = (
    "mw_view", "mw_text", "mw_names", "mw_blank", "mw_at", "mw_point", "mw_side", "mw_cell",
)  # fmt: skip
READ = "mw_read"
GAP = "___"  # how a blank is written
WRITTEN = re.compile(r"_{2,}|\[mask\]|<mask>", re.IGNORECASE)
MOST = 40  # words of a sentence
SENTENCE, NAMED = (
    "The animal didn't cross the street because it was too tired.",
    "Alice and Mr. Lincoln flew to Paris on Saturday.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The sentence in words; the places of its blanks, and the one that is looked at, from 0. Without a blank there is none."""

    words: tuple[str, ...]
    blanks: tuple[int, ...]
    at: int
    why: str = ""  # that nothing can be shown

    @property
    def said(self) -> str:
        """The sentence with its blanks, as what a click belongs to."""
        return " ".join(GAP if place in self.blanks else word for place, word in enumerate(self.words)) + f" {self.at}"


def view() -> str:
    """Which part of the page."""
    for key in (POINT, SIDE, CELL):
        pointed.remember(key)
    views = {
        "fill": _("Fill the blank"),
        "attention": _("What the blank looks at"),
        "rate": _("How much to mask"),
        "names": _("Named entities"),
    }
    with controls.row():
        return controls.one_of(_("View"), VIEW, views)


def sentence() -> Asked:
    """The field, the words as buttons, and what they say."""
    field(_("Sentence; ___ is a blank"), TEXT, SENTENCE)
    words, written = cut(str(st.session_state.get(TEXT) or ""))
    hold(BLANK, "")
    hold(AT)
    if why := refused(words):
        return Asked(tuple(words), (), 0, why)
    blanks = tuple(sorted({*written, *picked(words, written)}))
    choose(words, written, blanks)
    if not blanks:
        return Asked(tuple(words), (), 0, _("Nothing is blank. Click a word to blank it."))
    if len(blanks) == len(words):
        return Asked(
            tuple(words), blanks, 0, _("Everything is blank: nothing is left to tell by. Leave at least one word.")
        )
    at = st.session_state.get(AT)
    return Asked(tuple(words), blanks, at if at in blanks else blanks[0])


def field(label: str, key: str, default: str) -> None:
    """A field for a sentence of the learner's."""
    with kept(key, default):
        st.text_input(label, default, key=key, bind="query-params", max_chars=6000, width=700, on_change=forget)


def forget() -> None:
    """Another sentence: what was chosen in the old one is gone. Only in callbacks."""
    st.session_state[BLANK] = ""
    for key in (AT, POINT, SIDE, CELL):
        st.session_state[key] = None


def cut(text: str) -> tuple[list[str], list[int]]:
    """The words and signs of a text, and the places of its written blanks, which are `GAP` among the words."""
    words: list[str] = []
    blanks: list[int] = []
    for number, part in enumerate(WRITTEN.split(text)):
        if number:
            blanks.append(len(words))
            words.append(GAP)
        words += sentences.words_and_signs(part)
    return words, blanks


def refused(words: list[str]) -> str:
    """Why so many words cannot be shown; "" if they can."""
    if not words:
        return _("There is no word here yet. Type a sentence.")
    if len(words) > MOST:
        return _("{count} words are more than this page can show: at most {most}.").format(count=len(words), most=MOST)
    return ""


def picked(words: list[str], written: list[int]) -> list[int]:
    """The blanks that are held; without any, also of those that were written, the second word, or the only one."""
    held = str(st.session_state[BLANK])
    found = [int(each) for each in held.split(".") if each.isdecimal() and int(each) < len(words)]
    if held == "none":
        return []
    return found if found or written else [min(1, len(words) - 1)]


def choose(words: list[str], written: list[int], blanks: tuple[int, ...]) -> None:
    """The words as buttons; one that is pressed is blank."""
    key = "pick_mw_blank"
    st.session_state[key] = [place for place in blanks if place not in written]

    def pressed() -> None:
        before, now = set(blanks) - set(written), set(st.session_state[key] or [])
        st.session_state[BLANK] = ".".join(map(str, sorted(now))) or "none"
        st.session_state[AT] = next(iter(now - before), None)
        for each in (POINT, SIDE, CELL):
            st.session_state[each] = None

    def name(place: int) -> str:
        return plain(f"{words[place]} → {GAP}" if place in blanks else words[place])

    options = [place for place in range(len(words)) if place not in written]
    if options:
        st.pills(
            _("Click a word to blank it"), options, selection_mode="multi", format_func=name, key=key, on_change=pressed
        )
    if len(blanks) > 1:
        names = {str(place): f"{place + 1}" for place in blanks}
        hold(AT)
        chosen = st.session_state.get(AT)
        default = chosen if chosen in blanks else blanks[0]

        def turned() -> None:
            st.session_state[AT] = int(st.session_state["pick_mw_at"] or blanks[0])
            st.session_state[POINT] = st.session_state[CELL] = None

        st.session_state["pick_mw_at"] = str(default)
        st.segmented_control(_("Which blank: the place of its word"), list(names), format_func=names.__getitem__, key="pick_mw_at",
                             on_change=turned, required=True)  # fmt: skip


def refuse(rooms: Rooms, shop: Workshop, why: str) -> None:
    """In the place of a picture: what the page is for, and why there is nothing to see."""
    with rooms.line:
        frame.heading(shop.lesson)
    with rooms.picture:
        st.info(why)
