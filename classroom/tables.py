"""What is kept of a class. Nothing personal but the nickname: who somebody is, is known by the hash of a secret in their browser.

Times are seconds since 1970. With a room goes all that belongs to it.
"""

from sqlalchemy import BigInteger, Double, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LONGEST_ADDRESS = 8000  # characters of a page's address
LONGEST_SAID = 80  # of an answer
NICKNAME = 24  # of a nickname


class Base(DeclarativeBase):
    """All tables."""


def of_room() -> Mapped[int]:
    """The room that a row goes with."""
    return mapped_column(ForeignKey("atlas_rooms.id", ondelete="CASCADE"), index=True)


class Room(Base):
    """A room, from its opening until it is ended or a day has passed."""

    __tablename__ = "atlas_rooms"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)  # hash of whoever opened it
    key: Mapped[str] = mapped_column(String(32), unique=True)  # with which the teacher's browser listens
    opened: Mapped[float] = mapped_column(Double)
    ends: Mapped[float] = mapped_column(Double, index=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)  # grows with all that the bar of everybody is to show
    stamp: Mapped[int] = mapped_column(BigInteger, default=0)  # grows with all that any browser is to hear
    lead: Mapped[int] = mapped_column(BigInteger, default=0)  # grows with each move of the teacher
    brought: Mapped[int] = mapped_column(BigInteger, default=0)  # the last of them that everybody was to follow
    always: Mapped[bool] = mapped_column(default=False)  # whether every move is followed
    address: Mapped[str] = mapped_column(Text, default="")  # where the teacher is, as of that move
    question: Mapped[int | None]  # the one that is before the class
    shut: Mapped[bool] = mapped_column(default=False)  # whether nobody new may come in


class Member(Base):
    """A learner in a room."""

    __tablename__ = "atlas_members"
    __table_args__ = (
        UniqueConstraint("room_id", "person"),
        UniqueConstraint("room_id", "folded"),
        UniqueConstraint("room_id", "number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = of_room()
    person: Mapped[str] = mapped_column(String(64), index=True)  # hash
    key: Mapped[str] = mapped_column(String(32), unique=True)  # with which the learner's browser listens
    number: Mapped[int]  # from 1, in the order of joining
    name: Mapped[str] = mapped_column(String(NICKNAME))
    folded: Mapped[str] = mapped_column(
        String(4 * NICKNAME)
    )  # the same in small letters, which differs from everybody's
    place: Mapped[str] = mapped_column(String(60), default="")  # the page they look at
    seen: Mapped[float] = mapped_column(Double)  # when their browser was last there
    joined: Mapped[float] = mapped_column(Double)  # last
    out: Mapped[bool] = mapped_column(default=False)  # sent out by the teacher, and not to come back


class Leader(Base):
    """Which room a teacher leads, of several."""

    __tablename__ = "atlas_leaders"
    person: Mapped[str] = mapped_column(String(64), primary_key=True)  # hash
    room_id: Mapped[int] = of_room()


class Question(Base):
    """A question that was put to a room."""

    __tablename__ = "atlas_questions"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = of_room()
    number: Mapped[int]  # from 1, in the order of putting
    asked: Mapped[str] = mapped_column(Text)  # JSON of the interface's
    state: Mapped[str] = mapped_column(String(8), default="open")  # then "closed", then "revealed"
    names: Mapped[bool] = mapped_column(default=False)  # whether the teacher shows who said what
    put: Mapped[float] = mapped_column(Double)


class Dealt(Base):
    """One learner's own numbers, where each has a question of the same kind with others."""

    __tablename__ = "atlas_dealt"
    question_id: Mapped[int] = mapped_column(ForeignKey("atlas_questions.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # of the learner
    asked: Mapped[str] = mapped_column(Text)


class Answer(Base):
    """What a learner said. The first answer counts."""

    __tablename__ = "atlas_answers"
    question_id: Mapped[int] = mapped_column(ForeignKey("atlas_questions.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("atlas_members.id", ondelete="CASCADE"), primary_key=True)
    typed: Mapped[str] = mapped_column(String(LONGEST_SAID))  # as it was given: what `said` was understood from
    said: Mapped[str] = mapped_column(String(LONGEST_SAID))  # in words
    value: Mapped[float | None] = mapped_column(Double)  # of a number; of a choice its place, from 0
    right: Mapped[bool | None]  # `None` where nothing is right or wrong
    at: Mapped[float] = mapped_column(Double)
