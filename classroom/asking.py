"""A question before the class: put, answered, closed, revealed.

What a question says is the interface's (JSON text); here it only has a state. `open`: learners answer. `closed`: no longer, and the answers
may be looked at. `revealed`: everybody sees the right one, and whether it was theirs.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classroom import Refused, limits, tables
from classroom.rooms import Member, Room, found
from classroom.store import Store

OPEN, CLOSED, REVEALED = "open", "closed", "revealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it stands."""

    id: int
    number: int
    asked: str
    state: str
    names: bool
    put: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a learner said to it."""

    question_id: int
    member_id: int
    typed: str
    said: str
    value: float | None
    right: bool | None
    at: float


def plain(row: tables.Question) -> Question:
    """A question without the database behind it."""
    return Question(**{name: getattr(row, name) for name in Question.__dataclass_fields__})


def answer_of(row: tables.Answer) -> Answer:
    """The same of an answer."""
    return Answer(**{name: getattr(row, name) for name in Answer.__dataclass_fields__})


def put(store: Store, room: Room, asked: str, dealt: Mapping[int, str] | None = None) -> Question:
    """Put a question to the class; `dealt` has, by the numbers of learners, what each is asked instead.

    Refused: "gone", "open" while another is being answered, "enough" after too many.
    """
    with store.writing() as session:
        row = found(session, room.id, locked=True)
        if (now := at(session, row)) and now.state == OPEN:
            raise Refused("open")
        count = session.scalar(
            select(func.count()).select_from(tables.Question).where(tables.Question.room_id == row.id)
        )
        if (count or 0) >= limits.QUESTIONS:
            raise Refused("enough")
        new = tables.Question(room_id=row.id, number=(count or 0) + 1, asked=asked, put=time.time())
        session.add(new)
        session.flush()
        session.add_all(
            tables.Dealt(question_id=new.id, number=number, asked=own) for number, own in (dealt or {}).items()
        )
        row.question = new.id
        grown(row)
        return plain(new)


def at(session: Session, room: tables.Room) -> tables.Question | None:
    """The question that is before the class."""
    return session.get(tables.Question, room.question) if room.question else None


def grown(room: tables.Room) -> None:
    """Everybody is to see it."""
    room.version, room.stamp = room.version + 1, room.stamp + 1


def question(store: Store, room: Room) -> Question | None:
    """The question that is before the class."""
    with store.reading() as session:
        row = session.get(tables.Question, room.question) if room.question else None
        return plain(row) if row else None


def questions(store: Store, room: Room) -> list[Question]:
    """All that were put, in order."""
    with store.reading() as session:
        asked = select(tables.Question).where(tables.Question.room_id == room.id).order_by(tables.Question.number)
        return [plain(row) for row in session.scalars(asked)]


def asked_of(store: Store, question: Question, member: Member) -> str:
    """What this learner is asked: their own numbers, or those of all."""
    with store.reading() as session:
        own = session.get(tables.Dealt, (question.id, member.number))
        return own.asked if own else question.asked


def dealt(store: Store, question: Question) -> dict[int, str]:
    """What each learner is asked who has numbers of their own, by the number of the learner."""
    with store.reading() as session:
        rows = session.scalars(select(tables.Dealt).where(tables.Dealt.question_id == question.id))
        return {row.number: row.asked for row in rows}


def step(store: Store, room: Room, question: Question, state: str) -> None:
    """Close it, or reveal it; never back. Refused: "gone"."""
    order = (OPEN, CLOSED, REVEALED)
    with store.writing() as session:
        row = found(session, room.id, locked=True)
        asked = session.get(tables.Question, question.id)
        if asked is not None and order.index(state) > order.index(asked.state):
            asked.state = state
            grown(row)


def put_away(store: Store, room: Room) -> None:
    """No question is before the class; what was said is kept."""
    with store.writing() as session:
        row = found(session, room.id, locked=True)
        if now := at(session, row):
            now.state = REVEALED if now.state == REVEALED else CLOSED
        row.question = None
        grown(row)


def answer(
    store: Store, question: Question, member: Member, typed: str, said: str, value: float | None, right: bool | None
) -> Answer:
    """Write down what a learner said; what they said before stands.

    Refused: "gone" if the room or the learner is, "closed" if nothing more is taken, "revealed" if the answer is known.
    """
    with store.writing() as session:
        row = found(session, member.room_id, locked=True)
        here = session.get(tables.Member, member.id)
        if here is None or here.out:
            raise Refused("gone")
        if earlier := session.get(tables.Answer, (question.id, member.id)):
            return answer_of(earlier)
        now = session.get(tables.Question, question.id)
        if now is None or now.room_id != row.id:
            raise Refused("gone")
        if now.state != OPEN or row.question != now.id:
            raise Refused("revealed" if now.state == REVEALED else "closed")
        most = tables.LONGEST_SAID
        new = tables.Answer(
            question_id=question.id, member_id=member.id, typed=typed[:most], said=said[:most], value=value, right=right, at=time.time(),
        )  # fmt: skip
        session.add(new)
        row.stamp += 1
        session.flush()
        return answer_of(new)


def answered(store: Store, question: Question, member: Member) -> Answer | None:
    """What a learner said."""
    with store.reading() as session:
        row = session.get(tables.Answer, (question.id, member.id))
        return answer_of(row) if row else None


def answers(store: Store, question: Question) -> list[Answer]:
    """What all said, the first first."""
    with store.reading() as session:
        asked = select(tables.Answer).where(tables.Answer.question_id == question.id).order_by(tables.Answer.at)
        return [answer_of(row) for row in session.scalars(asked)]


def show_names(store: Store, question: Question, shown: bool) -> None:
    """Whether the teacher sees who said what."""
    with store.writing() as session:
        row = session.get(tables.Question, question.id)
        if row is not None:
            row.names = shown
