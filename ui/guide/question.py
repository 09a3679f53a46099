"""The question of a step: an answer field, a check that says right or not yet, and the answer for whoever asks for it."""

import zlib

import streamlit as st

from classroom.lessons import Question
from ui.asking.poll import Poll, said
from ui.classroom import putting
from ui.text import plain
from ui.text import translate as _

ANSWERS = "_guide_answers"  # in session state: by step, what became of it
TROUBLE = "_guide_put_trouble"  # why the class could not be asked
RIGHT, WRONG, SHOWN, EMPTY = "right", "wrong", "shown", "empty"
LONGEST = 2000  # letters of an open answer


@st.fragment
def show(asked: Question, key: str) -> None:
    """Ask it; a click on its buttons runs only this. `key` is the lesson and the step. A form, so that Enter sends it as well."""
    name = f"guide_answer_{slug(key)}"
    with st.form(f"guide_form_{slug(key)}", border=False):
        answer = field(asked, name)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if asked.kind != "open":
                st.form_submit_button(
                    _("Check"), key=f"guide_check_{slug(key)}", type="primary", on_click=check, args=(asked, key, name)
                )
            if outcome(key, answer) != RIGHT:
                words = _("Compare") if asked.kind == "open" else _("Show me")
                st.form_submit_button(
                    words, key=f"guide_show_{slug(key)}", type="tertiary", on_click=take, args=(key, SHOWN)
                )
            if (poll := poll_of(asked)) and putting.leads():
                st.form_submit_button(
                    _("Put it to the class"), key=f"guide_put_{slug(key)}", type="tertiary", on_click=put, args=(poll,)
                )
    tell(asked, outcome(key, answer))
    if trouble := st.session_state.pop(TROUBLE, None):
        st.warning(trouble)


def poll_of(asked: Question) -> Poll | None:
    """The same question as a whole class can be asked it; none if it has no answer that could be counted."""
    if asked.kind == "choice":
        place = str(asked.options.index(str(asked.right))) if asked.right is not None else ""
        return Poll(way="choice", asked=asked.ask, options=asked.options, right=place, why=asked.why)
    right = "" if asked.right is None else repr(asked.right) if isinstance(asked.right, float) else str(asked.right)
    if asked.kind == "open":
        return None
    return Poll(way=asked.kind, asked=asked.ask, right=right, tolerance=asked.tolerance, why=asked.why)


def put(poll: Poll) -> None:
    """Before the class with it."""
    if trouble := putting.put(poll):
        st.session_state[TROUBLE] = trouble


def field(asked: Question, name: str) -> str | float | None:
    """What is asked, the field for the answer, and what is in it. Its name for screen readers is no Markdown, so it stands apart."""
    st.markdown(plain(asked.ask))
    if asked.kind == "choice":
        return st.radio(asked.ask, asked.options, index=None, key=name, format_func=plain, label_visibility="collapsed")
    if asked.kind == "number":
        return st.number_input(asked.ask, value=None, format="%g", key=name, width=200, label_visibility="collapsed")
    if asked.kind == "word":
        return st.text_input(asked.ask, key=name, max_chars=80, label_visibility="collapsed")
    return st.text_area(asked.ask, key=name, max_chars=LONGEST, height=68, label_visibility="collapsed")


def check(asked: Question, key: str, name: str) -> None:
    """What the button does with what is in the field by now."""
    answer = st.session_state.get(name)
    if answer is None or answer == "":
        take(key, EMPTY)
    else:
        take(key, RIGHT if asked.is_right(answer) else WRONG, answer)


def take(key: str, outcome: str, answer: str | float | None = None) -> None:
    """Keep what became of an answer."""
    st.session_state.setdefault(ANSWERS, {})[key] = outcome, answer


def outcome(key: str, answer: str | float | None) -> str:
    """What became of this answer; "" before it was checked."""
    found, of = st.session_state.get(ANSWERS, {}).get(key, ("", None))
    return str(found) if found == SHOWN or of == answer or (found == EMPTY and not answer) else ""


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
    return _("The answer: {right}.").format(right=plain(f"{said(asked.right)}{within}"))


def slug(key: str) -> int:
    """A short name for the fields of a step."""
    return zlib.crc32(key.encode())
