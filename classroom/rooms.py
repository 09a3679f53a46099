"""Rooms: a teacher opens one, learners join by its code, are led through the pages, and it ends."""

import hmac
import secrets
import time
import unicodedata
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from classroom import Refused, limits, tables
from classroom.limits import TRIES
from classroom.store import Store, hashed

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another, or for a digit
LENGTH = 5
PLACE = 60  # characters of a page's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room as it is now."""

    id: int
    code: str
    owner: str
    key: str
    opened: float
    ends: float
    version: int
    lead: int  # number of the teacher's last move, 0 before the first
    brought: int  # the last that everybody was to follow
    always: bool  # whether every move is followed
    address: str  # of that move: "one_head?text=..."
    question: int | None  # id of the one before the class
    shut: bool  # whether nobody new may come in


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A learner in a room."""

    id: int
    room_id: int
    key: str
    number: int
    name: str
    place: str


def value(row: tables.Room) -> Room:
    """A room without the database behind it."""
    return Room(**{name: getattr(row, name) for name in Room.__dataclass_fields__})


def person(row: tables.Member) -> Member:
    """The same of a member."""
    return Member(**{name: getattr(row, name) for name in Member.__dataclass_fields__})


def open_room(store: Store, secret: str) -> Room:
    """A new room of whoever has `secret`. Refused: "full" if there are too many, "own" if too many are theirs."""
    sweep(store)
    for _ in range(20):
        with store.writing() as session:
            mine = select(func.count()).select_from(tables.Room).where(tables.Room.owner == hashed(secret))
            if (session.scalar(mine) or 0) >= limits.OWN:
                raise Refused("own")
            if (session.scalar(select(func.count()).select_from(tables.Room)) or 0) >= limits.bound(limits.ROOMS):
                raise Refused("full")
            now, code = time.time(), "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
            if session.scalar(select(tables.Room.id).where(tables.Room.code == code)) is None:
                key = secrets.token_urlsafe(18)
                row = tables.Room(code=code, owner=hashed(secret), key=key, opened=now, ends=now + limits.DAY)
                session.add(row)
                session.flush()
                return value(row)
    raise Refused("full")


def sweep(store: Store) -> None:
    """Rooms whose day has passed are gone, with all that was in them."""
    with store.writing() as session:
        session.execute(delete(tables.Room).where(tables.Room.ends <= time.time()))


def alive(session: Session) -> list[tables.Room]:
    """Those that have not ended."""
    return list(session.scalars(select(tables.Room).where(tables.Room.ends > time.time())))


def all_rooms(store: Store) -> list[Room]:
    """Every room, the newest first: for teachers."""
    with store.reading() as session:
        return [value(row) for row in sorted(alive(session), key=lambda row: -row.opened)]


def of_owner(store: Store, secret: str) -> list[Room]:
    """The rooms that somebody opened, the newest first."""
    return [room for room in all_rooms(store) if room.owner == hashed(secret)]


def room(store: Store, id: int) -> Room:
    """One room. Refused: "gone"."""
    with store.reading() as session:
        return value(found(session, id))


def found(session: Session, id: int, locked: bool = False) -> tables.Room:
    """Its row; `locked` until the transaction ends, so that what is counted from it stays true."""
    asked = select(tables.Room).where(tables.Room.id == id, tables.Room.ends > time.time())
    row = session.scalar(asked.with_for_update() if locked else asked)
    if row is None:
        raise Refused("gone")
    return row


def called(session: Session, code: str) -> tables.Room | None:
    """The room with a code. Every room is looked at, and as long, whatever was typed."""
    typed, hit = "".join(code.split()).upper().encode("utf-8", "replace"), None
    for row in alive(session):
        if hmac.compare_digest(row.code.encode(), typed):
            hit = row
    return hit


def nickname(typed: str) -> str:
    """A nickname as it is kept: signs that can be seen, single spaces. Refused: "nameless", "long"."""
    if len(typed) > 100 * tables.NICKNAME:
        raise Refused("long")
    signs = (sign if unicodedata.category(sign)[0] != "C" else " " for sign in unicodedata.normalize("NFC", typed))
    name = " ".join("".join(signs).split())
    if not any(unicodedata.category(sign)[0] in "LNS" for sign in name):
        raise Refused("nameless")
    if len(name) > tables.NICKNAME:
        raise Refused("long")
    return name


def join(store: Store, code: str, name: str, secret: str, address: str = "") -> Member:
    """Whoever has `secret` is in the room from now on; who is in it already only gets another name.

    Refused: "unknown" for a wrong code, "wait" after too many, "taken" if somebody has the name, "crowded", "shut", "out" if they were sent out,
    "nameless", "long".
    """
    who, name = hashed(secret), nickname(name)
    try:
        with store.writing() as session:
            row = called(session, code)
            if wait := TRIES.judge(who, address, right=row is not None):
                raise Refused("wait", wait)
            if row is None:
                raise Refused("unknown")
            return person(entered(session, found(session, row.id, locked=True), who, name))
    except Refused as refused:
        if isinstance(refused.__cause__, IntegrityError):  # somebody came between
            raise Refused("taken") from refused
        raise


def rename(store: Store, member: Member, name: str) -> Member:
    """Another nickname for who is in a room. Refused: "gone", "taken", "out", "nameless", "long"."""
    name = nickname(name)
    with store.writing() as session:
        row = session.get(tables.Member, member.id)
        if row is None:
            raise Refused("gone")
        return person(entered(session, found(session, member.room_id, locked=True), row.person, name))


def entered(session: Session, room: tables.Room, who: str, name: str) -> tables.Member:
    """The member's row, new or as it was."""
    members = list(session.scalars(select(tables.Member).where(tables.Member.room_id == room.id)))
    mine = next((each for each in members if each.person == who), None)
    folded = unicodedata.normalize("NFKC", name).casefold()[: 4 * tables.NICKNAME]
    if mine is not None and mine.out:
        raise Refused("out")
    if any(each.folded == folded for each in members if each is not mine):
        raise Refused("taken")
    if mine is None:
        if room.shut:
            raise Refused("shut")
        if sum(not each.out for each in members) >= limits.bound(limits.MEMBERS):
            raise Refused("crowded")
        number = 1 + max((each.number for each in members), default=0)
        key = secrets.token_urlsafe(18)
        mine = tables.Member(
            room_id=room.id,
            person=who,
            key=key,
            number=number,
            name=name,
            folded=folded,
            seen=time.time(),
            joined=time.time(),
        )
        session.add(mine)
    mine.name, mine.folded, mine.joined = name, folded, time.time()
    room.stamp += 1
    session.flush()
    return mine


def memberships(store: Store, secret: str) -> list[tuple[Room, Member]]:
    """Where somebody is a learner, the last joined first."""
    with store.reading() as session:
        asked = select(tables.Room, tables.Member).join(tables.Member, tables.Member.room_id == tables.Room.id)
        asked = asked.where(tables.Member.person == hashed(secret), tables.Room.ends > time.time(), ~tables.Member.out)
        rows = session.execute(asked.order_by(tables.Member.joined.desc())).all()
        return [(value(room), person(member)) for room, member in rows]


def members(store: Store, room: Room) -> list[Member]:
    """The learners of a room by their numbers."""
    with store.reading() as session:
        asked = select(tables.Member).where(tables.Member.room_id == room.id, ~tables.Member.out)
        asked = asked.order_by(tables.Member.number)
        return [person(row) for row in session.scalars(asked)]


def leave(store: Store, member: Member) -> None:
    """A learner goes, with their answers."""
    with store.writing() as session:
        session.execute(delete(tables.Member).where(tables.Member.id == member.id))
        session.execute(update(tables.Room).where(tables.Room.id == member.room_id).values(stamp=tables.Room.stamp + 1))


def send_out(store: Store, room: Room, id: int) -> None:
    """The teacher sends a learner out, who cannot come back from the same browser; their answers are gone, their name is free."""
    with store.writing() as session:
        row = found(session, room.id, locked=True)
        member = session.get(tables.Member, id)
        if member is None or member.room_id != row.id:
            return
        session.execute(delete(tables.Answer).where(tables.Answer.member_id == id))
        member.out, member.name, member.folded = True, "", f"\n{id}"  # which no nickname is
        row.version, row.stamp = row.version + 1, row.stamp + 1


def shut(store: Store, room: Room, shut: bool) -> None:
    """Whether nobody new may come in."""
    with store.writing() as session:
        row = found(session, room.id, locked=True)
        row.shut, row.stamp = shut, row.stamp + 1


def moved(store: Store, member: Member, place: str) -> None:
    """A learner looks at another page."""
    if member.place == place[:PLACE]:
        return
    with store.writing() as session:
        session.execute(update(tables.Member).where(tables.Member.id == member.id).values(place=place[:PLACE]))
        session.execute(update(tables.Room).where(tables.Room.id == member.room_id).values(stamp=tables.Room.stamp + 1))


def end(store: Store, room: Room) -> None:
    """The room is gone, and with it everything that was said in it."""
    with store.writing() as session:
        session.execute(delete(tables.Room).where(tables.Room.id == room.id))
