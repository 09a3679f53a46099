"""Questions before a class: who may answer when, and that nothing is lost or counted twice."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from classroom import Refused, asking, leading, limits, results, rooms, watching
from classroom.asking import CLOSED, OPEN, REVEALED
from classroom.rooms import Member, Room
from classroom.store import Store, kept
from tests.classroom.test_rooms import JUN, MINA, TEACHER, refused


@pytest.fixture
def room(store: Store) -> Room:
    """A room."""
    return rooms.open_room(store, TEACHER)


@pytest.fixture
def mina(store: Store, room: Room) -> Member:
    """A learner in it."""
    return rooms.join(store, room.code, "Mina", MINA)


def now(store: Store, room: Room) -> asking.Question | None:
    return asking.question(store, rooms.room(store, room.id))


def test_the_first_answer_counts(store: Store, room: Room, mina: Member) -> None:
    question = asking.put(store, room, '{"ask": 1}')
    assert now(store, room) == question
    assert (question.number, question.state) == (1, OPEN)
    assert asking.answered(store, question, mina) is None
    first = asking.answer(store, question, mina, "0,5", "0.5", 0.5, True)
    again = asking.answer(store, question, mina, "7", "7", 7.0, False)
    assert again == first == asking.answered(store, question, mina)
    assert (first.said, first.value, first.right) == ("0.5", 0.5, True)
    assert asking.answers(store, question) == [first]


@pytest.mark.parametrize(("state", "reason"), [(CLOSED, "closed"), (REVEALED, "revealed")])
def test_too_late_is_said(store: Store, room: Room, mina: Member, state: str, reason: str) -> None:
    question = asking.put(store, room, "{}")
    asking.step(store, room, question, state)
    with refused(reason):
        asking.answer(store, question, mina, "1", "1", 1.0, True)
    asking.step(store, room, question, OPEN)
    asked = now(store, room)
    assert asked is not None
    assert asked.state == state, "never back"


def test_no_two_questions_at_once(store: Store, room: Room, mina: Member) -> None:
    first = asking.put(store, room, "{}")
    with refused("open"):
        asking.put(store, room, "{}")
    asking.step(store, room, first, REVEALED)
    second = asking.put(store, room, "{}")
    assert second.number == 2
    with refused("revealed"):
        asking.answer(store, first, mina, "1", "1", 1.0, True)
    asking.put_away(store, room)
    assert now(store, room) is None
    assert [each.state for each in asking.questions(store, room)] == [REVEALED, CLOSED]
    with refused("closed"):
        asking.answer(store, second, mina, "1", "1", 1.0, True)


def test_two_teachers_at_once_put_one_question(store: Store, room: Room) -> None:
    def put(_: int) -> bool:
        try:
            asking.put(store, room, "{}")
        except Refused as error:
            return error.reason != "open"
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(put, range(6))) == 1
    assert len(asking.questions(store, room)) == 1


def test_of_many_answers_at_once_one_is_kept(store: Store, room: Room, mina: Member) -> None:
    question = asking.put(store, room, "{}")
    with ThreadPoolExecutor(8) as threads:
        found = set(
            threads.map(lambda n: asking.answer(store, question, mina, str(n), str(n), n, None).said, range(16))
        )
    assert len(found) == 1
    assert len(asking.answers(store, question)) == 1


def test_who_is_of_another_room_or_gone_cannot_answer(store: Store, room: Room, mina: Member) -> None:
    other = rooms.open_room(store, TEACHER)
    jun = rooms.join(store, other.code, "Jun", JUN)
    question = asking.put(store, room, "{}")
    with refused("gone"):
        asking.answer(store, question, jun, "1", "1", 1.0, True)
    rooms.leave(store, mina)
    with refused("gone"):
        asking.answer(store, question, mina, "1", "1", 1.0, True)


def test_each_can_have_numbers_of_their_own(store: Store, room: Room, mina: Member) -> None:
    question = asking.put(store, room, "all", {1: "of the first", 2: "of the second"})
    jun, late = rooms.join(store, room.code, "Jun", JUN), rooms.join(store, room.code, "Late", "late" * 9)
    assert [asking.asked_of(store, question, each) for each in (mina, jun, late)] == [
        "of the first",
        "of the second",
        "all",
    ]


def test_results_have_a_line_for_everybody_and_every_question(store: Store, room: Room, mina: Member) -> None:
    first = asking.put(store, room, "one")
    asking.answer(store, first, mina, "x", "x", None, False)
    asking.put_away(store, room)
    rooms.join(store, room.code, "Jun", JUN)
    asking.put(store, room, "two", {2: "two for Jun"})
    found = [(line.member.name, line.asked, line.answer and line.answer.said) for line in results.lines(store, room)]
    assert found == [("Mina", "one", "x"), ("Mina", "two", None), ("Jun", "one", None), ("Jun", "two for Jun", None)]


def test_so_many_questions_and_no_more(store: Store, room: Room) -> None:
    for _ in range(limits.QUESTIONS):
        asking.put(store, room, "{}")
        asking.put_away(store, room)
    with refused("enough"):
        asking.put(store, room, "{}")


def test_who_waits_is_told_what_has_changed(store: Store, room: Room, mina: Member) -> None:
    teacher, learner = watching.listener(store, room.key), watching.listener(store, mina.key)
    assert teacher == watching.Listener(room.id, None)
    assert learner == watching.Listener(room.id, mina.id)
    assert watching.listener(store, "nobody's key") is None
    before = watching.stamps(store, [room.id])[room.id]
    leading.lead(store, room, "one_head?head=2", bring=True)
    rooms.moved(store, mina, "one_head")
    question = asking.put(store, room, "{}")
    asking.answer(store, question, mina, "1", "1", 1.0, True)
    watching.seen(store, [mina.id])
    assert watching.stamps(store, [room.id])[room.id] > before
    state = watching.states(store, [room.id])[room.id]
    assert (state.here, state.with_me, state.members, state.answered) == (1, 1, 1, 1)
    assert "answered" not in state.told(teacher=False), "learners are not told about each other"
    assert state.told(teacher=False)["address"] == "one_head?head=2"
    rooms.moved(store, mina, "tokens")
    assert watching.states(store, [room.id])[room.id].with_me == 0
    rooms.end(store, room)
    assert watching.stamps(store, [room.id]) == {}
    assert watching.states(store, [room.id]) == {}


def test_a_silent_browser_is_away(store: Store, room: Room, mina: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    later = time.time() + watching.THERE + 5
    monkeypatch.setattr("classroom.watching.time.time", lambda: later)
    state = watching.states(store, [room.id])[room.id]
    assert (state.here, state.members) == (0, 1)
    watching.seen(store, [mina.id])
    assert watching.states(store, [room.id])[room.id].here == 1


def test_a_database_that_is_not_there_is_said() -> None:
    for address in (
        "postgresql+psycopg://nobody@127.0.0.1:9/none",
        "nonsense",
        "sqlite:////proc/nowhere/x.sqlite",
        "mysql+nodriver://x/y",
    ):
        with refused("away"):
            kept(address)


def test_tables_of_an_older_version_are_made_anew(database: str, store: Store, room: Room) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE atlas_members ADD COLUMN shoe_size INTEGER")
    again = Store(database)
    assert rooms.all_rooms(again) == []
    assert rooms.open_room(again, TEACHER).code
    again.engine.dispose()
