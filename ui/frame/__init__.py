"""The frame of every page: `page(...)` is called first, draws the sidebar and answers with what there is to show.

If there is nothing to show, it says why in the page's place and ends the run: a page never meets an empty sentence.
"""

import sys
from dataclasses import dataclass
from typing import Literal, NoReturn

import streamlit as st

from transformer.checkpoint import Checkpoint
from transformer.config import Config
from transformer.text import clean
from transformer.tokenizer import Tokenizer
from ui import ASSETS, ROOT, text
from ui.frame import clicks, figure_one, sidebar, token_strip
from ui.session import state
from ui.session.kept import arrive, kept
from ui.session.walk import Walk
from ui.text import Lesson
from ui.text import translate as _
from ui.training import compact

STYLE = (ASSETS / "frame.css").read_text("utf-8")
PRESENTATION = (ASSETS / "presentation.css").read_text("utf-8")
HOME = "home"
LAB, TRAINING = 200, 300  # pages below the first number belong to the walk, those from the second on to training
QUESTIONS = "260_predict"
TOPICS = {
    10: "input", 40: "attention", 70: "decoder", 90: "attention", 100: "output", LAB: "change", TRAINING: "learning",
}  # fmt: skip
Mode = Literal["light", "dark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a page has to show."""

    name: str
    lesson: Lesson
    origin: state.Origin  # of the checkpoint: what caches know it by
    checkpoint: Checkpoint
    walk: Walk
    mode: Mode
    special: bool  # whether `<s>` and `</s>` are shown
    search: state.Search  # how the model's own translations are found


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What a page has to show that needs no sentence, and no model."""

    name: str
    lesson: Lesson
    question: sidebar.Question | None  # `None` if there is no model yet
    mode: Mode


def page(name: str) -> Session:
    """Begin the page whose lesson is `name`; `home` for Home, otherwise its file's name without `.py`."""
    lesson, question = begin(name)
    if question is None:
        no_checkpoint(lesson)
    checkpoint = state.opened(question.origin)
    little_map(name, checkpoint.model.config)
    walk = answer(question, lesson)
    return Session(
        name=name, lesson=lesson, origin=question.origin, checkpoint=checkpoint, walk=walk, mode=mode(),
        special=question.special, search=question.search,
    )  # fmt: skip


def workshop(name: str) -> Workshop:
    """Begin a page that can be used without a sentence, and before there is a model."""
    lesson, question = begin(name)
    little_map(name, state.opened(question.origin).model.config if question else None)
    return Workshop(name=name, lesson=lesson, question=question, mode=mode())


def begin(name: str) -> tuple[Lesson, sidebar.Question | None]:
    """What every page begins with: its settings, the sidebar, the line over everything."""
    arrive(name)
    lesson = text.lesson(name)
    st.set_page_config(page_title=f"{lesson.name} · Attention Atlas", page_icon="🗺️", layout="wide")
    st.html(f"<style>{STYLE}</style>")
    state.start()
    with st.sidebar:
        st.page_link("home.py", label="**Attention Atlas**")
        question = sidebar.ask()
        compact.show()
        menu()
    banner(name, lesson)
    clicks.wait_for_fields(sidebar.fields())
    return lesson, question


def mode() -> Mode:
    """The theme that the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def banner(name: str, lesson: Lesson) -> None:
    """The line over everything: which step of the walk this is, and the switch for the projector."""
    with st.container(key="atlas_banner", horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="atlas-step">{text.filled("{where}", where=place(name, lesson))}</p>', width="stretch")
        hint = _("For a projector: larger type, no sidebar.")
        with kept("present", False):
            presenting = st.toggle(_("Presentation"), key="present", bind="query-params", help=hint)
    if presenting:
        st.html(f"<style>{PRESENTATION}</style>")


def place(name: str, lesson: Lesson) -> str:
    """`4 of 10 · Queries, keys, values`."""
    steps = walk_pages()
    if name not in steps:
        return lesson.name
    where = _("{step} of {count}").format(step=steps.index(name) + 1, count=len(steps))
    return f"{where} · {lesson.name}"


def little_map(name: str, config: Config | None) -> None:
    """Figure 1 with this page's block lit; a block that is clicked, or an arrow key, leads to another page."""
    before, after = neighbours(name)
    names = {each: text.lesson(each).name for each in pages()}
    with st.container(key="atlas_map"):
        figure_one.show(name, names, before, after, config)


def neighbours(name: str) -> tuple[str, str]:
    """The pages before and after `name`; before the first is Home (`app`), after the last of all is none ("")."""
    order = ["app", *pages()]
    here = order.index(name) if name in order else 0
    return order[here - 1] if here else "", order[here + 1] if here + 1 < len(order) else ""


def top(session: Session) -> None:
    """The sentence as chips and the page's title: the first thing in the fragment of the picture."""
    token_strip.show(session.walk, session.special)
    heading(session.lesson)


def bottom(session: Session | Workshop) -> None:
    """The way on: links to the previous page, to questions about this one, and to the next."""
    before, after = neighbours(session.name)
    with st.container(key="atlas_ways", horizontal=True, horizontal_alignment="distribute"):
        if before:
            way(before, "← {name}")
        if topic := topic_of(session.name):
            asked = {"to_view": "1", "pr_about": topic, "pr_number": "1"}
            st.page_link(f"pages/{QUESTIONS}.py", label=_("Predict: questions about this"), query_params=asked)
        if after:
            way(after, "{name} →")


def way(page: str, sign: str) -> None:
    """A link to a page; `sign` has its place for `{name}`."""
    name = "Attention Atlas" if page == "app" else text.lesson(page).name
    st.page_link("home.py" if page == "app" else f"pages/{page}.py", label=sign.format(name=name))


def topic_of(name: str) -> str:
    """What the questions about a page are about: a key of `pages.predict.kinds.TOPICS`; "" if there are none."""
    if name in (HOME, QUESTIONS) or not text.has_lesson(QUESTIONS):
        return ""
    number = int(name.partition("_")[0])
    return next(topic for first, topic in reversed(TOPICS.items()) if number >= first)


def heading(lesson: Lesson) -> None:
    """The page's title: a sentence."""
    st.title(lesson.title, anchor=False)


def pages() -> list[str]:
    """The pages there are, in the order of their numbers; one that has no lesson yet is left out."""
    names = [file.stem for file in (ROOT / "pages").glob("[0-9]*.py") if text.has_lesson(file.stem)]
    return sorted(names, key=lambda name: int(name.partition("_")[0]))


def walk_pages() -> list[str]:
    """The pages of the walk, in order."""
    return between(0, LAB)


def menu() -> None:
    """Links to all pages, in three groups: the walk through the model, the lab, and training."""
    for title, found in groups().items():
        st.caption(title)
        for name in found:
            st.page_link(f"pages/{name}.py", label=numbered(name, text.lesson(name)))


def groups() -> dict[str, list[str]]:
    """The groups of pages by their titles, those that have any."""
    bounds = {_("The walk"): (0, LAB), _("The lab"): (LAB, TRAINING), _("Training"): (TRAINING, sys.maxsize)}
    found = {title: between(*numbers) for title, numbers in bounds.items()}
    return {title: names for title, names in found.items() if names}


def between(first: int, last: int) -> list[str]:
    """The pages whose number is at least `first` and below `last`, in order."""
    return [name for name in pages() if first <= int(name.partition("_")[0]) < last]


def cards() -> None:
    """A card for each page, group by group: its name, its sentence and a link; as many side by side as there is room for."""
    for place, (title, names) in enumerate(groups().items()):
        st.subheader(title, anchor=False)
        with st.container(key=f"atlas_cards_{place}", horizontal=True):
            for name in names:
                lesson = text.lesson(name)
                with st.container(border=True, width=205, height="stretch"):
                    st.page_link(f"pages/{name}.py", label=f"**{numbered(name, lesson)}**")
                    st.markdown(lesson.title)


def numbered(name: str, lesson: Lesson) -> str:
    """The page's name, with its number if it is a step of the walk."""
    steps = walk_pages()
    return f"{steps.index(name) + 1}\\. {lesson.name}" if name in steps else lesson.name


def answer(question: sidebar.Question, lesson: Lesson) -> Walk:
    """Let the model read the sentence; if it cannot, say why."""
    tokenizer, config = (checkpoint := state.opened(question.origin)).tokenizer, checkpoint.model.config
    source = len(tokenizer.encode(question.text))
    most = min(state.MOST_SOURCE, config.max_positions - 2)
    if not source:
        nothing(lesson, _("Type an English sentence in the sidebar, or take one of the examples."))
    if source > most:
        nothing(lesson, too_long(_("This sentence"), source, most))
    if question.place[1] > 1:
        told = _("Sentence {number} of {count}. Choose another in the sidebar.")
        st.caption(told.format(number=question.place[0], count=question.place[1]))
    unmet(tokenizer, question.text, question.french or "")
    if not state.encoder(question.origin, clean(question.text)).output.isfinite().all():
        nothing(lesson, _("The numbers of this model overflow on this sentence. Choose another model."))
    if question.french is None:
        return own(question)
    target, most = len(tokenizer.encode(question.french)), min(state.MOST_TARGET, config.max_positions - 1)
    if not target:
        st.info(_("Type your French sentence in the sidebar. Until then this is the model's own."))
        return own(question)
    if target > most:
        nothing(lesson, too_long(_("Your French sentence"), target, most))
    return state.forced_walk(question.origin, clean(question.text), clean(question.french))


def unmet(tokenizer: Tokenizer, *texts: str) -> None:
    """Say which signs the model has no piece for: of those it only sees bytes, which it has seldom or never met."""
    found = [
        clean(each)[piece.start : piece.end] for each in texts for piece in tokenizer.pieces(each) if piece.is_byte
    ]
    if signs := " ".join(dict.fromkeys(found)):
        told = _(
            "Not in the vocabulary, so read byte by byte: {characters}. Around them the translation may go astray."
        )
        st.caption(text.plain(told.format(characters=signs)))


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
    if text.has_lesson(compact.HERE):
        st.page_link(f"pages/{compact.HERE}.py", label=_("Train a model →"))
    st.code("python -m transformer train grammar-en-fr --minutes 10 --out runs/mine", language="bash")
    st.stop()
