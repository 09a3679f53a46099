"""The board for the front of the room: the code, the link and its picture, who is here; questions of the teacher's own; the results."""

import html

import streamlit as st

from classroom import Refused, limits, rooms, store
from classroom import leading as classroom_leading
from classroom.rooms import Room
from pages.classroom import door, link, poll, results
from ui import ASSETS, controls, frame
from ui.classroom import who
from ui.classroom.words import why
from ui.text import filled
from ui.text import translate as _
from ui.training import people, teacher

STYLE = (ASSETS / "class_board.css").read_text("utf-8")
ENDING = "_class_ending"


def show(room: Room) -> None:
    """What the teacher does, below the board."""
    if trouble := st.session_state.pop(door.TROUBLE, None):
        st.warning(trouble)
    here()
    ask()
    members = rooms.members(store.opened(), room)
    results.show(room, members)
    door_of(room, members)
    end(room)
    door.others(room.id)
    teacher.field()


def code(room: Room) -> None:
    """The code for the back row, the picture for the phones, the link for everybody else; over the whole page."""
    st.html(f"<style>{STYLE}</style>")
    address = link.of(room.code)
    if told := link.warning(address):
        st.warning(told)
    spoken = " ".join(room.code)
    alt = html.escape(_("QR code of the link {link}").format(link=address))
    st.html(
        '<div class="atlas-board">'
        f'<div class="atlas-qr"><img alt="{alt}" src="{html.escape(link.picture(address))}"></div>'
        f'<div><p class="atlas-code" aria-label="{html.escape(spoken)}">{html.escape(room.code)}</p>'
        f'<p class="atlas-code-link">{html.escape(address)}</p>'
        f"<p>{filled(_('Point a phone at the picture, or open {link} and type the code.'), link=address.partition('?')[0])}</p></div></div>"
    )


@st.fragment(run_every=2)
def here() -> None:
    """Who has joined; looked for again every other second, while this page is open."""
    try:
        members = rooms.members(store.opened(), who.teacher())
    except Refused:
        return
    if not members:
        st.info(_("Nobody has joined yet. Leave this page open where all can see it; whoever joins appears here."))
        return
    names = " ".join(f"<li>{html.escape(each.name)}</li>" for each in members)
    title = (
        _("1 learner has joined") if len(members) == 1 else _("{count} learners have joined").format(count=len(members))
    )
    st.html(f'<div class="atlas-members"><p>{title}</p><ol>{names}</ol></div>')


def ask() -> None:
    """The ways to a question."""
    st.markdown("**" + _("Ask the class") + "**")
    st.markdown(
        _(
            "Find a question of the machine’s own on the page below and press “Put it to the class”; or ask one of yours."
        )
    )
    frame.links(("260_predict", "610_lessons", "620_worksheets"))
    poll.form()


def door_of(room: Room, members: list[rooms.Member]) -> None:
    """Who may come in, and who has to go."""
    with st.expander(_("The door: shut it, send somebody out")):
        st.toggle(
            _("Shut: nobody new may come in"), room.shut, key="class_shut", on_change=door.act(lambda: rooms.shut(
                store.opened(), who.teacher(), bool(st.session_state["class_shut"])))
        )  # fmt: skip
        if limits.TRIES.many():
            st.button(
                _("Too many wrong codes were typed: let everybody try again"),
                key="class_forgive",
                on_click=limits.TRIES.forgive,
            )
        if not members:
            return
        names = {str(each.id): each.name for each in members}
        with st.form("class_out", border=False), controls.row("atlas_controls_out"):
            st.selectbox(
                _("Learner"), list(names), format_func=names.__getitem__, key="class_out_who", index=None, width=260
            )
            st.form_submit_button(_("Send out"), on_click=door.act(send_out))
        st.caption(_("Who is sent out cannot come back from the same browser, and their answers are deleted."))


def send_out() -> None:
    """The one who was chosen goes."""
    if chosen := st.session_state.get("class_out_who"):
        rooms.send_out(store.opened(), who.teacher(), int(chosen))


def end(room: Room) -> None:
    """The end of the room, asked twice, for what was said goes with it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if not st.session_state.get(ENDING):
            st.button(_("End the room"), key="class_end", on_click=st.session_state.update, args=({ENDING: True},))
            st.button(_("Open another room"), key="class_another", on_click=door.opened)
            if room.owner != store.hashed(people.known().token):
                st.button(_("Stop leading it"), key="class_stop", on_click=door.act(stop))
            return
        st.markdown(_("The nicknames and all answers will be deleted. Save them first, if you want to keep them."))
        st.button(_("End it and delete everything"), key="class_end_sure", on_click=ended, args=(room,), type="primary")
        st.button(_("Go on"), key="class_end_not", on_click=st.session_state.update, args=({ENDING: False},))


def ended(room: Room) -> None:
    """It is gone."""
    st.session_state[ENDING] = False
    try:
        if who.teacher().id == room.id:
            rooms.end(store.opened(), room)
            st.session_state[door.NEW] = True
    except Refused as refused:
        st.session_state[door.TROUBLE] = why(refused)


def stop() -> None:
    """Another teacher's room goes on without us."""
    classroom_leading.stop_leading(store.opened(), people.known().token)
    st.session_state[door.NEW] = True
