"""Who leads a room, and where the class is led."""

import time

from sqlalchemy import delete, select

from classroom import Refused, tables
from classroom.rooms import Room, found, of_owner, value
from classroom.store import Store, hashed


def take(store: Store, id: int, secret: str) -> None:
    """From now on whoever has `secret` leads this room, on every page and after a reload. Refused: "gone"."""
    with store.writing() as session:
        session.execute(delete(tables.Leader).where(tables.Leader.person == hashed(secret)))
        session.add(tables.Leader(person=hashed(secret), room_id=found(session, id).id))


def led_by(store: Store, secret: str) -> Room | None:
    """The room that somebody leads: the one they took last, otherwise the newest of their own."""
    with store.reading() as session:
        asked = select(tables.Room).join(tables.Leader, tables.Leader.room_id == tables.Room.id)
        row = session.scalar(asked.where(tables.Leader.person == hashed(secret), tables.Room.ends > time.time()))
        if row is not None:
            return value(row)
    mine = of_owner(store, secret)
    return mine[0] if mine else None


def stop_leading(store: Store, secret: str) -> None:
    """Whoever took another's room leads it no longer."""
    with store.writing() as session:
        session.execute(delete(tables.Leader).where(tables.Leader.person == hashed(secret)))


def lead(store: Store, room: Room, address: str, bring: bool) -> Room:
    """The teacher is at `address` now; with `bring` everybody is to come, otherwise those who follow. Refused: "gone", "address"."""
    if not sound(address):
        raise Refused("address")
    with store.writing() as session:
        row = found(session, room.id, locked=True)
        if bring or row.address != address:
            row.address, row.lead = address, row.lead + 1
            row.brought = row.lead if bring else row.brought
            row.stamp += 1
        return value(row)


def sound(address: str) -> bool:
    """Whether it is a page of this app with its choices, and nothing of another site's."""
    page, _, query = address.partition("?")
    fine = all(sign.isascii() and (sign.isalnum() or sign == "_") for sign in page)
    return fine and len(address) <= tables.LONGEST_ADDRESS and query.isprintable() and "#" not in query


def follow(store: Store, room: Room, always: bool) -> Room:
    """Whether every move of the teacher's is followed from now on."""
    with store.writing() as session:
        row = found(session, room.id, locked=True)
        row.always, row.stamp = always, row.stamp + 1
        return value(row)
