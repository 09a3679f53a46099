"""Which pages there are, in which order, and the ways between them: menu, cards, previous and next, questions."""

import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.theme import Mode
from ui import ROOT, text
from ui.frame import little_machine
from ui.guide import locked
from ui.session.walk import Walk
from ui.text import Lesson
from ui.text import translate as _


class Named(Protocol):
    """What is asked of a page's session."""

    @property
    def name(self) -> str:
        """The page."""


HOME = "home"
# numbers of pages: the first step of the walk, the first of each other group
FIRST, LAB, TRAINING, ORIGINS, FUTURE, CLASS = 10, 200, 300, 400, 500, 600
QUESTIONS, SHEETS = "260_predict", "620_worksheets"
TOPICS = {
    0: "input", 40: "attention", 70: "decoder", 90: "attention", 100: "output", LAB: "change", TRAINING: "learning",
    ORIGINS: "origins", 460: "systems",
}  # fmt: skip


def neighbours(name: str) -> tuple[str, str]:
    """The pages before and after `name`; before the first is Home (`app`), after the last of all is none (""). None where a lesson locks them."""
    if locked("pages"):
        return "", ""
    order = ["app", *pages()]
    here = order.index(name) if name in order else 0
    return order[here - 1] if here else "", order[here + 1] if here + 1 < len(order) else ""


def near(name: str) -> None:
    """The pages before and after, in the line over everything."""
    before, after = neighbours(name)
    with st.container(key="atlas_near", horizontal=True, width="content", gap="small"):
        if before:
            way(before, "← {name}")
        if after:
            way(after, "{name} →")


def little_map(place: DeltaGenerator, name: str, walk: Walk | str | None, mode: Mode) -> None:
    """The machine, small, with this page's part lit; a block that is clicked, or an arrow key, leads to another page."""
    before, after = neighbours(name)
    drawn = little_machine.drawing(walk) if isinstance(walk, Walk) else None
    with place:
        little_machine.show(name, {each: text.lesson(each).name for each in pages()}, before, after, drawn, mode)


def bottom(session: Named) -> None:
    """The way on: links to the previous page, to questions about this one, and to the next."""
    before, after = neighbours(session.name)
    with st.container(key="atlas_ways", horizontal=True, horizontal_alignment="distribute"):
        if before:
            way(before, "← {name}")
        if topic := topic_of(session.name):
            asked = {"to_view": "1", "pr_about": topic, "pr_number": "1"}
            st.page_link(f"pages/{QUESTIONS}.py", label=_("Predict: questions about this"), query_params=asked)
        if session.name == HOME or int(session.name.partition("_")[0]) < CLASS:
            asked = {"to_view": "1", "about": session.name}
            st.page_link(f"pages/{SHEETS}.py", label=_("Worksheet"), query_params=asked)
        if after:
            way(after, "{name} →")


def links(names: Sequence[str]) -> None:
    """Links to some pages, side by side; those that there are."""
    with st.container(horizontal=True):
        for name in names:
            if text.has_lesson(name):
                st.page_link(f"pages/{name}.py", label=f"{text.lesson(name).name} →")


def way(page: str, sign: str) -> None:
    """A link to a page; `sign` has its place for `{name}`."""
    first = page in ("app", HOME)
    name = "Attention Atlas" if first else text.lesson(page).name
    st.page_link("home.py" if first else f"pages/{page}.py", label=sign.format(name=name))


def path(name: str) -> str:
    """A page's name in addresses: that of its file without the number, and nothing for Home."""
    return "" if name == HOME else name.partition("_")[2]


def topic_of(name: str) -> str:
    """What the questions about a page are about: a key of `pages.predict.kinds.TOPICS`; "" if there are none."""
    if name in (HOME, QUESTIONS) or not text.has_lesson(QUESTIONS):
        return ""
    number = int(name.partition("_")[0])
    if number >= CLASS:
        return ""
    return next(topic for first, topic in reversed(TOPICS.items()) if number >= first)


def pages() -> tuple[str, ...]:
    """The pages there are, in the order of their numbers; one that has no lesson yet is left out."""
    return _pages(*(folder.stat().st_mtime_ns for folder in (ROOT / "pages", text.LESSONS / text.ENGLISH)))


@lru_cache(maxsize=2)
def _pages(*when: int) -> tuple[str, ...]:  # noqa: ARG001, which tell old from new
    names = [file.stem for file in (ROOT / "pages").glob("[0-9]*.py") if text.has_lesson(file.stem)]
    return tuple(sorted(names, key=lambda name: int(name.partition("_")[0])))


def walk_pages() -> list[str]:
    """The steps of the walk, in order; the machine as a whole stands before them."""
    return between(FIRST, LAB)


def menu() -> None:
    """Links to all pages, in their groups."""
    for title, found in groups().items():
        st.caption(title)
        for name in found:
            st.page_link(f"pages/{name}.py", label=numbered(name, text.lesson(name)))


def groups() -> dict[str, list[str]]:
    """The groups of pages by their titles, those that have any."""
    bounds = {
        _("The walk"): (0, LAB), _("The lab"): (LAB, TRAINING), _("Training"): (TRAINING, ORIGINS),
        _("Where it came from"): (ORIGINS, FUTURE), _("Where it went"): (FUTURE, CLASS),
        _("In class"): (CLASS, sys.maxsize),
    }  # fmt: skip
    found = {title: between(*numbers) for title, numbers in bounds.items()}
    return {title: names for title, names in found.items() if names}


def between(first: int, last: int) -> list[str]:
    """The pages whose number is at least `first` and below `last`, in order."""
    return [name for name in pages() if first <= int(name.partition("_")[0]) < last]


def paths() -> None:
    """The ways on, each with its first page; all its pages one level below."""
    told = [
        _("Ten steps from your words to the translation, each number computed before your eyes."),
        _("Guess first, then change the machine: switch heads off, force a look, take parts away."),
        _("Train a model of your own in a minute, and watch attention appear."),
        _("What was there before the Transformer: translators, memories, pictures, reviews, word vectors."),
        _("What became of it: masked words, and pictures cut into patches."),
        _("A room for your class, lessons, worksheets, and every word explained."),
    ]
    verbs = [_("Understand"), _("Experiment"), _("Train"), _("Look back"), _("Look ahead"), _("Teach")]
    with st.container(key="atlas_paths", horizontal=True):
        for verb, line, (title, names) in zip(verbs, told, groups().items(), strict=False):
            with st.container(border=True, width=174, height="stretch"):
                st.page_link(f"pages/{names[0]}.py", label=f"**{verb} →**")
                st.markdown(line)
                with st.expander(_("{title}: all pages").format(title=title), type="compact"):
                    for name in names:
                        lesson = text.lesson(name)
                        st.page_link(f"pages/{name}.py", label=numbered(name, lesson), help=lesson.title)


def numbered(name: str, lesson: Lesson) -> str:
    """The page's name, with its number if it is a step of the walk."""
    steps = walk_pages()
    return f"{steps.index(name) + 1}\\. {lesson.name}" if name in steps else lesson.name


def place(name: str) -> str:
    """`4 of 10`, or the group of the page."""
    steps = walk_pages()
    if name in steps:
        return _("{step} of {count}").format(step=steps.index(name) + 1, count=len(steps))
    return next((title for title, names in groups().items() if name in names), "")
