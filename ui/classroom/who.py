"""Who stands before the screen: the teacher of a room, a learner in one, or neither.

Both are known by the secret in their browser's cookie (`ui.training.people`), so a reload, another tab or a restart of the app changes
nothing. Whether somebody may do something is asked here at each click, never in the browser.
"""

from dataclasses import dataclass

from classroom import Refused, rooms, store
from classroom import leading as classroom_leading
from classroom.rooms import Member, Room
from ui.training import people


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
    if room := classroom_leading.led_by(store.opened(), person.token):
        return Teacher(room)
    found = rooms.memberships(store.opened(), person.token)
    return Learner(*found[0]) if found else None


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
