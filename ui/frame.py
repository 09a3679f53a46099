"""The frame of every page: `page(...)` is called first, draws the sidebar and answers with what there is to show.

If there is nothing to show, it says why in the page's place and ends the run: a page never meets an empty sentence.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn

import streamlit as st

from transformer.checkpoint import Checkpoint
from transformer.tokenizer import clean
from ui import sidebar, state, text
from ui.text import Lesson
from ui.text import translate as _
from ui.walk import Walk

ROOT = Path(__file__).resolve().parent.parent
STYLE = (Path(__file__).parent / "assets" / "frame.css").read_text("utf-8")
HOME = "home"
Mode = Literal["light", "dark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a page has to show."""

    lesson: Lesson
    checkpoint: Checkpoint
    walk: Walk
    mode: Mode


def page(name: str) -> Session:
    """Begin the page whose lesson is `name`; `home` for Home, otherwise its file's name without `.py`."""
    lesson = text.lesson(name)
    st.set_page_config(page_title=f"{lesson.name} · Attention Atlas", page_icon="🗺️", layout="wide")
    st.html(f"<style>{STYLE}</style>")
    if trouble := state.start():
        st.error(text.plain(trouble))
    with st.sidebar:
        st.page_link("app.py", label="**Attention Atlas**")
        question = sidebar.ask()
        menu()
    if question is None:
        no_checkpoint(lesson)
    walk = answer(question, lesson)
    mode: Mode = "dark" if st.context.theme.type == "dark" else "light"
    return Session(lesson=lesson, checkpoint=state.opened(question.origin), walk=walk, mode=mode)


def heading(lesson: Lesson) -> None:
    """The page's title: a sentence."""
    st.title(lesson.title, anchor=False)


def pages() -> list[str]:
    """The pages there are, in the order of their numbers."""
    names = [file.stem for file in (ROOT / "pages").glob("[0-9]*.py")]
    return sorted(names, key=lambda name: int(name.partition("_")[0]))


def menu() -> None:
    """Links to all pages, in groups: up to 99 the walk through the model, from 100 the lab."""
    groups = {_("The walk"): range(100), _("The lab"): range(100, 1000)}
    for title, numbers in groups.items():
        if found := [name for name in pages() if int(name.partition("_")[0]) in numbers]:
            st.caption(title)
            for name in found:
                st.page_link(f"pages/{name}.py", label=text.lesson(name).name)


def cards() -> None:
    """A card for each page: its name, its sentence and a link."""
    for column, name in zip(st.columns(len(pages())), pages(), strict=True):
        lesson = text.lesson(name)
        with column.container(border=True, height="stretch"):
            st.page_link(f"pages/{name}.py", label=f"**{lesson.name}**")
            st.markdown(lesson.title)


def answer(question: sidebar.Question, lesson: Lesson) -> Walk:
    """Let the model read the sentence; if it cannot, say why."""
    tokenizer, config = (checkpoint := state.opened(question.origin)).tokenizer, checkpoint.model.config
    source = len(tokenizer.encode(question.text))
    most = min(state.MOST_SOURCE, config.max_positions - 2)
    if not source:
        nothing(lesson, _("Type an English sentence in the sidebar, or take one of the examples."))
    if source > most:
        nothing(lesson, too_long(_("This sentence"), source, most))
    if question.french is None:
        return own(question)
    target, most = len(tokenizer.encode(question.french)), min(state.MOST_TARGET, config.max_positions - 1)
    if not target:
        st.info(_("Type your French sentence in the sidebar. Until then this is the model's own."))
        return own(question)
    if target > most:
        nothing(lesson, too_long(_("Your French sentence"), target, most))
    return state.forced_walk(question.origin, clean(question.text), clean(question.french))


def own(question: sidebar.Question) -> Walk:
    """The model's own translation."""
    walk = state.own_walk(question.origin, clean(question.text), question.search)
    if not walk.finished:
        cut = _("The model did not come to an end, so its translation is cut off after {count} pieces.")
        st.caption(cut.format(count=len(walk.written)))
    return walk


def too_long(what: str, pieces: int, most: int) -> str:
    """A sentence for a text that no picture could show."""
    template = _("{what} has {pieces} pieces, but at most {most} can be shown. Shorten it, or take one part of it.")
    return template.format(what=what, pieces=pieces, most=most)


def nothing(lesson: Lesson, why: str) -> NoReturn:
    """The page when there is nothing to show yet."""
    heading(lesson)
    end(why)


def end(why: str) -> NoReturn:
    """Say why there is no more to show."""
    st.info(why)
    st.stop()


def no_checkpoint(lesson: Lesson) -> NoReturn:
    """The page when there is no model."""
    heading(lesson)
    st.info(_("There is no trained model here yet. Train one, and it appears in the sidebar:"))
    st.code("python -m transformer train grammar-en-fr --minutes 10 --out runs/mine", language="bash")
    st.stop()
