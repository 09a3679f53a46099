"""What the controls of the page say: a view, a model, and what is typed; all of it in the address."""

from dataclasses import dataclass

import streamlit as st

from pages.words_as_vectors.found import KINDS, MODEL
from systems import sentences
from ui import controls, frame
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.session import pointed, systems
from ui.session.kept import hold, kept
from ui.session.state import Origin
from ui.show.live_plot import Cell
from ui.text import plain
from ui.text import translate as _

VIEW, POINT, CELL, PART = "wv_view", "wv_point", "wv_cell", "wv_part"
WITH, WORD, UNKNOWN, A, B, C, LIST = "wv_with", "wv_word", "wv_unknown", "wv_a", "wv_b", "wv_c", "wv_list"
SAME, FIRST, SECOND = "wv_same", "wv_first", "wv_second"
MARKED = "monday sunday friday he she him her dog cat horse happy sad angry tired"  # until others are typed
MOST_WORDS = 40  # of a sentence, or of a map


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be seen."""

    view: str  # near, analogy, map, parts, context
    origin: Origin | None  # of the word vectors


def ask() -> Asked:
    """Draw the controls and answer with what they say."""
    pointed.remember(POINT, CELL, PART)
    views = {
        "near": _("Neighbours"),
        "analogy": _("Analogies"),
        "map": _("Map"),
        "parts": _("A new word"),
        "context": _("In a sentence"),
    }
    hold(VIEW, "near")
    with controls.row():
        view = controls.one_of(_("View"), VIEW, views)
    with controls.row("atlas_controls_lab"):
        origin = systems.choose(
            ("fasttext",) if view == "parts" else KINDS, "wv_parts_model" if view == "parts" else MODEL, width=190
        )
        if view == "near":
            typed(_("Word"), WORD, "tired")
            controls.one_of(_("Look for"), WITH, {"like": _("Words like it"), "beside": _("Words beside it")})
        elif view == "parts":
            typed(_("A word that it never read"), UNKNOWN, "schoolboy")
        elif view == "analogy":
            for label, key, default in (("a", A, "man"), ("b", B, "woman"), ("c", C, "boy")):
                typed(label, key, default, width=105)
        elif view == "context":
            typed(_("Word"), SAME, "light", width=130)
    if view == "map":
        typed(_("Words to mark"), LIST, MARKED, width=700)
    if view == "context":
        with controls.row("atlas_controls_words"):
            typed(_("First sentence"), FIRST, "Please turn on the light.", width=285)
            typed(_("Second sentence"), SECOND, "This box is very light.", width=285)
    return Asked(view, origin)


def point(cell: Cell) -> None:
    """Point at a bar. Only in callbacks."""
    pointed.choose(POINT, int(cell if isinstance(cell, int | float) else cell[0] or 0))


def typed(label: str, key: str, default: str, width: int = 200) -> str:
    """A field for a word or a sentence of the learner's."""
    with kept(key, default):
        st.text_input(label, default, key=key, bind="query-params", max_chars=2000, width=width, on_change=forget)
    return text(key)


def text(key: str) -> str:
    """What stands in a field."""
    return str(st.session_state.get(key) or "").strip()


def forget() -> None:
    """Another word: what was pointed at is gone. Only in callbacks."""
    for key in (POINT, CELL, PART):
        pointed.choose(key, None)


def refused(words: list[str], name: str = "") -> str:
    """Why so many words cannot be shown; "" if they can."""
    what = f"{name}: " if name else ""
    if not words:
        return what + _("There is no word here yet. Type one.")
    if len(words) > MOST_WORDS:
        return what + _("{count} words are more than this picture can hold: at most {most}.").format(
            count=len(words), most=MOST_WORDS
        )
    return ""


def words(key: str) -> list[str]:
    """The words of a field."""
    return sentences.words(text(key))


def no_row(word: str, known: int) -> str:
    """Why a word cannot be shown."""
    return _(
        "{word} is none of the {count} words that this model knows, so it has no row. fastText makes one of its parts."
    ).format(word=plain(word), count=f"{known:,}")


def unknown(rooms: Rooms, shop: Workshop, word: str, known: int) -> None:
    """In the place of a picture, when the model has no row for a word: why, and the way to the model that makes one."""
    refuse(rooms, shop, no_row(word, known) if word else refused([]))

    def turn() -> None:
        st.session_state[VIEW], st.session_state[UNKNOWN] = "parts", word

    if word:
        with rooms.picture:
            st.button(_("What fastText makes of it →"), key="wv_to_parts", on_click=turn, type="tertiary")


def refuse(rooms: Rooms, shop: Workshop, why: str) -> None:
    """In the place of a picture: what the page is for, and why there is nothing to see."""
    with rooms.line:
        frame.heading(shop.lesson)
    with rooms.picture:
        st.info(why)
