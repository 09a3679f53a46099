"""The line to the browsers of a class: what they hear, when, and what they never hear."""

import json
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest

from classroom import asking, leading, rooms
from classroom.rooms import Member, Room
from classroom.store import DATABASE, Store
from tools.server import Server


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the class is kept."""
    return f"sqlite:///{tmp_path_factory.mktemp('class') / 'class.sqlite'}"


@pytest.fixture(scope="module")
def running(database: str) -> Iterator[str]:
    """The app; it stops within seconds although browsers still listen, and wrote no traceback."""
    with Server(**{DATABASE: database}) as server:
        server.wait()
        yield server.address
        store = Store(database)
        line = Line(server.address, rooms.open_room(store, "another teacher").key)
        line.next()
        server.process.terminate()
        assert server.process.wait(8) is not None
        line.close()
        store.engine.dispose()
        assert "Traceback" not in server.said()


@pytest.fixture(scope="module")
def store(database: str) -> Iterator[Store]:
    """The same store as the app's."""
    store = Store(database)
    yield store
    store.engine.dispose()


@pytest.fixture
def room(store: Store) -> Room:
    """A room."""
    for each in rooms.all_rooms(store):
        rooms.end(store, each)
    return rooms.open_room(store, "teacher")


@pytest.fixture
def mina(store: Store, room: Room) -> Member:
    """A learner in it."""
    return rooms.join(store, room.code, "Mina", "mina's secret")


class Line:
    """A browser that listens."""

    def __init__(self, address: str, key: str) -> None:
        self.connection = HTTPConnection(address, timeout=12)
        self.connection.request("GET", f"/atlas/class/{key}", headers={"Accept": "text/event-stream"})
        self.answer: HTTPResponse = self.connection.getresponse()

    def next(self) -> dict[str, object]:
        """The next news."""
        while line := self.answer.readline():
            if line.startswith(b"data:"):
                return json.loads(line[5:])  # type: ignore[no-any-return]
        raise EOFError

    def close(self) -> None:
        """Hang up."""
        self.answer.close()
        self.connection.close()


@pytest.fixture
def listen(running: str) -> Iterator[Callable[[str], Line]]:
    """Have a browser listen with a key."""
    lines: list[Line] = []

    def begun(key: str) -> Line:
        lines.append(Line(running, key))
        return lines[-1]

    yield begun
    for line in lines:
        line.close()


def test_a_browser_hears_where_things_stand_and_then_what_changes(
    listen: Callable[[str], Line], store: Store, room: Room, mina: Member
) -> None:
    learner, teacher = listen(mina.key), listen(room.key)
    assert learner.answer.headers["Content-Type"].startswith("text/event-stream")
    assert learner.answer.headers["Cache-Control"] == "no-store"
    first = learner.next()
    assert (first["version"], first["lead"], first["always"]) == (0, 0, False)
    told = teacher.next()
    assert (told["here"], told["members"], told["answered"]) == (1, 1, 0)
    began = time.perf_counter()
    leading.lead(store, room, "one_head?head=2", bring=True)
    assert learner.next()["address"] == "one_head?head=2"
    assert time.perf_counter() - began < 5
    question = asking.put(store, room, '"secret words"')
    assert learner.next()["version"] == 1
    asking.answer(store, question, mina, "1", "what Mina said", 1.0, True)
    for _ in range(6):
        if (told := teacher.next())["answered"] == 1:
            break
    assert told["answered"] == 1
    assert "secret words" not in json.dumps(told)
    assert "Mina" not in json.dumps(told)


def test_learners_hear_nothing_of_each_other(
    listen: Callable[[str], Line], store: Store, room: Room, mina: Member
) -> None:
    line = listen(mina.key)
    before = line.next()
    rooms.join(store, room.code, "Jun", "jun's secret")
    leading.follow(store, room, True)
    after = line.next()
    assert {key for key in after if after[key] != before.get(key)} == {"always"}
    assert after.keys() == {"version", "always", "lead", "brought", "address"}


def test_when_the_room_ends_everybody_hears_it(
    listen: Callable[[str], Line], store: Store, room: Room, mina: Member
) -> None:
    line = listen(mina.key)
    line.next()
    rooms.end(store, room)
    assert line.next() == {"gone": True}
    with pytest.raises(EOFError):
        line.next()


@pytest.mark.parametrize("key", ["nobody", "x" * 500, "%00", "..%2f..", "'%20OR%201=1"])
def test_a_key_of_nobody_hears_nothing_and_is_told_to_stop(listen: Callable[[str], Line], key: str) -> None:
    assert listen(key).answer.status in (204, 400, 404)


def test_many_lines_with_one_key_are_bounded(
    listen: Callable[[str], Line], store: Store, room: Room, mina: Member
) -> None:
    lines = [listen(mina.key) for _ in range(9)]
    assert "version" in lines[-1].next()
    heard = []
    while (news := lines[0].next()) and not news.get("crowd"):
        heard.append(news)
    assert len(heard) <= 1


def test_a_few_tabs_do_not_disturb_each_other(
    listen: Callable[[str], Line], store: Store, room: Room, mina: Member
) -> None:
    lines = [listen(mina.key) for _ in range(4)]
    assert all("version" in line.next() for line in lines)
    leading.follow(store, room, True)
    assert all(line.next()["always"] for line in lines)
    rooms.send_out(store, room, mina.id)
    assert all(line.next() == {"gone": True} for line in lines)
