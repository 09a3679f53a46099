"""Who answered what, as rows: for a table and for a spreadsheet."""

from dataclasses import dataclass

from classroom import asking, rooms
from classroom.asking import Answer, Question
from classroom.rooms import Member, Room
from classroom.store import Store


@dataclass(frozen=True, slots=True)
class Line:
    """One learner and one question."""

    member: Member
    question: Question
    asked: str  # what this learner was asked
    answer: Answer | None  # `None` if they said nothing


def lines(store: Store, room: Room) -> list[Line]:
    """Every learner with every question, by learner, then by question."""
    found: list[Line] = []
    members = rooms.members(store, room)
    for question in asking.questions(store, room):
        said = {answer.member_id: answer for answer in asking.answers(store, question)}
        own = asking.dealt(store, question)
        found += [Line(each, question, own.get(each.number, question.asked), said.get(each.id)) for each in members]
    return sorted(found, key=lambda line: (line.member.number, line.question.number))
