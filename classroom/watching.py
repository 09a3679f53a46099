"""What those who wait are told when something has changed, asked for all of them at once: some short queries, however many they are."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select, update

from classroom import tables
from classroom.store import Store

THERE = 40  # seconds after which somebody whose browser has been silent is away


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who waits: in which room, and whether as its teacher (then `member` is `None`)."""

    room: int
    member: int | None


@dataclass(frozen=True, slots=True)
class State:
    """What is to be seen of a room. Learners are not told how many others there are, nor how many answered."""

    version: int
    lead: int
    brought: int
    always: bool
    address: str
    here: int  # learners whose browsers are there
    with_me: int  # of them, on the page where the teacher is
    members: int
    answered: int  # of the question before the class

    def told(self, teacher: bool) -> dict[str, object]:
        """As it is sent."""
        common: dict[str, object] = {"version": self.version, "always": self.always}
        if teacher:
            more = {"here": self.here, "with": self.with_me, "members": self.members, "answered": self.answered}
            return common | more | {"led": bool(self.lead), "address": self.address}
        return common | {"lead": self.lead, "brought": self.brought, "address": self.address}


def listener(store: Store, key: str) -> Listener | None:
    """Who listens with this key; `None` for a key of nobody."""
    with store.reading() as session:
        now = time.time()
        room = session.scalar(select(tables.Room.id).where(tables.Room.key == key, tables.Room.ends > now))
        if room is not None:
            return Listener(room, None)
        asked = select(tables.Member.room_id, tables.Member.id).join(
            tables.Room, tables.Room.id == tables.Member.room_id
        )
        row = session.execute(asked.where(tables.Member.key == key, ~tables.Member.out, tables.Room.ends > now)).first()
        return Listener(row[0], row[1]) if row else None


def stamps(store: Store, rooms: Collection[int]) -> dict[int, int]:
    """Of each room that is still there, the number that grows with every change."""
    with store.reading() as session:
        asked = select(tables.Room.id, tables.Room.stamp).where(
            tables.Room.id.in_(rooms), tables.Room.ends > time.time()
        )
        return {id: stamp for id, stamp in session.execute(asked).tuples()}  # noqa: C416


def states(store: Store, rooms: Collection[int]) -> dict[int, State]:
    """What is to be seen of some rooms."""
    with store.reading() as session:
        member = tables.Member
        there = func.sum(case((member.seen > time.time() - THERE, 1), else_=0))
        asked = select(member.room_id, member.place, there, func.count()).where(member.room_id.in_(rooms), ~member.out)
        places = [tuple(row) for row in session.execute(asked.group_by(member.room_id, member.place))]
        said = select(tables.Answer.question_id, func.count())
        said = said.join(tables.Room, tables.Room.question == tables.Answer.question_id)
        said = said.where(tables.Room.id.in_(rooms)).group_by(tables.Answer.question_id)
        answered = {question: count for question, count in session.execute(said).tuples()}  # noqa: C416
        rows = session.scalars(select(tables.Room).where(tables.Room.id.in_(rooms), tables.Room.ends > time.time()))
        return {row.id: state(row, [each[1:] for each in places if each[0] == row.id], answered) for row in rows}


def state(row: tables.Room, places: Sequence[tuple[str, int, int]], answered: Mapping[int, int]) -> State:
    """Of one room; `places` has of each page how many learners look at it with their browsers there, and how many in all."""
    led = row.address.partition("?")[0]
    return State(
        version=row.version, lead=row.lead, brought=row.brought, always=row.always, address=row.address,
        here=sum(here for _, here, _ in places), members=sum(count for _, _, count in places),
        with_me=sum(here for place, here, _ in places if row.lead and place == led),
        answered=answered.get(row.question or 0, 0),
    )  # fmt: skip


def seen(store: Store, members: Collection[int]) -> None:
    """These learners' browsers are there."""
    if members:
        with store.writing() as session:
            session.execute(update(tables.Member).where(tables.Member.id.in_(members)).values(seen=time.time()))


def sent_out(store: Store, rooms: Collection[int]) -> set[int]:
    """The learners whom teachers have sent out of these rooms."""
    with store.reading() as session:
        return set(session.scalars(select(tables.Member.id).where(tables.Member.room_id.in_(rooms), tables.Member.out)))
