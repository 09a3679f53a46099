"""Rooms: opening, joining, leading, ending; and what must not be possible."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from classroom import Refused, asking, leading, limits, rooms, tables, watching
from classroom.store import Store, hashed

TEACHER, MINA, JUN = "teacher" * 6, "mina" * 9, "jun" * 12


def refused(reason: str) -> pytest.RaisesExc[Refused]:
    """What must be refused, and why."""
    return pytest.RaisesExc(Refused, check=lambda error: error.reason == reason)


def test_who_joins_is_in_and_is_the_same_after_coming_back(store: Store) -> None:
    room = rooms.open_room(store, TEACHER)
    assert len(room.code) == rooms.LENGTH
    assert set(room.code) <= set(rooms.LETTERS)
    mina = rooms.join(store, f" {room.code.lower()[:2]} {room.code[2:]} ", "  Mina\t김 ", MINA)
    assert (mina.number, mina.name) == (1, "Mina 김")
    assert rooms.join(store, room.code, "Jun", JUN).number == 2
    again = rooms.join(store, room.code, "Mina K.", MINA)
    assert (again.id, again.number, again.name, again.key) == (mina.id, 1, "Mina K.", mina.key)
    assert [each.name for each in rooms.members(store, room)] == ["Mina K.", "Jun"]
    [(where, who)] = rooms.memberships(store, MINA)
    assert (where.id, who.id) == (room.id, mina.id)
    assert rooms.memberships(store, "somebody else") == []


def test_nothing_personal_is_kept_but_the_nickname(store: Store) -> None:
    room = rooms.open_room(store, TEACHER)
    rooms.join(store, room.code, "Mina", MINA, "192.0.2.7")
    with store.reading() as session:
        kept = repr([vars(row) for table in (tables.Room, tables.Member) for row in session.query(table)])
    assert "Mina" in kept
    assert hashed(MINA) in kept
    assert not any(secret in kept for secret in (MINA, TEACHER, "192.0.2.7"))


@pytest.mark.parametrize("name", ["Mina", "MINA", " mina ", "ＭINA"])
def test_two_learners_cannot_have_one_name(store: Store, name: str) -> None:
    room = rooms.open_room(store, TEACHER)
    rooms.join(store, room.code, "Mina", MINA)
    with refused("taken"):
        rooms.join(store, room.code, name, JUN)
    assert len(rooms.members(store, room)) == 1


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "nameless"), ("  \t", "nameless"), ("\x00\u200b\u202e", "nameless"), ("x" * 25, "long"), ("x" * 5000, "long"), ("…", "nameless")],
)  # fmt: skip
def test_a_nickname_can_be_read(store: Store, name: str, reason: str) -> None:
    room = rooms.open_room(store, TEACHER)
    with refused(reason):
        rooms.join(store, room.code, name, MINA)
    assert rooms.join(store, room.code, "<b>\u202eMina</b>", MINA).name == "<b> Mina</b>"


def test_a_wrong_code_is_refused_and_guessing_has_an_end(store: Store) -> None:
    room = rooms.open_room(store, TEACHER)
    wrong = "AAAAA" if room.code != "AAAAA" else "BBBBB"
    for typed in [wrong, "", "x" * 100_000, "'; DROP TABLE rooms", "\ud800", "ÄÖÜßé", "１２３４５", "%"]:
        with refused("unknown"):
            rooms.join(store, typed, "Mina", MINA, "192.0.2.7")
    with refused("wait"):
        rooms.join(store, room.code, "Mina", MINA, "192.0.2.7")
    assert rooms.join(store, room.code, "Jun", JUN, "192.0.2.7").number == 1, "others of the class are heard"


def test_who_changes_the_secret_after_each_guess_waits_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    room = rooms.open_room(store, TEACHER)
    wrong = "AAAAA" if room.code != "AAAAA" else "BBBBB"
    seen = []
    for number in range(limits.OF_ADDRESS + 5):
        with pytest.raises(Refused) as caught:
            rooms.join(store, wrong, "Mina", f"secret {number}", "192.0.2.7")
        seen.append(caught.value.reason)
    assert seen == ["unknown"] * limits.OF_ADDRESS + ["wait"] * 5
    assert rooms.join(store, room.code, "Jun", JUN, "192.0.2.8").number == 1
    now = time.monotonic()
    monkeypatch.setattr("classroom.limits.time.monotonic", lambda: now + limits.WINDOW + 1)
    assert rooms.join(store, room.code, "Mina", MINA, "192.0.2.7").number == 2, "waiting helps"


def test_a_room_is_full_one_day(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_ROOM_MEMBERS", "40")
    room = rooms.open_room(store, TEACHER)
    for number in range(40):
        rooms.join(store, room.code, f"learner {number}", f"secret {number}")
    with refused("crowded"):
        rooms.join(store, room.code, "one more", "secret of one more")
    assert rooms.join(store, room.code, "another name", "secret 7").number == 8, "who is in may go on"


def test_everybody_may_come_at_once(store: Store) -> None:
    room = rooms.open_room(store, TEACHER)
    with ThreadPoolExecutor(12) as threads:
        found = list(
            threads.map(lambda number: rooms.join(store, room.code, f"n{number}", f"s{number}").number, range(36))
        )
    assert sorted(found) == list(range(1, 37))


def test_teachers_have_so_many_rooms_and_all_have_so_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(limits.OWN):
        rooms.open_room(store, TEACHER)
    with refused("own"):
        rooms.open_room(store, TEACHER)
    monkeypatch.setenv("ATLAS_ROOMS", str(limits.OWN + 1))
    rooms.open_room(store, JUN)
    with refused("full"):
        rooms.open_room(store, MINA)
    assert len(rooms.of_owner(store, TEACHER)) == limits.OWN
    assert len({room.code for room in rooms.all_rooms(store)}) == limits.OWN + 1


def test_the_teacher_leads_and_brings(store: Store) -> None:
    room = rooms.open_room(store, TEACHER)
    moved = leading.lead(store, room, "one_head?text=Hello.&head=3", bring=False)
    assert (moved.lead, moved.brought, moved.address) == (1, 0, "one_head?text=Hello.&head=3")
    same = leading.lead(store, room, "one_head?text=Hello.&head=3", bring=False)
    assert same.lead == 1, "who stays where they are moves nobody"
    brought = leading.lead(store, room, "one_head?text=Hello.&head=3", bring=True)
    assert (brought.lead, brought.brought) == (2, 2)
    assert leading.follow(store, room, True).always
    assert not leading.follow(store, room, False).always


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "//example.org",
        "javascript:alert(1)",
        "../x",
        "one_head?a\nb",
        "one_head#x",
        "x?" + "a" * 9000,
        "é",
    ],
)
def test_nobody_is_led_elsewhere(store: Store, address: str) -> None:
    room = rooms.open_room(store, TEACHER)
    with refused("address"):
        leading.lead(store, room, address, bring=True)
    assert rooms.room(store, room.id).address == ""


def test_a_room_ends_and_nothing_is_left(store: Store) -> None:
    room = rooms.open_room(store, TEACHER)
    mina = rooms.join(store, room.code, "Mina", MINA)
    rooms.end(store, room)
    with refused("gone"):
        rooms.room(store, room.id)
    with refused("gone"):
        leading.lead(store, room, "one_head", bring=True)
    with refused("unknown"):
        rooms.join(store, room.code, "Jun", JUN)
    with store.reading() as session:
        assert session.get(tables.Member, mina.id) is None


def test_a_room_ends_by_itself_after_a_day(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    room, now = rooms.open_room(store, TEACHER), time.time()
    rooms.join(store, room.code, "Mina", MINA)
    monkeypatch.setattr("classroom.rooms.time.time", lambda: now + limits.DAY + 1)
    assert rooms.memberships(store, MINA) == []
    assert rooms.all_rooms(store) == []
    rooms.open_room(store, JUN)  # which sweeps
    with store.reading() as session:
        assert session.query(tables.Member).count() == 0


def test_who_leaves_is_gone_with_their_answers(store: Store) -> None:
    room = rooms.open_room(store, TEACHER)
    mina = rooms.join(store, room.code, "Mina", MINA)
    rooms.leave(store, mina)
    assert rooms.members(store, room) == []
    assert rooms.join(store, room.code, "Mina", JUN).name == "Mina"


def test_the_teacher_shuts_the_door_and_sends_somebody_out(store: Store) -> None:
    room = rooms.open_room(store, TEACHER)
    mina, jun = rooms.join(store, room.code, "Mina", MINA), rooms.join(store, room.code, "Jun", JUN)
    question = asking.put(store, room, "{}")
    asking.answer(store, question, jun, "1", "1", 1.0, True)
    rooms.shut(store, room, True)
    with refused("shut"):
        rooms.join(store, room.code, "Late", "late" * 9)
    assert rooms.join(store, room.code, "Mina K.", MINA).number == mina.number, "who is in stays in"
    rooms.shut(store, room, False)
    rooms.send_out(store, room, jun.id)
    assert [each.name for each in rooms.members(store, room)] == ["Mina K."]
    assert asking.answers(store, question) == []
    assert rooms.memberships(store, JUN) == []
    assert watching.listener(store, jun.key) is None
    assert watching.states(store, [room.id])[room.id].members == 1
    for name in ("Jun", "another name"):
        with refused("out"):
            rooms.join(store, room.code, name, JUN)
    with refused("gone"):
        asking.answer(store, question, jun, "1", "1", 1.0, True)
    assert rooms.join(store, room.code, "Jun", "another jun" * 4).number == 3, "the name is free"
    other = rooms.open_room(store, MINA)
    rooms.send_out(store, other, mina.id)
    assert len(rooms.members(store, room)) == 2, "only from one's own room"


def test_ten_thousand_who_want_in_fill_a_room_and_no_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_ROOM_MEMBERS", "20")
    room = rooms.open_room(store, TEACHER)
    reasons = {"crowded": 0}
    for number in range(400):
        try:
            rooms.join(store, room.code, f"n{number}", f"secret {number}", "192.0.2.7")
        except Refused as error:
            reasons[error.reason] = reasons.get(error.reason, 0) + 1
    assert reasons == {"crowded": 380}
    assert len(rooms.members(store, room)) == 20


def test_right_codes_in_flight_and_trouble_with_the_database_are_no_wrong_tries(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = rooms.open_room(store, TEACHER)
    with ThreadPoolExecutor(20) as threads:
        found = list(
            threads.map(lambda n: rooms.join(store, room.code, f"n{n}", f"s{n}", "192.0.2.7").number, range(90))
        )
    assert sorted(found) == list(range(1, 91))

    def away(*_: object) -> None:
        raise Refused("away")

    with monkeypatch.context() as patch:
        patch.setattr("classroom.rooms.called", away)
        for _ in range(limits.OF_ONE + 2):
            with refused("away"):
                rooms.join(store, room.code, "Mina", MINA, "192.0.2.7")
    assert rooms.join(store, room.code, "Mina", MINA, "192.0.2.7").number == 91


def test_a_new_name_is_no_try_and_who_was_sent_out_takes_no_seat(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_ROOM_MEMBERS", "1")
    room = rooms.open_room(store, TEACHER)
    mina = rooms.join(store, room.code, "Mina", MINA)
    assert rooms.rename(store, mina, "Mina K.").name == "Mina K."
    rooms.send_out(store, room, mina.id)
    with refused("out"):
        rooms.rename(store, mina, "Mina")
    jun = rooms.join(store, room.code, "Jun", JUN)
    assert rooms.members(store, room) == [jun]


def test_the_room_joined_last_is_the_one_and_the_room_taken_last_is_led(store: Store) -> None:
    first, second = rooms.open_room(store, TEACHER), rooms.open_room(store, TEACHER)
    for room in (first, second, first):
        rooms.join(store, room.code, "Mina", MINA)
    assert rooms.memberships(store, MINA)[0][0].id == first.id
    led = leading.led_by(store, TEACHER)
    assert led is not None
    assert led.id == second.id
    leading.take(store, first.id, TEACHER)
    leading.take(store, first.id, JUN)
    assert [room and room.id for room in (leading.led_by(store, TEACHER), leading.led_by(store, JUN))] == [first.id] * 2
    leading.stop_leading(store, JUN)
    assert leading.led_by(store, JUN) is None
    rooms.end(store, first)
    led = leading.led_by(store, TEACHER)
    assert led is not None
    assert led.id == second.id
