"""What a learner is shown of their own: nickname, answers, and the way out."""

import streamlit as st

from classroom import Refused, asking, rooms, store, tables
from classroom.asking import REVEALED
from pages.classroom import door
from ui.asking import packed
from ui.changed.telling import table_of
from ui.classroom import who
from ui.classroom.words import why
from ui.session.kept import hold
from ui.text import translate as _

NAME, TROUBLE, LEAVING = "class_rename", "_class_refused", "_class_leaving"


def show(learner: who.Learner) -> None:
    """All of it."""
    told = _(
        "Keep this open, or look around: the bar above stays with you on every page. When your teacher asks something, it appears there."
    )
    st.html(f'<p class="atlas-cell">{told}</p>')
    if trouble := st.session_state.pop(TROUBLE, None):
        st.warning(trouble)
    hold(door.CODE, "")
    if (code := str(st.session_state[door.CODE])[:40]) and code.upper() != learner.room.code:
        st.info(
            _("You are in room {code}. Another room is joined here; your answers in this one stay.").format(
                code=learner.room.code
            )
        )
        door.join()
    answers(learner)
    with st.expander(_("Another nickname, or leave the room")):
        with st.form("class_rename_form", border=False):
            st.text_input(_("Your nickname"), learner.member.name, key=NAME, max_chars=200, width=260)
            st.form_submit_button(_("Change it"), on_click=renamed, args=(learner,))
        leaving(learner)


def renamed(learner: who.Learner) -> None:
    """The same learner by another name."""
    typed = str(st.session_state.get(NAME) or "")
    try:
        rooms.rename(store.opened(), learner.member, typed[: 20 * tables.NICKNAME])
    except Refused as refused:
        st.session_state[TROUBLE] = why(refused)


def leaving(learner: who.Learner) -> None:
    """The way out, asked twice, for the answers go along."""
    if not st.session_state.get(LEAVING):
        st.button(_("Leave the room"), key="class_leave", on_click=st.session_state.update, args=({LEAVING: True},))
        return
    st.markdown(_("Your answers in this room are deleted."))
    st.button(_("Leave and delete them"), key="class_leave_sure", on_click=left, args=(learner,), type="primary")
    st.button(_("Stay"), key="class_leave_not", on_click=st.session_state.update, args=({LEAVING: False},))


def left(learner: who.Learner) -> None:
    """Gone."""
    st.session_state[LEAVING] = False
    try:
        rooms.leave(store.opened(), learner.member)
        st.session_state[door.NEW] = True
    except Refused as refused:
        st.session_state[TROUBLE] = why(refused)


def answers(learner: who.Learner) -> None:
    """What was asked so far, what they said, and how it was once it may be known."""
    rows = []
    for question in asking.questions(store.opened(), learner.room):
        asked = packed.unpack(asking.asked_of(store.opened(), question, learner.member))
        said = asking.answered(store.opened(), question, learner.member)
        open = question.state != REVEALED
        sign = "" if open or said is None or said.right is None else "✓ " if said.right else "✗ "
        rows.append(
            [
                str(question.number),
                packed.words(asked),
                sign + (said.said if said else "–"),
                "" if open else asked.answer,
            ]
        )
    if rows:
        table_of(_("Your answers"), (_("question"), _("asked"), _("you said"), _("the right one")), rows)
