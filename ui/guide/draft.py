"""The lesson that somebody writes: kept by their browser, so that it is still there after a reload; every change can be taken back."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from classroom import lessons, written
from classroom.lessons import Plan, PlanError, Step
from ui import ASSETS
from ui.guide import shelf
from ui.text import translate as _

DRAFT, PAST, WRITING, HEARD, SAID, VERSION = (
    "_lesson_draft", "_lesson_past", "_lesson_writing", "_lesson_heard", "_lesson_said", "_lesson_version",
)  # fmt: skip
BACK = 60  # changes that can be taken back
NOT_OF_A_STEP = (
    "present",
    "lang",
    "embed",
    "class_name",
    "class_watch",
    *lessons.RESERVED,
)  # in an address, but no part of a view
WHOSE = ("text", "checkpoint")  # said by every step, also where they are as usual

_keeper = st.components.v2.component(
    "atlas_lesson_keeper", html="<span></span>", js=(ASSETS / "lesson_keeper.js").read_text("utf-8")
)
_adder = st.components.v2.component(
    "atlas_lesson_adder",
    html='<button type="button" class="atlas-add"></button>',
    css=(ASSETS / "lesson_adder.css").read_text("utf-8"),
    js=(ASSETS / "lesson_adder.js").read_text("utf-8"),
    isolate_styles=False,
)


def known() -> Plan | None:
    """The lesson that this browser keeps; `None` if there is none, or it has not told yet."""
    return st.session_state.get(DRAFT)


def plan() -> Plan:
    """The same; an empty one to begin with."""
    return known() or Plan()


def heard() -> bool:
    """Whether the browser has told what it keeps."""
    return bool(st.session_state.get(HEARD)) or known() is not None


def writing() -> bool:
    """Whether the person is writing a lesson."""
    return bool(st.session_state.get(WRITING))


def write(on: bool) -> None:
    """Begin to write, or stop; the lesson stays. Only in callbacks."""
    st.session_state[WRITING] = on
    st.session_state.setdefault(DRAFT, plan())


def change(to: Plan, afresh: bool = False) -> None:
    """Make the lesson this. `afresh` has every field show it anew. Only in callbacks."""
    if to == plan():
        return
    past = st.session_state.setdefault(PAST, [])
    past.append(plan())
    del past[:-BACK]
    st.session_state[DRAFT] = to
    st.session_state[VERSION] = version() + afresh


def undo() -> None:
    """Take the last change back. Only in callbacks."""
    if past := st.session_state.get(PAST):
        st.session_state[DRAFT] = past.pop()
        st.session_state[VERSION] = version() + 1


def can_undo() -> bool:
    """Whether there is a change to take back."""
    return bool(st.session_state.get(PAST))


def version() -> int:
    """Counts whenever the fields have to be drawn anew; a part of their keys."""
    return int(st.session_state.get(VERSION, 0))


def remember() -> None:
    """On every page: the browser keeps the lesson, and brings it when it comes anew."""
    mine = known()
    data = {
        "known": mine is not None, "heard": heard(), "writing": writing(),
        "text": "" if mine is None else written.write(mine),
    }  # fmt: skip
    with st.container(key="atlas_hidden_lesson"):
        _keeper(key="lesson_keeper", data=data, on_found_change=found)


def found() -> None:
    """What the browser had: of an earlier visit, or of another tab. What cannot be read is left as it is."""
    told = told_by("lesson_keeper", "found")
    st.session_state[HEARD] = True
    if not isinstance(told, dict) or not isinstance(text := told.get("text"), str) or not text:
        return
    try:
        brought = lessons.read(text, shelf.pages(), whole=False)
    except PlanError:
        return
    st.session_state[WRITING] = told.get("writing") is True
    if brought != known():
        st.session_state[DRAFT] = brought
        st.session_state[VERSION] = version() + 1


def told_by(key: str, name: str) -> Any:
    """What a component has just told."""
    return (st.session_state.get(key) or {}).get(name)


def adder() -> None:
    """The button that makes the view a step. The browser knows its whole address."""
    _adder(key="lesson_adder", data={"label": _("Add this view as a step")}, on_at_change=add)


def add() -> None:
    """A step for the view that the browser shows."""
    told = told_by("lesson_adder", "at")
    try:
        if len(plan().steps) >= lessons.STEPS:
            raise PlanError(_("A lesson has {count} steps at most.").format(count=lessons.STEPS))
        at = lessons.address(of_a_step(str(told)), _("This view"), shelf.pages())
        if len(at) > lessons.LENGTHS["at"]:
            raise PlanError(_("The address of this view is too long for a step."))
    except PlanError as error:
        st.session_state[SAID] = str(error)
        return
    steps = (*plan().steps, Step(at=at))
    change(Plan(title=plan().title, about=plan().about, aims=plan().aims, steps=steps), afresh=True)
    st.session_state[SAID] = _("Step {number} is this view.").format(number=len(steps))


def said() -> str:
    """What became of the last click on the button, told once."""
    return str(st.session_state.pop(SAID, ""))


def of_a_step(told: str) -> str:
    """The address of a view as a step has it: with its sentence and model, without what is no part of the view."""
    page, _mark, asked = told.partition("?")
    pairs = [(key, value) for key, value in parse_qsl(asked, keep_blank_values=True) if is_of_a_step(key)]
    missing = [
        (key, str(st.session_state[key])) for key in WHOSE if st.session_state.get(key) and key not in dict(pairs)
    ]
    return f"{page}?{urlencode([*missing, *pairs])}"


def is_of_a_step(key: str) -> bool:
    """Whether it belongs to a view."""
    return key.isidentifier() and key.isascii() and key not in NOT_OF_A_STEP and not key.startswith("to_")
