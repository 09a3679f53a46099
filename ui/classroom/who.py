"""Who stands before the screen: the teacher of a room, a learner in one, or neither.

Both are known by the secret in their browser's cookie (`ui.training.people`), so a reload, another tab or a restart of the app changes
nothing. Whether somebody may do something is asked here at each click, never in the browser.
"""

from dataclasses import dataclass

import streamlit as st

from classroom import Refused, rooms, store
from classroom.rooms import Member, Room
from ui.training import people

ROOM = "_class_room"  # in session state: the room that a teacher of several leads here


@dataclass(frozen=True, slots=True)
class Teacher:
    """Leads a room."""

    room: Room


@dataclass(frozen=True, slots=True)
class Learner:
    """Is in a room."""

    room: Room
    member: Member


def standing() -> Teacher | Learner | None:
    """Who it is. Raises `Refused("away")` if the records cannot be reached."""
    person = people.known()
    if not person.token or not store.exists():
        return None
    if room := led(person.token):
        return Teacher(room)
    found = rooms.memberships(store.opened(), person.token)
    return Learner(*found[0]) if found else None


def led(token: str) -> Room | None:
    """The room that this person leads: the one chosen here if they may, otherwise the newest of their own."""
    mine = rooms.of_owner(store.opened(), token)
    chosen = st.session_state.get(ROOM)
    if chosen is not None and may_teach():
        mine = [room for room in rooms.all_rooms(store.opened()) if room.id == chosen] or mine
    return next((room for room in mine if room.id == chosen), mine[0] if mine else None)


def may_teach() -> bool:
    """Whether this person may open rooms: the teacher, or whoever sits at this very machine where nobody has set a code for one."""
    return people.known().teacher or people.here()


def teacher() -> Room:
    """The room of whoever clicked, who must lead it. Raises `Refused("gone")` if they do not."""
    found = standing()
    if not isinstance(found, Teacher):
        raise Refused("gone")
    return found.room


def learner() -> Learner:
    """The learner who clicked. Raises `Refused("gone")` if they are in no room."""
    found = standing()
    if not isinstance(found, Learner):
        raise Refused("gone")
    return found
