"""The door: join a room with its code, or open one."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from classroom import Refused, rooms, store, tables
from classroom import leading as classroom_leading
from ui.classroom import who, words
from ui.classroom.words import why
from ui.session.kept import hold
from ui.text import translate as _
from ui.training import people, teacher

NEW = "_class_new"  # in session state: somebody has just come in
CODE, NAME, TROUBLE = "room", "class_name", "_class_refused"  # `room` is in the address: the link of the room


def show() -> None:
    """Both ways in; the learner's first."""
    join()
    if who.may_teach():
        open_one()
        others()
    elif people.has_teacher():
        st.caption(_("Rooms are opened by teachers."))
        teacher.field()
    else:
        st.caption(
            _(
                "Rooms are opened by teachers, with a code that whoever serves this app has set (“In a classroom” in the README)."
            )
        )


def just_in() -> None:
    """After a click that changed who one is here, the whole page is drawn: the bar of the room is on it, and the browser is known again."""
    if st.session_state.pop(NEW, False):
        st.rerun(scope="app")


def join() -> None:
    """The learner's form: a code, which a link brings along, and a nickname."""
    hold(CODE, "")
    with st.container(border=True, key="class_join"), st.form("class_join_form", border=False):
        st.markdown("**" + _("Join a room") + "**")
        code = str(st.session_state[CODE])[:40]
        st.text_input(_("The code of the room"), code, key="class_code", max_chars=40, width=260)
        hint = _("Your teacher sees it. A made-up one is fine: nothing else is kept of you.")
        st.text_input(_("Your nickname"), key=NAME, max_chars=200, width=260, help=hint)
        st.form_submit_button(_("Join"), on_click=joined, type="primary")
    if trouble := st.session_state.pop(TROUBLE, None):
        st.warning(trouble)
    told = _(
        "Kept until the room ends, a day at most: your nickname, your answers, and a mark by which your browser is known again."
    )
    st.html(f'<p class="atlas-cell atlas-door">{told}</p>')


def joined() -> None:
    """Let them in, or say why not."""
    code, name = (str(st.session_state.get(key) or "") for key in ("class_code", NAME))
    try:
        if not store.exists():
            raise Refused("unknown")
        rooms.join(store.opened(), code, name[: 20 * tables.NICKNAME], people.me().token, people.address())
        st.session_state[CODE] = ""
        st.session_state[NEW] = True
    except Refused as refused:
        st.session_state[TROUBLE] = why(refused)


def open_one() -> None:
    """The teacher's button."""
    with st.container(border=True, key="class_open"):
        st.markdown("**" + _("Open a room") + "**")
        st.markdown(
            _("You get a code and a picture of it for the phones; everybody who joins can be led by you, and asked.")
        )
        st.button(_("Open a room"), key="class_open_room", on_click=opened, type="primary")


def opened() -> None:
    """A new room, if they may."""
    act(new)()


def new() -> None:
    """Open it, and lead it."""
    if not who.may_teach():
        raise Refused("teacher")
    room = rooms.open_room(store.opened(), people.me().token)
    classroom_leading.take(store.opened(), room.id, people.me().token)
    st.session_state[NEW] = True


def others(now: int = 0) -> None:
    """The other rooms that one may lead: one's own, and with the teacher's code every other."""
    token = people.known().token
    try:
        found = rooms.all_rooms(store.opened()) if store.exists() else []
    except Refused:
        return
    found = [room for room in found if room.id != now and (who.may_teach() or room.owner == store.hashed(token))]
    if found:
        st.caption(_("Open on this server:"))
        with st.container(horizontal=True):
            for room in found:
                st.button(
                    _("Lead {code}").format(code=room.code),
                    key=f"class_lead_{room.id}",
                    on_click=act(partial(lead, room.id)),
                )


def lead(id: int) -> None:
    """Take one of them."""
    mine = any(room.id == id for room in rooms.of_owner(store.opened(), people.known().token))
    if not (who.may_teach() or mine):
        raise Refused("teacher")
    classroom_leading.take(store.opened(), id, people.me().token)
    st.session_state[NEW] = True


def act(do: Callable[[], None]) -> Callable[[], None]:
    """A click; what is refused is said at the top of the page."""
    return words.act(do, TROUBLE)
