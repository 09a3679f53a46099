"""The frame of every page: `page(...)` is called first, draws the sidebar and answers with what there is to show.

If there is nothing to show, it says why in the page's place and ends the run: a page never meets an empty sentence.
"""

import html
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.theme import Mode
from transformer.checkpoint import Checkpoint, Opened
from transformer.text import clean
from ui import ASSETS, text
from ui.classroom import bar
from ui.frame import cards, clicks, doubts, sidebar, token_strip, visits, ways
from ui.frame.banner import banner, mode
from ui.frame.rooms import Rooms, first_line, more_rooms, rooms
from ui.frame.visits import Seen, Visit
from ui.frame.ways import HOME, bottom, links, menu, pages, paths, topic_of
from ui.guide import bar as lesson_bar
from ui.search import field
from ui.session import relatives, state
from ui.session.kept import arrive
from ui.session.relatives import too_long
from ui.session.walk import Passage, Walk
from ui.show import terms
from ui.text import Lesson
from ui.text import translate as _
from ui.training import compact

__all__ = [
    "HOME",
    "Guest",
    "Mode",
    "Rooms",
    "Seen",
    "Session",
    "Visit",
    "Workshop",
    "bottom",
    "end",
    "first_line",
    "guest",
    "heading",
    "links",
    "more_rooms",
    "no_transformer",
    "page",
    "pages",
    "paths",
    "rooms",
    "strip",
    "too_long",
    "top",
    "topic_of",
    "visit",
    "workshop",
]  # fmt: skip
SIDEBAR = 264  # pixels
STYLE = "".join((ASSETS / f"{name}.css").read_text("utf-8") for name in ("frame", "terms", "tour"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """What a page has to show of a model of any kind."""

    name: str
    lesson: Lesson
    origin: state.Origin  # of the checkpoint: what caches know it by
    checkpoint: Opened
    walk: Passage
    mode: Mode
    special: bool  # whether `<s>` and `</s>` are shown
    search: state.Search  # how the model's own translations are found


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Guest):
    """What a page has to show of a Transformer."""

    checkpoint: Checkpoint
    walk: Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What a page has to show that needs no sentence, and no model."""

    name: str
    lesson: Lesson
    question: sidebar.Question | None  # `None` if there is no model yet
    mode: Mode

    @property
    def transformer(self) -> sidebar.Question | None:
        """The same, if its model is a Transformer as in the paper."""
        return self.question if self.question and state.walks(self.question.origin) else None


def page(name: str) -> Session:
    """Begin the page whose lesson is `name`; `home` for Home, otherwise its file's name without `.py`. It shows Transformers only."""
    found = guest(name, others=False)
    assert isinstance(found, Session)
    return found


def guest(name: str, others: bool = True) -> Guest:
    """The same for a page that can show a model of any kind, if `others` are welcome: a `Session` if it is a Transformer."""
    lesson, question, place = begin(name)
    walks = question is not None and state.walks(question.origin)
    walked = read(question) if question and walks else None
    ways.little_map(place, name, walked, mode())
    if question is None:
        no_checkpoint(lesson)
    if not walks and not others:
        heading(lesson)
        visits.only_transformers(question.origin, ways.links)
        st.stop()
    found = visits.read(question) if walked is None else walked
    if isinstance(found, str):
        nothing(lesson, found)
    hint(question)
    opened = state.any_opened(question.origin)
    doubts.say(opened.tokenizer, found, question.search)
    facts: dict[str, Any] = {
        "name": name, "lesson": lesson, "origin": question.origin, "mode": mode(), "special": question.special,
        "search": question.search, "checkpoint": opened, "walk": found,
    }  # fmt: skip
    return Session(**facts) if walks else Guest(**facts)


def workshop(name: str) -> Workshop:
    """Begin a page that can be used without a sentence, and before there is a model."""
    lesson, question, place = begin(name)
    walks = question is not None and state.walks(question.origin)
    ways.little_map(place, name, read(question) if question and walks else None, mode())
    return Workshop(name=name, lesson=lesson, question=question, mode=mode())


def visit(name: str, kinds: Collection[str]) -> Visit:
    """Begin a page about relatives of the Transformer, of these kinds (see `family.kinds`). Its `seen` tells what they made of the sentence."""
    lesson, question, place = begin(name)
    walks = question is not None and state.walks(question.origin)
    ways.little_map(place, name, read(question) if question and walks else None, mode())
    found = relatives.models(kinds)
    if question is None or not found:
        heading(lesson)
        st.info(_("There is no trained model here yet that this page could show. Train one, and it appears here:"))
        st.code(f"python -m transformer train grammar-en-fr --model {next(iter(kinds))}", language="bash")
        st.stop()
    hint(question)
    return Visit(name=name, lesson=lesson, question=question, mode=mode(), models=found)


def begin(name: str) -> tuple[Lesson, sidebar.Question | None, DeltaGenerator]:
    """What every page begins with: its settings, the sidebar, the line over everything; and the place of the little machine."""
    arrive(name)
    lesson = text.lesson(name)
    st.set_page_config(
        page_title=f"{lesson.name} · Attention Atlas", page_icon="🗺️", layout="wide", initial_sidebar_state=SIDEBAR
    )
    st.html(f"<style>{STYLE}</style>")
    state.start()
    with st.sidebar:
        st.page_link("home.py", label="**Attention Atlas**")
        field.show()
        question = sidebar.ask()
        place = st.container(key="atlas_map")
        compact.show()
        menu()
    banner(name, lesson)
    bar.show(ways.path(name), mode())
    lesson_bar.show()
    clicks.wait_for_fields(sidebar.fields())
    cards.deal()
    return lesson, question, place


def top(session: Guest) -> None:
    """The sentence as chips and what the page shows: the first thing in the fragment of the picture, on pages without rooms."""
    strip(session)
    heading(session.lesson)


def strip(session: Guest) -> None:
    """The sentence as chips alone."""
    token_strip.show(session.walk, session.special)


def heading(lesson: Lesson) -> None:
    """What the page shows: a sentence."""
    st.html(f'<p class="atlas-seen">{terms.marked(html.escape(lesson.title))}</p>')


def read(question: sidebar.Question) -> Walk | str:
    """Let the Transformer read the sentence; if it cannot, a sentence that says why."""
    opened, text, french = state.opened(question.origin), clean(question.text), clean(question.french or "")
    if why := relatives.unreadable(opened, text, french):
        return why
    if not state.encoder(question.origin, text).output.isfinite().all():
        return relatives.overflows()
    if not opened.tokenizer.encode(french):
        return state.own_walk(question.origin, text, question.search)
    return state.forced_walk(question.origin, text, french)


def hint(question: sidebar.Question) -> None:
    """Which of several sentences is shown; and that a French sentence of one's own is waited for."""
    if question.place[1] > 1:
        told = _("Sentence {number} of {count}. Choose another in the sidebar.")
        st.caption(told.format(number=question.place[0], count=question.place[1]))
    if question.french is not None and not state.any_opened(question.origin).tokenizer.encode(question.french):
        st.info(_("Type your French sentence in the sidebar. Until then this is the model's own."))


def nothing(lesson: Lesson, why: str) -> NoReturn:
    """The page when there is nothing to show yet."""
    heading(lesson)
    end(why)


def end(why: str) -> NoReturn:
    """Say why there is no more to show."""
    st.info(why)
    st.stop()


def no_transformer(lesson: Lesson) -> NoReturn:
    """A workshop that needs a Transformer, when the sidebar's model is none, or when there is none."""
    readable, name = state.readable(), str(st.session_state.get("checkpoint"))
    if name not in readable:
        no_checkpoint(lesson)
    heading(lesson)
    visits.only_transformers(readable[name], ways.links)
    st.stop()


def no_checkpoint(lesson: Lesson) -> NoReturn:
    """The page when there is no model."""
    heading(lesson)
    st.info(_("There is no trained model here yet. Train one, and it appears in the sidebar:"))
    if text.has_lesson(compact.HERE):
        st.page_link(f"pages/{compact.HERE}.py", label=_("Train a model →"))
    st.code("python -m transformer train grammar-en-fr --minutes 10 --out runs/mine", language="bash")
    st.stop()
