"""One step of the lesson that is being written: its place, its address, its note, its question and what it locks."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from classroom import lessons, written
from classroom.lessons import LENGTHS, Plan, PlanError, Question, Step
from pages.lessons import telling
from ui import controls
from ui.changed.undo import button
from ui.guide import draft, locks, place, shelf
from ui.text import plain
from ui.text import translate as _

KINDS = ("", "choice", "number", "word", "open")
REFUSED = "_le_refused"  # in session state: why a field was not taken


def show(plan: Plan, number: int) -> None:
    """Which step, what can be done with it, and its fields."""
    step = plan.steps[number]
    names = {str(each): f"{each}. {shelf.called(its.page)}" for each, its in enumerate(plan.steps, 1)}
    with controls.row("atlas_controls_step"):
        st.selectbox(
            _("Step"), list(names), number, format_func=names.__getitem__, key=f"le_which_{draft.version()}_{number}_{len(names)}",
            on_change=lambda: go(int(st.session_state[f"le_which_{draft.version()}_{number}_{len(names)}"])), width=240,
        )  # fmt: skip
        button(_("Up"), "le_up", lambda: move(number, -1), disabled=number == 0)
        button(_("Down"), "le_down", lambda: move(number, 1), disabled=number + 1 == len(plan.steps))
        button(_("Remove"), "le_remove", lambda: remove(number))
        st.html(telling.start(plan, place.MINE, _("Open it"), number), width="content")
    if why := st.session_state.pop(REFUSED, ""):
        st.error(plain(why))
    key = f"{draft.version()}_{number}"
    note(step, number, key)
    question(step, number, key)
    more(step, number, key)


def go(number: int) -> None:
    """Point at a step, from 1."""
    st.session_state[telling.STEP] = number


def put(number: int, change: Callable[[Step], Step], afresh: bool = False) -> None:
    """Change a step, if what comes of it can be one."""
    plan = draft.plan()
    if number >= len(plan.steps):
        return
    steps = [*plan.steps]
    try:
        steps[number] = change(steps[number])
        draft.change(lessons.read(written.write(replace(plan, steps=tuple(steps))), shelf.pages(), whole=False), afresh)
    except PlanError as error:
        st.session_state[REFUSED] = str(error)


def move(number: int, by: int) -> None:
    """Let a step change its place with its neighbour."""
    steps = [*draft.plan().steps]
    steps[number], steps[number + by] = steps[number + by], steps[number]
    draft.change(replace(draft.plan(), steps=tuple(steps)), afresh=True)
    go(number + by + 1)


def remove(number: int) -> None:
    """Take a step out."""
    steps = draft.plan().steps
    draft.change(replace(draft.plan(), steps=(*steps[:number], *steps[number + 1 :])), afresh=True)


def note(step: Step, number: int, key: str) -> None:
    """What the learner reads, and how long the step takes."""
    field(
        _("Note for the learner"), step.note, f"le_note_{key}", LENGTHS["note"],
        lambda to: put(number, lambda old: replace(old, note=to)), lines=4,
    )  # fmt: skip
    with controls.row("atlas_controls_minutes"):
        minutes = f"le_minutes_{key}"
        st.number_input(
            _("Minutes"), 1, lessons.MINUTES, step.minutes, key=minutes, width=110,
            on_change=lambda: put(number, lambda old: replace(old, minutes=int(st.session_state[minutes] or old.minutes))),
        )  # fmt: skip
        locked, names = f"le_locked_{key}", locks.names()
        st.pills(
            _("Lock"), lessons.LOCKS, selection_mode="multi", default=[each for each in lessons.LOCKS if each in step.locked],
            format_func=names.__getitem__, key=locked, wrap=True,
            on_change=lambda: put(number, lambda old: replace(old, locked=frozenset(st.session_state[locked]))),
        )  # fmt: skip


def field(label: str, value: str, key: str, most: int, take: Callable[[str], None], lines: int = 1) -> None:
    """A field of text, `lines` high; `take` gets what was typed."""

    def typed() -> None:
        take(str(st.session_state[key] or "").strip())

    if lines == 1:
        st.text_input(label, value, key=key, max_chars=most, on_change=typed)
    else:
        st.text_area(label, value, key=key, max_chars=most, height=24 * lines + 20, on_change=typed)


def question(step: Step, number: int, key: str) -> None:
    """Whether anything is asked, and what."""
    words = {"": _("None"), "choice": _("Choice"), "number": _("Number"), "word": _("Word"), "open": _("Open")}
    chosen, now = f"le_kind_{key}", step.question.kind if step.question else ""
    with controls.row("atlas_controls_question"):
        st.segmented_control(
            _("Question"), KINDS, default=now, format_func=words.__getitem__, key=chosen, required=True,
            on_change=lambda: put(number, lambda old: replace(old, question=begun(st.session_state[chosen], old.question)), afresh=True),
        )  # fmt: skip
    if step.question:
        asking(step.question, number, key)


def begun(kind: str, before: Question | None) -> Question | None:
    """A question of a kind, with what can be kept of the one before."""
    if not kind:
        return None
    ask, why = (before.ask, before.why) if before else (_("What do you see?"), "")
    right: dict[str, str | float | None] = {
        "choice": _("First answer"),
        "number": 0.0,
        "word": _("answer"),
        "open": None,
    }
    options = (_("First answer"), _("Second answer")) if kind == "choice" else ()
    return Question(ask=ask, options=options, right=right[kind], why=why)


def asking(asked: Question, number: int, key: str) -> None:
    """The fields of a question."""

    def part(change: Callable[[Question, str], Question]) -> Callable[[str], None]:
        return lambda to: put(number, lambda old: replace(old, question=old.question and change(old.question, to)))

    field(_("Ask"), asked.ask, f"le_ask_{key}", LENGTHS["ask"], part(lambda old, to: replace(old, ask=to)))
    if asked.kind == "choice":
        most = lessons.OPTIONS * (LENGTHS["option"] + 3)
        label = _("Answers, one in a line; the right one begins with *")
        field(label, marked(asked), f"le_options_{key}", most, part(unmarked), lines=4)
    elif asked.kind == "number":
        with controls.row("atlas_controls_number"):
            number_of(_("Right"), asked, number, "right", f"le_right_{key}")
            number_of(_("Give or take"), asked, number, "tolerance", f"le_tolerance_{key}")
    elif asked.kind == "word":
        right = part(lambda old, to: replace(old, right=to or old.right))
        field(_("Right"), str(asked.right), f"le_right_{key}", LENGTHS["word"], right)
    why = part(lambda old, to: replace(old, why=to))
    field(_("Why: told with the answer"), asked.why, f"le_why_{key}", LENGTHS["why"], why, lines=3)


def number_of(label: str, asked: Question, number: int, name: str, key: str) -> None:
    """A field of a number of the question."""

    def typed() -> None:
        to: dict[str, Any] = {name: float(st.session_state[key] or 0)}
        put(number, lambda old: replace(old, question=old.question and replace(old.question, **to)))

    value = float(getattr(asked, name) or 0)
    low = 0.0 if name == "tolerance" else -1e9
    st.number_input(label, low, 1e9, value, step=None, format="%g", key=key, on_change=typed, width=130)


def marked(asked: Question) -> str:
    """The answers as lines, the right one marked."""
    return "\n".join(f"* {each}" if each == asked.right else each for each in asked.options)


def unmarked(old: Question, lines: str) -> Question:
    """The answers out of the lines."""
    found = [line.strip() for line in lines.splitlines() if line.strip(" *")]
    right = next((line.lstrip("* ") for line in found if line.startswith("*")), None)
    return replace(old, options=tuple(line.lstrip("* ") for line in found), right=right)


def more(step: Step, number: int, key: str) -> None:
    """What few change: a remark for the teacher; and the address."""
    field(
        _("Remark for the teacher: expected answers, timing"), step.teacher, f"le_teacher_{key}", LENGTHS["teacher"],
        lambda to: put(number, lambda old: replace(old, teacher=to)), lines=3,
    )  # fmt: skip
    field(
        _("Address of the view"),
        step.at,
        f"le_at_{key}",
        LENGTHS["at"],
        lambda to: put(number, lambda old: replace(old, at=to)),
    )
