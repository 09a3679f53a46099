"""A question of the teacher's own: choice, number or word; with a right answer or without."""

import streamlit as st

from ui import controls
from ui.asking.poll import LONGEST, MOST, MOST_NUMBER, OPTION, WORD, Poll, plain_word
from ui.asking.question import read
from ui.classroom import putting
from ui.text import translate as _

TROUBLE = "_class_poll_trouble"
KEYS = ("class_poll_asked", "class_poll_options", "class_poll_right", "class_poll_tolerance", "class_poll_why")


def form() -> None:
    """The form, folded until it is wanted."""
    fold = st.expander(_("A question of your own"), key="class_poll_fold", on_change="rerun")
    if not fold.open:
        return
    with fold:
        names = {"choice": _("One of some answers"), "number": _("A number"), "word": _("A word")}
        way = controls.one_of(_("Answers are"), "class_way", names)
        with st.form("class_poll", border=False):
            st.text_input(_("Question"), key=KEYS[0], max_chars=LONGEST)
            if way == "choice":
                label = _("Two to {count} answers, one in each line; a star before the right one").format(count=MOST)
                example = "12\n* 192\n768"
                st.text_area(label, key=KEYS[1], max_chars=MOST * (OPTION + 4), placeholder=example, height=130)
            else:
                st.text_input(_("The right answer, if there is one"), key=KEYS[2], max_chars=WORD, width=260)
            if way == "number":
                st.text_input(_("How far off is still right"), "0", key=KEYS[3], max_chars=20, width=260)
            st.text_input(_("Why, said with the answer"), key=KEYS[4], max_chars=LONGEST)
            st.form_submit_button(_("Put it to the class"), on_click=put, args=(way,), type="primary")
        if trouble := st.session_state.pop(TROUBLE, None):
            st.warning(trouble)


def put(way: str) -> None:
    """Before the class with it; what was typed stays if it cannot be."""
    asked, options, right, tolerance, reason = (str(st.session_state.get(key) or "").strip() for key in KEYS)
    found = made(way, asked, options, right, tolerance, reason)
    if isinstance(found, str) or (found := putting.put(found)):
        st.session_state[TROUBLE] = found
        return
    for key in KEYS:
        st.session_state.pop(key, None)


def made(way: str, asked: str, options: str, right: str, tolerance: str, reason: str) -> Poll | str:
    """The poll, or what is wrong with it."""
    asked, reason = asked[:LONGEST], reason[:LONGEST]
    if not asked:
        return _("Write the question first.")
    if way == "choice":
        return choice(asked, options, reason)
    if way == "number":
        number, far = read(right) if right else None, read(tolerance or "0")
        if (right and (number is None or abs(number) > MOST_NUMBER)) or far is None or not 0 <= far <= MOST_NUMBER:
            return _("The right answer and how far off it may be are numbers, such as 0.25 and 0.05.")
        return Poll(way=way, asked=asked, right="" if number is None else repr(number), tolerance=far, why=reason)
    return Poll(way="word", asked=asked, right=plain_word(right), why=reason)


def choice(asked: str, options: str, reason: str) -> Poll | str:
    """A poll of some answers."""
    lines = [line.strip() for line in options.splitlines() if line.strip(" *")]
    told = [line.removeprefix("*").strip()[:OPTION] for line in lines]
    starred = [place for place, line in enumerate(lines) if line.startswith("*")]
    if not 2 <= len(told) <= MOST:
        return _("Write two to {count} answers, one in each line.").format(count=MOST)
    if len(set(told)) < len(told):
        return _("Two of the answers are the same.")
    if len(starred) > 1:
        return _("Only one answer can be the right one: put one star.")
    right = str(starred[0]) if starred else ""
    return Poll(way="choice", asked=asked, options=tuple(told), right=right, why=reason)
