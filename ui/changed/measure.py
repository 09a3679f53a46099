"""Measurements that take seconds: an estimate before, how far they are meanwhile, a button that stops them, and what was found is kept.

They are made in slices, each a run of a small fragment, so that a press of the button that stops them is heard in between.
"""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from ui.changed import outcome as outcomes
from ui.session.kept import hold
from ui.session.state import Origin
from ui.text import translate as _

SLICE, PAUSE = 0.5, 0.2  # seconds
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Generic[Found]):
    """What is to be measured."""

    key: str  # in the address: holds `code` while it is wanted
    code: str = "yes"
    label: str  # of the button that begins it
    count: int  # things to measure
    one: Callable[[int], Found]  # measures one of them, from 0; remembers its answers
    pace: Hashable  # under which `timed` notes how long one takes
    scope: Hashable  # what the answers belong to


@st.cache_resource(show_spinner=False)
def paces() -> dict[Hashable, float]:
    """The seconds that one thing took when it was measured last on this machine."""
    return {}


@contextmanager
def timed(pace: Hashable) -> Iterator[None]:
    """Note how long one thing takes; around what computes it, inside of what remembers it."""
    began = time.perf_counter()
    yield
    paces()[pace] = time.perf_counter() - began


def done(work: Work[Found]) -> list[Found] | None:
    """What was found, in the order of the numbers; until it is complete `None`, and in its place the button or how far it is."""
    hold(work.key, "")
    found = so_far(work)
    if st.session_state[work.key] == work.code:
        go_on(work, found)
        if len(found) < work.count:
            st.fragment(running, run_every=PAUSE)(work)
    elif len(found) < work.count:
        offer(work, len(found))
    return found if len(found) == work.count else None


def so_far(work: Work[Found]) -> list[Found]:
    """What this session has found; of other work it is forgotten, for that is remembered by what measures it."""
    scope, found = st.session_state.get(f"_{work.key}_found", (None, []))
    if scope != work.scope:
        found = []
        st.session_state[f"_{work.key}_found"] = (work.scope, found)
    return found  # type: ignore[no-any-return]


def offer(work: Work[Found], found: int) -> None:
    """The button, with an estimate where the machine's pace is known."""

    def begin() -> None:
        st.session_state[work.key] = work.code

    st.button(work.label, key=f"{work.key}_measure", on_click=begin, disabled=not work.count)
    told = [_("{found} of {count} are measured.").format(found=found, count=work.count)] if found else []
    if pace := paces().get(work.pace):
        told.append(_("It takes about {seconds} here.").format(seconds=seconds(pace * (work.count - found))))
    if told:
        st.caption(" ".join(told))


def go_on(work: Work[Found], found: list[Found]) -> None:
    """Measure for the length of a slice."""
    until = time.perf_counter() + SLICE
    while len(found) < work.count and time.perf_counter() < until:
        found.append(work.one(len(found)))


def running(work: Work[Found]) -> None:
    """How far it is, and the button that stops it; the page is drawn anew when it is done."""
    found = so_far(work)

    def stop() -> None:
        st.session_state[work.key] = ""

    bar = st.progress(len(found) / work.count, left(work, len(found)))
    st.button(_("Stop"), key=f"{work.key}_stop", on_click=stop)
    if st.session_state.get(work.key) == work.code:
        go_on(work, found)
        bar.progress(len(found) / work.count, left(work, len(found)))
    if len(found) == work.count or st.session_state.get(work.key) != work.code:
        st.rerun(scope="app")


def left(work: Work[Found], found: int) -> str:
    """`7 of 20, about 5 s to go`."""
    told = _("{found} of {count}").format(found=found, count=work.count)
    pace = paces().get(work.pace)
    more = _(", about {seconds} to go").format(seconds=seconds(pace * (work.count - found))) if pace else ""
    return told + more


def seconds(number: float) -> str:
    """A span of time as people say it."""
    if number >= 90:
        return _("{number} minutes").format(number=round(number / 60))
    return _("{number} s").format(number=max(1, round(number)))


def held_out(
    key: str, label: str, origin: Origin, measure: Callable[[Origin, int], Found], name: str
) -> tuple[str, list[Found] | None]:
    """The corpus of the held-out sentences, and what `measure` makes of each by its number; `label` has a place for their `{count}`."""
    with st.spinner(_("Opening the corpus …"), show_time=True):
        corpus, pairs = outcomes.held_out(origin)
    work = Work(
        key=key, label=label.format(count=len(pairs)), count=len(pairs), one=lambda place: measure(origin, place),
        pace=(name, origin), scope=(origin, len(pairs)),
    )  # fmt: skip
    return corpus, done(work)
