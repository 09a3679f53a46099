"""Where the learner stands: which lesson, at which step. Both are in the address, so a link or a reload shows the same."""

from urllib.parse import urlencode

import streamlit as st

from classroom.lessons import Plan, PlanError
from ui.guide import draft, shelf
from ui.session.kept import HELD, hold

LESSON, STEP = "lesson", "lesson_step"  # in the address
MINE = "mine"  # the lesson that this browser keeps: written here, or brought as a file
CARRIED = ("present", "palette", "lang")  # what stays from step to step unless the step says otherwise


def current() -> tuple[Plan, int] | None:
    """The lesson that is walked through and its step, counted from 0; `None` if there is none, or it cannot be shown."""
    try:
        plan = named(name())
    except PlanError:
        return None
    if plan is None or not plan.steps:
        return None
    asked = st.session_state[STEP]
    return plan, min(max(asked if isinstance(asked, int) else 1, 1), len(plan.steps)) - 1


def name() -> str:
    """What the address calls the lesson; "" if there is none."""
    hold(LESSON, "")
    hold(STEP, 1)
    return str(st.session_state[LESSON])


def named(name: str) -> Plan | None:
    """The lesson of that name, if there is one. `PlanError` if it is damaged."""
    return (draft.known() if name == MINE else shelf.opened(name)) if name else None


def locked(what: str) -> bool:
    """Whether the step of the lesson keeps the learner from it: one of `classroom.lessons.LOCKS`."""
    found = current()
    return found is not None and what in found[0].steps[found[1]].locked


def leave() -> None:
    """Out of the lesson; the view stays. Only in callbacks."""
    st.session_state[LESSON], st.session_state[STEP] = "", 1


def address(plan: Plan, step: int, lesson: str) -> str:
    """The way to a step, counted from 0: all that its page is asked for, and the lesson. A whole new page, so nothing else stays chosen."""
    at = plan.steps[step]
    carried = {
        key: str(st.session_state[key]).lower() if key == "present" else str(st.session_state[key])
        for key in CARRIED
        if chosen(key)
    }
    asked = carried | at.asked | {LESSON: lesson, STEP: str(step + 1)}
    return f"./{at.page}?{urlencode(asked)}"


def chosen(key: str) -> bool:
    """Whether somebody chose it."""
    value = st.session_state.get(key)
    return bool(value) and value != st.session_state.get(HELD, {}).get(key, (None, None, None))[2]
