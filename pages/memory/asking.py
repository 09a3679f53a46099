"""The controls: the story and the question, stories to take, what is shown, which network, and which facts are taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import streamlit as st

from pages.memory import networks
from systems.stories.corpus import Story, load
from systems.stories.world import GAVE, IDLE, LEFT, PEOPLE, PLACES, QUESTIONS, THINGS, TOOK, WENT
from ui import controls
from ui.session.kept import hold, kept, put
from ui.session.state import Origin
from ui.text import plain
from ui.text import translate as _

STORY, ASK, OUT, FACT, HOP, VIEW = (
    "mem_story",
    "mem_ask",
    "mem_out",
    "mem_fact",
    "mem_hop",
    "mem_view",
)  # in the address
TAKEN = "_mem_taken"  # in session state: how many stories of each kind were taken
MOST_TYPED = 60_000
BEGIN = (
    "Anna went to the kitchen.\nBen walked to the garden.\nBen took the key.\nAnna is hungry.\nBen came to the library.\n"
    "Anna ran to the hall.\nMina went to the attic."
)  # fmt: skip
QUESTION = "Where is the key?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the learner wants to see."""

    view: str  # story, gold, beside
    story: str = ""
    question: str = ""
    network: Origin | None = None  # of the view of a story


def ask() -> Asked:
    """Draw the controls: the view, the story, the question, and which network reads them."""
    for key in (FACT, HOP):
        hold(key)
    hold(OUT, "")
    with controls.row():
        view = controls.one_of(
            _("View"), VIEW, {"story": _("A story"), "beside": _("One hop, three hops"), "gold": _("Held-out stories")}
        )
        if view != "gold":
            names = {**kinds(), "beginning": _("The one from the beginning")}
            st.menu_button(
                _("Another story"), list(names), key="mem_take", on_click=take, format_func=names.__getitem__
            )  # fmt: skip
            vocabulary()
    if view == "gold":
        return Asked(view=view)
    left, right = st.columns([1.5, 1], gap="small")
    with left, kept(STORY, BEGIN):
        story = st.text_area(
            _("Story: a fact on each line"), BEGIN, height=180, max_chars=MOST_TYPED, key=STORY, bind="query-params", on_change=forget
        )  # fmt: skip
    with right:
        with kept(ASK, QUESTION):
            question = st.text_input(
                _("Question"), QUESTION, max_chars=200, key=ASK, bind="query-params", on_change=forget
            )
        network = networks.choose() if view == "story" else None
    return Asked(view=view, story=story or "", question=question or "", network=network)


def kinds() -> Mapping[str, str]:
    """What can be asked, in words."""
    told = {
        "person": _("Where is somebody? One fact decides"), "owner": _("Who has a thing? One fact"), "thing": _("Where is a thing? Two facts"),
        "before": _("Where was somebody before? Two facts"), "after": _("Where did somebody go then? Two facts"),
        "thing-before": _("Where was a thing before? Three facts"),
    }  # fmt: skip
    return {kind: told[kind] for kind in QUESTIONS}


def vocabulary() -> None:
    """What a story of one's own can be made of."""
    known = {
        _("people"): [name.capitalize() for name in PEOPLE], _("places"): PLACES, _("things"): THINGS, _("to go"): WENT, _("to take"): TOOK,
        _("to put down"): LEFT, _("to give (“… to Ben”)"): GAVE, _("what does not matter"): IDLE,
        _("questions"): [sentence(form.format(of="…", place="…"), "?") for form, _count in QUESTIONS.values()],
    }  # fmt: skip
    with st.popover(_("Words to use")):
        for name, words in known.items():
            st.markdown(f"**{plain(name)}**: {plain(', '.join(words))}")


@cache
def held_out(kind: str) -> tuple[Story, ...]:
    """The stories of a kind that no network learned from."""
    return tuple(each for each in load().split("test") if each.kind == kind)


def take() -> None:
    """Put the next held-out story of the kind that was picked into the fields. Only in callbacks."""
    kind = str(st.session_state.get("mem_take") or "thing")
    if kind == "beginning":
        put(STORY, BEGIN)
        put(ASK, QUESTION)
        return forget()
    counts = st.session_state.setdefault(TAKEN, {})
    counts[kind] = counts.get(kind, -1) + 1
    found = held_out(kind)[counts[kind] % len(held_out(kind))]
    put(STORY, "\n".join(sentence(line, ".") for line in found.lines))
    put(ASK, sentence(found.question, "?"))
    return forget()


def sentence(line: str, end: str) -> str:
    """With capital letters where people write them."""
    names = [word.capitalize() if place == 0 or word in PEOPLE else word for place, word in enumerate(line.split())]
    return " ".join(names) + end


def forget() -> None:
    """Another story: nothing is taken away, no cell is chosen. Only in callbacks."""
    st.session_state[OUT] = ""
    st.session_state[FACT] = st.session_state[HOP] = None


def without(count: int) -> tuple[int, ...]:
    """The facts that are taken away, from 0; an address can ask for any, and one must be left."""
    asked = {
        int(part) - 1
        for part in str(st.session_state.get(OUT) or "").split(".")
        if part.isascii() and part.isdigit() and len(part) < 4
    }
    found = tuple(sorted(each for each in asked if 0 <= each < count))
    return found if len(found) < count else ()


def toggle(fact: int, count: int) -> None:
    """Take a fact away, or put it back; the last one stays. Only in callbacks."""
    found = {*without(count)} ^ {fact}
    if len(found) < count:
        st.session_state[OUT] = ".".join(str(each + 1) for each in sorted(found))


def all_back() -> None:
    """Every fact again. Only in callbacks."""
    st.session_state[OUT] = ""


def chosen(key: str, allowed: Sequence[int]) -> int | None:
    """What is held, if it is one of those allowed."""
    found = st.session_state.get(key)
    return found if isinstance(found, int) and found in allowed else None
