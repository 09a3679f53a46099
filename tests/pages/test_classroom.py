"""The class: the door, the board, the bar on every page, questions put and answered; without a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from classroom import asking, limits, rooms, store
from classroom.rooms import Member, Room
from pages.classroom import link, poll, results
from tests.apps import app, html, said, seen, sent, trouble
from ui.asking import packed
from ui.asking.poll import Poll, weigh
from ui.session import site
from ui.training import people

pytestmark = [pytest.mark.usefixtures("forgotten"), pytest.mark.filterwarnings("default")]
PAGE, HEADS = "pages/600_classroom.py", "pages/60_many_heads.py"
POLL = Poll(way="choice", asked="Which <b>word</b>?", options=("dog", "Charlie", "$x$"), right="1", why="because")


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[store.Store]:
    """A class of its own for each test."""
    monkeypatch.setenv(store.DATABASE, f"sqlite:///{tmp_path / 'class.sqlite'}")
    monkeypatch.setattr("classroom.rooms.TRIES", limits.Tries())
    yield store.opened()
    store.kept.cache_clear()


@pytest.fixture
def room() -> Room:
    """The room of the teacher."""
    return rooms.open_room(store.opened(), "the teacher's secret")


@pytest.fixture
def mina(room: Room) -> Member:
    """A learner in it."""
    return rooms.join(store.opened(), room.code, "Mina", "mina's secret")


def visit(page: str, secret: str, teacher: bool = False, **asked: str) -> AppTest:
    """The app as somebody sees it whose browser has this secret."""
    test = app(page, **asked)
    test.session_state[people.TOKEN] = secret
    test.session_state[people.TEACHER] = teacher
    return test.run()


def of_teacher(page: str = PAGE, **asked: str) -> AppTest:
    return visit(page, "the teacher's secret", teacher=True, **asked)


def of_mina(page: str = PAGE, **asked: str) -> AppTest:
    return visit(page, "mina's secret", **asked)


def heard(test: AppTest) -> dict[str, object]:
    """What the line to the browser was given."""
    [found] = [each for each in sent(test) if "stream" in each]
    return found


def test_the_door_lets_in_with_a_code_and_a_nickname(room: Room) -> None:
    test = visit(PAGE, "a new secret", room=room.code)
    assert test.text_input(key="class_code").value == room.code
    test.text_input(key="class_name").set_value("Jun")
    test.button[next(i for i, each in enumerate(test.button) if each.label == "Join")].click().run()
    assert trouble(test) == []
    assert "You are <b>Jun</b> in room" in seen(test)
    assert [each.name for each in rooms.members(store.opened(), room)] == ["Jun"]
    assert heard(test)["teacher"] is False


@pytest.mark.parametrize(
    ("code", "name", "told"),
    [("AAAA1", "Jun", "no room"), ("", "Jun", "no room"), ("x" * 40, "Jun", "no room"), (None, "", "nickname"), (None, "x" * 100, "too long"),
     (None, "\u202e\u200b", "nickname"), (None, "Mina", "Take another")],
)  # fmt: skip
def test_who_cannot_come_in_is_told_why_and_nothing_is_lost(
    room: Room, mina: Member, code: str | None, name: str, told: str
) -> None:
    test = visit(PAGE, "a new secret")
    test.text_input(key="class_code").set_value(room.code if code is None else code)
    test.text_input(key="class_name").set_value(name)
    test.button[next(i for i, each in enumerate(test.button) if each.label == "Join")].click().run()
    assert trouble(test) == []
    assert told in test.warning[0].value
    assert test.text_input(key="class_name").value == name
    assert [each.name for each in rooms.members(store.opened(), room)] == ["Mina"]


def test_only_teachers_open_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "here", lambda: False)
    test = visit(PAGE, "a learner's secret")
    assert not any(each.label == "Open a room" for each in test.button)
    test = of_teacher()
    test.button(key="class_open_room").click().run()
    assert trouble(test) == []
    [room] = rooms.all_rooms(store.opened())
    assert room.code in said(test)
    assert "data:image/svg+xml" in said(test)
    assert f"room={room.code}" in said(test)
    assert heard(test)["teacher"] is True


def test_a_learner_cannot_pose_as_the_teacher(room: Room, mina: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever their session holds and whatever their browser sends."""
    monkeypatch.setattr(people, "here", lambda: False)
    test = of_mina(room=room.code)
    test.session_state["_class_room"] = room.id
    test.run()
    assert heard(test)["teacher"] is False
    assert not test.button(key="class_leave").disabled
    with pytest.raises(KeyError):
        test.button(key="class_end")
    test.session_state["class_live"] = {"move": {"address": "tokens", "bring": True}}
    test.run()
    assert rooms.room(store.opened(), room.id).lead == 0


def test_another_teacher_can_lead_the_same_room(room: Room, mina: Member) -> None:
    test = visit(PAGE, "another teacher's secret", teacher=True)
    test.button(key=f"class_lead_{room.id}").click().run()
    assert trouble(test) == []
    assert room.code in seen(test)
    assert heard(test)["stream"] == f"/atlas/class/{room.key}"


def test_the_bar_is_on_every_page_and_says_where_one_is(room: Room, mina: Member) -> None:
    test = of_mina(HEADS)
    assert trouble(test) == []
    assert room.code in " ".join(each.label for each in test.get("page_link")) or room.code in str(
        [each.proto for each in test.get("page_link")]
    )
    assert heard(test)["room"] == room.code
    assert rooms.members(store.opened(), room)[0].place == "many_heads"
    assert not any("stream" in each for each in sent(visit(HEADS, "nobody's secret"))), "nobody else has one"


def test_a_question_is_asked_answered_once_and_revealed(room: Room, mina: Member) -> None:
    question = asking.put(store.opened(), room, packed.pack(POLL))
    key = f"class_answer_{question.id}"
    test = of_mina(HEADS)
    assert trouble(test) == []
    assert "Which &lt;b&gt;word&lt;/b&gt;?" in said(test)
    assert "because" not in said(test)
    test.segmented_control(key=key).set_value("1")
    answer = next(each for each in test.button if each.label == "Answer")
    answer.click().run()
    assert "Your answer is in: <b>dog</b>" in said(test)
    [kept] = asking.answers(store.opened(), question)
    assert (kept.said, kept.value, kept.right) == ("dog", 0.0, False)
    asking.step(store.opened(), room, question, asking.REVEALED)
    test.run()
    assert "✗ You said <b>dog</b>. It is <b>Charlie</b>." in said(test)
    assert "because" in said(test)


def test_an_answer_after_the_reveal_is_refused_with_a_sentence(room: Room, mina: Member) -> None:
    question = asking.put(store.opened(), room, packed.pack(POLL))
    test = of_mina(HEADS)
    test.segmented_control(key=f"class_answer_{question.id}").set_value("2")
    asking.step(store.opened(), room, question, asking.REVEALED)
    next(each for each in test.button if each.label == "Answer").click().run()
    assert trouble(test) == []
    assert asking.answers(store.opened(), question) == []
    assert "It is <b>Charlie</b>" in said(test)


@pytest.mark.parametrize("typed", ["nan", "inf", "", "  ", "1e999", "abc", "9" * 39, "<b>1</b>"])
def test_what_is_no_number_is_no_answer(room: Room, mina: Member, typed: str) -> None:
    question = asking.put(
        store.opened(), room, packed.pack(Poll(way="number", asked="How many?", right="3", tolerance=1))
    )
    test = of_mina(HEADS)
    test.text_input(key=f"class_answer_{question.id}").set_value(typed)
    next(each for each in test.button if each.label == "Answer").click().run()
    assert trouble(test) == []
    assert asking.answers(store.opened(), question) == []
    assert test.warning


def test_the_teacher_sees_counts_then_the_picture_then_who_was_right(room: Room, mina: Member) -> None:
    question = asking.put(store.opened(), room, packed.pack(POLL))
    asking.answer(store.opened(), question, mina, "2", "Charlie", 1.0, True)
    test = of_teacher(HEADS)
    assert trouble(test) == []
    assert "1 of 1 answered" in said(test)
    assert not any("class_guesses" in str(each) for each in sent(test))
    test.button(key="class_close").click().run()
    assert any(each.get("name") == "class_guesses" for each in sent(test))
    assert "Mina" not in said(test)
    test.button(key="class_reveal").click().run()
    assert "It is <b>Charlie</b>. <b>1</b> of <b>1</b> are right." in said(test)
    assert "Mina" not in said(test)
    test.toggle(key=f"class_names_{question.id}").set_value(True).run()
    assert "<b>right</b>: <b>Mina</b>" in said(test)
    test.button(key="class_away").click().run()
    assert asking.question(store.opened(), rooms.room(store.opened(), room.id)) is None


def test_a_question_of_the_machine_s_own_is_put_to_the_class(folders: Path, room: Room, mina: Member) -> None:
    test = of_teacher("pages/260_predict.py", text="The black cat sees the dog.", pr_about="attention")
    asked = seen(test)
    test.button(key="pr_put").click().run()
    assert trouble(test) == []
    question = asking.question(store.opened(), rooms.room(store.opened(), room.id))
    assert question is not None
    told = packed.words(packed.unpack(question.asked))
    assert told[:20] in asked.replace("<b>", "").replace("</b>", "")
    learner = of_mina(HEADS, text="I see the dog.")
    assert trouble(learner) == []
    assert "The sentence: <b>The black cat sees the dog.</b>" in said(learner)


def test_each_learner_can_have_a_question_of_their_own(folders: Path, room: Room, mina: Member) -> None:
    jun = rooms.join(store.opened(), room.code, "Jun", "jun's secret")
    test = of_teacher(
        "pages/260_predict.py", text="The black cat sees the dog.", pr_about="attention", checkpoint="grammar-en-fr"
    )
    test.button(key="pr_put_each").click().run()
    assert trouble(test) == []
    question = asking.question(store.opened(), rooms.room(store.opened(), room.id))
    assert question is not None
    kinds = {packed.unpack(text).kind for text in (question.asked, *asking.dealt(store.opened(), question).values())}  # type: ignore[union-attr]
    assert len(kinds) == 1
    assert {mina.number, jun.number} >= asking.dealt(store.opened(), question).keys()


def test_a_poll_is_made_from_what_is_typed_or_it_is_said_what_is_wrong(room: Room) -> None:
    made = poll.made("choice", "Which?", "a\n* b \n\nc", "", "", "so")
    assert made == Poll(way="choice", asked="Which?", options=("a", "b", "c"), right="1", why="so")
    for options in ("", "a", "a\na", "*a\n*b", "\n".join("abcdefghi")):
        assert isinstance(poll.made("choice", "Which?", options, "", "", ""), str)
    assert poll.made("number", "How many?", "", "0,5", "50 %", "") == Poll(
        way="number", asked="How many?", right="0.5", tolerance=0.5
    )
    assert isinstance(poll.made("number", "How many?", "", "x", "0", ""), str)
    assert isinstance(poll.made("number", "How many?", "", "1", "-1", ""), str)
    assert isinstance(poll.made("word", "", "", "", "", ""), str)
    word = poll.made("word", "Which?", "", " Le  Chat ", "", "")
    assert isinstance(word, Poll)
    found = weigh(word, "LE CHAT.")
    assert found is not None
    assert found[0].right
    assert weigh(word, "\u200b") is None


def test_the_results_hold_nothing_that_a_spreadsheet_runs(room: Room) -> None:
    eve = rooms.join(store.opened(), room.code, "=cmd|' /C calc'!A0"[:24], "eve's secret")
    question = asking.put(store.opened(), room, packed.pack(Poll(way="word", asked="+1?", right="@x")))
    asking.answer(store.opened(), question, eve, "=1+1", "=1+1", None, False)
    from classroom.results import lines

    _columns, rows = results.sheet(lines(store.opened(), room))
    assert not any(isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell for row in rows for cell in row)
    test = of_teacher()
    test.session_state["class_results"] = True
    assert trouble(test.run()) == []


def test_a_room_is_ended_only_when_asked_twice(room: Room, mina: Member) -> None:
    test = of_teacher()
    test.button(key="class_end").click().run()
    assert rooms.room(store.opened(), room.id)
    test.button(key="class_end_sure").click().run()
    assert trouble(test) == []
    assert rooms.all_rooms(store.opened()) == []
    assert trouble(of_mina(HEADS)) == []


def test_a_database_that_is_away_leaves_the_pages_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(store.DATABASE, "postgresql+psycopg://nobody@127.0.0.1:9/none")
    for page in (HEADS, PAGE):
        test = of_mina(page)
        assert trouble(test) == []
    assert "cannot be reached" in test.warning[0].value


def test_the_link_is_one_that_phones_can_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "outward", lambda: "")
    assert link.warning(link.of("ABCDE"))
    monkeypatch.setattr(site, "outward", lambda: "192.0.2.9")
    assert link.of("ABCDE").startswith("http://192.0.2.9")
    assert link.warning(link.of("ABCDE")) == ""
    assert link.picture("http://192.0.2.9/classroom?room=ABCDE").startswith("data:image/svg+xml")


def test_every_kind_of_question_survives_the_post(room: Room) -> None:
    asked = packed.unpack(packed.pack(POLL))
    assert asked == POLL
    assert html(of_mina()) is not None


def test_a_big_number_is_asked_and_judged_as_it_was_meant() -> None:
    for right in ("16640123", "0.3333333", "-2.5"):
        made = poll.made("number", "How many?", "", right, "0", "")
        assert isinstance(made, Poll)
        found = weigh(made, right)
        assert found is not None
        assert found[0].right
        assert made.answer == right.replace("-", "−")
    assert isinstance(poll.made("number", "How many?", "", "1e13", "0", ""), str)
    assert Poll(way="word", asked="", right="self-attention").answer == "self-attention"


def test_a_question_of_another_version_breaks_no_page(room: Room, mina: Member) -> None:
    asking.put(store.opened(), room, '{"question": {"kind": "x"}}')
    for test in (of_mina(HEADS), of_teacher(HEADS)):
        assert trouble(test) == []
        assert "another version" in said(test)


def test_who_is_in_a_room_can_join_another(room: Room, mina: Member) -> None:
    other = rooms.open_room(store.opened(), "another teacher's secret")
    test = of_mina(room=other.code)
    assert "Another room is joined here" in test.info[0].value
    test.text_input(key="class_name").set_value("Mina")
    test.button[next(i for i, each in enumerate(test.button) if each.label == "Join")].click().run()
    assert trouble(test) == []
    assert other.code in seen(test)
    assert len(rooms.members(store.opened(), room)) == 1


def test_a_teacher_comes_back_to_the_room_that_was_open_before(room: Room) -> None:
    second = rooms.open_room(store.opened(), "the teacher's secret")
    test = of_teacher()
    assert second.code in seen(test)
    test.button(key=f"class_lead_{room.id}").click().run()
    assert trouble(test) == []
    assert room.code in seen(test)
    assert room.code in seen(of_teacher()), "after a reload too"
