"""What the teacher asks for, and what comes of it: the first sheet to look at, the whole as a file, or in a window of its own to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.worksheets import about as topics
from pages.worksheets import paper
from pages.worksheets.about import About
from pages.worksheets.sheet import Sheet
from ui import controls, frame
from ui.frame import Workshop
from ui.session.kept import hold_number, kept
from ui.session.site import site
from ui.show import prose
from ui.text import Lesson
from ui.text import translate as _

ABOUT, COUNT, FROM, SHEETS, FIRST, KEY, PAPER = (
    "about",
    "ws_count",
    "ws_from",
    "ws_sheets",
    "ws_first",
    "ws_key",
    "ws_paper",
)
START = "50_one_head"  # what they are about unless something else is asked for
EACH, MOST, SHEETS_MOST, LAST = "each", 6, 40, 999
HERE = Path(__file__).parent / "assets"

_component = st.components.v2.component(
    "atlas_worksheets",
    html=(HERE / "preview.html").read_text("utf-8"),
    css=(HERE / "preview.css").read_text("utf-8"),
    js=(HERE / "preview.js").read_text("utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for."""

    about: About
    kinds: tuple[str, ...]  # of the exercises of a sheet, in order
    dealt: bool  # whether each number gets another sentence
    sheets: int
    first: int
    key: bool
    paper: str  # of `paper.SIZES`

    @property
    def numbers(self) -> range:
        """The numbers of the sheets."""
        return range(self.first, self.first + self.sheets)


def ask() -> Asked:
    """Draw the controls."""
    with controls.row():
        about = topics.of(controls.menu(_("About"), ABOUT, topics.choices(), START, width=280))
        owner = controls.one_of(
            _("Sentence"), FROM, {"mine": _("From the sidebar"), "dealt": _("Another for each number")}
        )
    with controls.row("atlas_controls_lab"):
        hold_number(SHEETS, 1, 1, SHEETS_MOST)
        sheets = int(st.number_input(_("Worksheets"), 1, SHEETS_MOST, key=SHEETS, width=92))
        hold_number(FIRST, 1, 1, LAST)
        first = int(st.number_input(_("First number"), 1, LAST, key=FIRST, width=92))
        counts = {EACH: _("One of each")} | controls.numbers(MOST)
        count = controls.menu(_("Exercises"), COUNT, counts, width=132)
        size = controls.one_of(_("Paper"), PAPER, {"a4": _("A4"), "letter": _("Letter")})
        with kept(KEY, True):
            key = st.toggle(_("Answer key"), True, key=KEY, bind="query-params")
    kinds = topics.in_order(about.kinds, min(MOST, len(about.kinds)) if count == EACH else int(count))
    return Asked(
        about=about, kinds=tuple(kinds), dealt=owner == "dealt", sheets=sheets, first=first, key=key, paper=size
    )


def show(sheets: Sequence[Sheet], asked: Asked, lesson: Lesson) -> None:
    """The file, the window to print, and a look at the sheets."""
    whole = paper.page(sheets, paper.Wanted(about=asked.about, paper=asked.paper, key=asked.key, base=site()))
    words = {
        "open": _("Open to print"), "save": _("Worksheets (HTML, to print)"), "title": _("Worksheets, as they are printed"),
        "blocked": _("The browser allows no new window here. Save the file, and open it."),
    }  # fmt: skip
    name = f"worksheets-{asked.about.code.replace(':', '-')}-{asked.first}-{asked.numbers[-1]}.html"
    data = {"page": whole, "words": words, "name": name, "width": paper.SIZES[asked.paper][1]}
    _component(key="ws_preview", data=data)
    prose.look(lesson.look)


def no_transformer(shop: Workshop) -> None:
    """When the sidebar's model is none: say so, and what is possible all the same."""
    above, below = st.container(), st.container()
    if shop.question is not None:
        told = _(
            "Exercises about gates and alignment are made with the recurrent models that are here, beside a Transformer in the sidebar: "
            "take one, and choose *One hidden state*, *Alignment* or *Score functions*."
        )
        below.caption(told)
    with above:
        frame.no_transformer(shop.lesson)
