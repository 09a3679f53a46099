"""The bar of the room, on every page of whoever is in one: who is here, where the class is, and the question before it.

A fragment of its own: what happens in the room never draws the page again.
"""

import streamlit as st

from classroom import Refused, asking, rooms, store
from classroom import leading as classroom_leading
from classroom.asking import Question
from classroom.rooms import Room
from figures.theme import Mode
from ui.classroom import answering, leading, stream, who
from ui.classroom.who import Learner, Teacher
from ui.classroom.words import why
from ui.text import plain
from ui.text import translate as _

ALONE = "predict"  # the page on which a teacher looks for a question, alone even while leading
AT = "_class_at"  # in session state: the code of the room one was in
TOLD = "_class_told"  # in session state: what went wrong with the last click, to be said once


def show(page: str, mode: Mode) -> None:
    """First under the banner; nothing for whoever is in no room, and without a word where the records cannot be reached."""
    try:
        found = who.standing()
        if isinstance(found, Learner):
            rooms.moved(store.opened(), found.member, page)
    except Refused:
        return
    if found is not None:
        st.session_state[AT] = found.room.code
        with st.container(key="atlas_room"):
            panel(mode)


@st.fragment
def panel(mode: Mode) -> None:
    """All of it, as it is now."""
    try:
        found = who.standing()
        if found is None:
            st.info(parted(str(st.session_state.get(AT, ""))))
            return
        question = asking.question(store.opened(), found.room)
        line(found, question)
        if told := st.session_state.pop(TOLD, None):
            st.warning(told)
        if question is not None:
            with st.container(key="atlas_room_question"):
                if isinstance(found, Teacher):
                    leading.question(found.room, question, mode)
                else:
                    answering.show(found, question, mode)
    except Refused as refused:
        st.warning(why(refused))


def parted(code: str) -> str:
    """That one is in no room any more, and why."""
    if any(room.code == code for room in rooms.all_rooms(store.opened())):
        return _("You are no longer in room {code}: you left it, or your teacher sent you out.").format(code=code)
    return _("The room {code} has ended.").format(code=code)


def line(found: Teacher | Learner, question: Question | None) -> None:
    """Which room, and what its browsers hear."""
    room, teaches = found.room, isinstance(found, Teacher)
    with st.container(key="atlas_room_line", horizontal=True, vertical_alignment="center", gap="small"):
        name = f"**{room.code}**" if isinstance(found, Teacher) else f"**{room.code}** · {plain(found.member.name)}"
        st.page_link("pages/600_classroom.py", label=_("Room {name}").format(name=name), icon=":material/groups:")
        counts = teaches and question is not None
        said = len(asking.answers(store.opened(), question)) if counts and question else 0
        data = {
            "room": room.code, "teacher": teaches, "version": room.version, "always": room.always, "words": words(teaches),
            "asked": question.number if question else 0,
            "alone": ALONE, "answered": said, "watch": counts and leading.watching(), "counts": counts,
        }  # fmt: skip
        stream.listen(room.key if isinstance(found, Teacher) else found.member.key, data, moved)


def words(teaches: bool) -> dict[str, str]:
    """What the browser says by itself."""
    common = {"waiting": _("Connecting …"), "crowd": _("Open in too many tabs: click into this one to go on here.")}
    if teaches:
        return common | {
            "here": _("{here} of {members} learners here"), "with": _("{here} of {members} learners here, {with} with you"),
            "bring": _("Bring everybody here"), "lead": _("Lead"), "answered": _("{answered} of {members} answered"),
            "hint": _("While you lead, your page, sentence and choices become everybody’s; who wanders off can come back with a click. ")
            + _("On “Predict, then reveal” you choose a question alone."),
        }  # fmt: skip
    return common | {
        "following": _("You follow your teacher."), "together": _("You are where the class is."),
        "wandered": _("The class is elsewhere."), "back": _("Back to the class"),
    }  # fmt: skip


def moved(told: stream.Told) -> None:
    """The teacher's browser says where it is, and whom to bring. Only in callbacks."""
    try:
        room: Room = who.teacher()
        always = told.get("always")  # pressed: on or off; `None` if it was not
        if always is not None:
            classroom_leading.follow(store.opened(), room, bool(always))
        if always is not False:
            classroom_leading.lead(
                store.opened(), room, str(told.get("address", "")), bool(told.get("bring") or always)
            )
    except Refused as refused:
        st.session_state[TOLD] = why(refused)
