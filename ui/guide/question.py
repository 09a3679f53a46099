"""The question of a step: an answer field, a check that says right or not yet, and the answer for whoever asks for it."""

import zlib
from collections.abc import Callable

import streamlit as st

from classroom.lessons import Question
from ui.text import plain
from ui.text import translate as _

ANSWERS = "_guide_answers"  # in session state: by step, what became of it
RIGHT, WRONG, SHOWN, EMPTY = "right", "wrong", "shown", "empty"
LONGEST = 2000  # letters of an open answer


@st.fragment
def show(asked: Question, key: str) -> None:
    """Ask it; a click on its buttons runs only this. `key` is the lesson and the step."""
    answer = field(asked, key)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if asked.kind == "open":
            st.button(_("Compare"), key=f"guide_check_{slug(key)}", on_click=lambda: take(key, SHOWN))
        else:
            st.button(_("Check"), key=f"guide_check_{slug(key)}", type="primary", on_click=check(asked, key, answer))
            if asked.kind != "open" and outcome(key) != RIGHT:
                st.button(
                    _("Show me"), key=f"guide_show_{slug(key)}", type="tertiary", on_click=lambda: take(key, SHOWN)
                )
    tell(asked, outcome(key))


def field(asked: Question, key: str) -> str | float | None:
    """The field for the answer, and what is in it."""
    name, label = f"guide_answer_{slug(key)}", plain(asked.ask)
    if asked.kind == "choice":
        return st.radio(label, asked.options, index=None, key=name, format_func=plain, on_change=lambda: take(key, ""))
    if asked.kind == "number":
        return st.number_input(label, value=None, step=None, format="%g", key=name, on_change=lambda: take(key, ""))
    if asked.kind == "word":
        return st.text_input(label, key=name, max_chars=80, on_change=lambda: take(key, ""))
    return st.text_area(label, key=name, max_chars=LONGEST, height=68)


def check(asked: Question, key: str, answer: str | float | None) -> Callable[[], None]:
    """What the button does."""

    def checked() -> None:
        if answer is None or answer == "":
            take(key, EMPTY)
        else:
            take(key, RIGHT if asked.is_right(answer) else WRONG)

    return checked


def take(key: str, outcome: str) -> None:
    """Keep what became of it."""
    st.session_state.setdefault(ANSWERS, {})[key] = outcome


def outcome(key: str) -> str:
    """What became of it; "" before it was checked."""
    return str(st.session_state.get(ANSWERS, {}).get(key, ""))


def tell(asked: Question, outcome: str) -> None:
    """Right, not yet, or the answer; and why."""
    why = f" {plain(asked.why)}" if asked.why else ""
    if outcome == RIGHT:
        st.success(_("Right.") + why, icon=":material/check:")
    elif outcome == WRONG:
        st.warning(_("Not yet. Look at the picture once more, or let it be shown."), icon=":material/close:")
    elif outcome == EMPTY:
        st.caption(_("Answer first: a guess is fine."))
    elif outcome == SHOWN:
        st.info((right(asked) + why).strip() or _("There is no one right answer: compare with your neighbour."))


def right(asked: Question) -> str:
    """The right answer in words; "" if there is none."""
    if asked.right is None:
        return ""
    if isinstance(asked.right, str):
        return _("The answer: {right}.").format(right=plain(asked.right.rstrip(".")))
    within = _(" (± {tolerance:g})").format(tolerance=asked.tolerance) if asked.tolerance else ""
    return _("The answer: {right}.").format(right=plain(f"{asked.right:g}{within}"))


def slug(key: str) -> int:
    """A short name for the fields of a step."""
    return zlib.crc32(key.encode())
