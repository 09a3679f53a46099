"""How a question is answered on the screen: options or a field, by mouse or keyboard; and what is said of the answer."""

from collections.abc import Callable

import streamlit as st

from ui import controls
from ui.asking.poll import Asked, Poll, weigh
from ui.asking.question import LONGEST as LONGEST_NUMBER
from ui.asking.question import Question, Verdict, number, within
from ui.text import filled, plain
from ui.text import translate as _

REFUSED = "_asking_refused"  # in session state: what was typed and is no answer


def answer(asked: Asked, key: str, label: str, take: Callable[[str, Verdict, float | None], None]) -> None:
    """The form. `take` is called with what was typed, what it is worth and its value, if it is an answer; otherwise it is said why not."""

    def sent() -> None:
        typed = str(st.session_state.get(key) or "")
        found = weigh(asked, typed) if typed else None
        if found is None:
            st.session_state[REFUSED] = (key, complaint(asked, typed))
        else:
            take(typed, *found)

    with st.form(f"{key}_form", border=False), controls.row(f"atlas_controls_answer_{key}"):
        field(asked, key)
        st.form_submit_button(label, on_click=sent, type="primary")
    if (refused := st.session_state.pop(REFUSED, None)) and refused[0] == key:
        st.warning(refused[1])


def refuse(key: str, why: str) -> None:
    """Say under the form with this key why the answer was not taken. Only in `take`."""
    st.session_state[REFUSED] = (key, why)


def field(asked: Asked, key: str) -> None:
    """Where it is typed or chosen."""
    if asked.options:
        codes = [str(place) for place in range(1, len(asked.options) + 1)]
        names = dict(zip(codes, map(plain, asked.options), strict=True))
        st.segmented_control(_("Your answer"), codes, format_func=names.__getitem__, key=key, wrap=True)
    else:
        form = within(asked) if isinstance(asked, Question) else form_of(asked)
        st.text_input(_("Your answer: {form}").format(form=form), key=key, max_chars=LONGEST_NUMBER, width=260)


def form_of(asked: Poll) -> str:
    """What a poll wants."""
    if asked.way == "word":
        return _("a word")
    near = asked.right and asked.tolerance
    return _("a number, ± {tolerance}").format(tolerance=f"{asked.tolerance:.2g}") if near else _("a number")


def complaint(asked: Asked, typed: str) -> str:
    """What is wrong with an answer that is none."""
    if asked.options:
        return _("Choose one of the answers first.")
    if isinstance(asked, Poll) and asked.way == "word":
        return _("Write a word first.")
    if not typed.strip():
        return _("Write a number first. A guess is fine.")
    return _("“{typed}” is not a number. Write it like 0.25, −1.5, 50 % or 1/2.").format(typed=plain(typed[:40]))


def verdict_words(asked: Asked, verdict: Verdict | None) -> str:
    """HTML: whether it was right; `None` is the verdict of who gave no answer."""
    right = quoted(asked.answer)
    if verdict is None:
        return filled(_("It is {answer}."), answer=right)
    if verdict.right:
        return filled(_("✓ Right: {answer}."), answer=right)
    if verdict.far is None:
        return filled(_("✗ You said {said}. It is {answer}."), said=quoted(verdict.said), answer=right)
    digits = asked.digits or (0 if verdict.far == int(verdict.far) else 1) if isinstance(asked, Question) else 3
    away = number(verdict.far, digits)
    away = away.rstrip("0").rstrip(".") if "." in away else away
    return filled(_("✗ You said {said}. It is {answer}, {away} away."), said=verdict.said, answer=right, away=away)


def quoted(answer: str) -> str:
    """A punctuation mark would get lost in a sentence, and a sentence would end twice."""
    return answer if any(map(str.isalnum, answer)) and not answer.endswith(".") else f"“{answer}”"


def in_words(question: Question, seen: bool) -> str:
    """The picture of what a question gives, in words."""
    given, told = question.given, []
    for row, name in enumerate(given.rows):
        cells = [
            f"{column} {_('unknown') if (row, place) in given.hidden and not seen else number(given.values[row, place])}"
            for place, column in enumerate(given.columns)
            if given.values[row, place] == given.values[row, place]
        ]
        told.append(f"{name}: {', '.join(cells)}")
    return f"{given.title}. {'; '.join(told)}."
