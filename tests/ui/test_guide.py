"""The bar of a lesson, without a browser: where one is, what it asks, what it locks, and one that is being written."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import streamlit as st

from classroom import packed, written
from classroom.lessons import LOCKS, Plan, Question, Step
from tests.apps import app, html, pictures, said, sent, trouble
from ui.guide import draft, locks, question, shelf
from ui.guide import locks as locks_of

pytestmark = pytest.mark.filterwarnings("default")
HEADS = "pages/50_one_head.py"
PLAN = Plan(
    title="Mine <b>", about="A & b",
    steps=(
        Step(at="tokens?text=I+see+the+dog.", note="First **note**", question=Question(ask="Two *a*?", options=("1", "2"), right="2", why="So.")),
        Step(at="one_head?text=I+see+the+dog.&head=2", note="Second", minutes=7, question=Question(ask="n", right=4.0)),
        Step(at="", note="Third", locked=frozenset(LOCKS)),
    ),
)  # fmt: skip
LINK = packed.pack(PLAN)


def bar(page: str, step: int, lesson: str = LINK, **asked: str) -> object:
    """The app at a page, in a step of a lesson."""
    return app(page, lesson=lesson, lesson_step=str(step), **asked)


def ways(test: object) -> dict[str, str]:
    """The links of the bar by their words."""
    found = re.findall(r'<a class="\w+" href="([^"]*)"[^>]*>(.*?)</a>', said(test))
    return {re.sub("<[^>]*>", "", words): unescape(to) for to, words in found}


def test_the_bar_says_where_one_is_and_leads_back_and_on() -> None:
    test = bar(HEADS, 2, text="I see the dog.", head="2")
    assert trouble(test) == []
    assert "<b>Mine &lt;b&gt;</b>" in said(test)
    assert "step 2 of 3 · about 7 min" in said(test)
    assert any("Second" in each.value for each in test.markdown)
    links = ways(test)
    back, on = urlsplit(links["← Back"]), urlsplit(links["Next →"])
    assert (back.path, on.path) == ("./tokens", "./")
    assert dict(parse_qsl(back.query)) == {"text": "I see the dog.", "lesson": LINK, "lesson_step": "1"}
    assert dict(parse_qsl(on.query)) == {"lesson": LINK, "lesson_step": "3"}
    again = dict(parse_qsl(urlsplit(links["↺ Show the step again"]).query))
    assert again["head"] == "2"
    assert "← Back" not in ways(bar("pages/10_tokens.py", 1))
    assert "Done: all lessons" in ways(bar("", 3))


def test_the_projector_stays_from_step_to_step() -> None:
    test = bar(HEADS, 2, present="true", palette="grey")
    on = dict(parse_qsl(urlsplit(ways(test)["Next →"]).query))
    assert (on["present"], on["palette"]) == ("true", "grey")


def test_whoever_wanders_is_led_back() -> None:
    test = bar("pages/30_positions.py", 2)
    assert trouble(test) == []
    assert list(ways(test)) == ["Back to step 2"]
    assert ways(test)["Back to step 2"].startswith("./one_head?text=")
    assert not any("Second" in each.value for each in test.markdown)


def test_the_lesson_stays_when_the_page_changes_until_it_is_left() -> None:
    test = bar(HEADS, 2)
    test.switch_page("pages/10_tokens.py").run()
    assert "Back to step 2" in ways(test)
    test.button(key="guide_leave").click().run()
    assert trouble(test) == []
    assert ways(test) == {}
    test.switch_page(HEADS).run()
    assert ways(test) == {}


@pytest.mark.parametrize("step", ["0", "99", "-1", "x", ""])
def test_a_step_that_is_not_there_is_one_that_is(step: str) -> None:
    test = app(HEADS, lesson=LINK, lesson_step=step)
    assert trouble(test) == []
    assert re.search(r"step [13] of 3", said(test))


@pytest.mark.parametrize("name", ["nobody", "~", "~AAAA", LINK[:50], "<script>", "x" * 5000, "../x"])
def test_a_lesson_that_is_not_there_is_told_and_can_be_left(name: str) -> None:
    test = app(HEADS, lesson=name, lesson_step="1")
    assert trouble(test) == []
    assert pictures(test) >= 2
    assert len(test.warning) == 1
    test.button(key="guide_leave").click().run()
    assert not test.warning


def test_a_choice_is_checked_and_shown() -> None:
    test = bar("pages/10_tokens.py", 1)
    key = question.slug(f"{LINK} 0 Two *a*?")
    assert test.radio(key=f"guide_answer_{key}").label == "Two *a*?"
    assert r"Two \*a\*\?" in [each.value for each in test.markdown]
    test.button(key=f"guide_check_{key}").click().run()
    assert any("a guess is fine" in each.value for each in test.caption)
    test.radio(key=f"guide_answer_{key}").set_value("1")
    test.button(key=f"guide_check_{key}").click().run()
    assert "Not yet" in test.warning[0].value
    test.radio(key=f"guide_answer_{key}").set_value("2")
    test.button(key=f"guide_check_{key}").click().run()
    assert test.success[0].value == r"Right. So\."


def test_a_number_is_checked_and_the_answer_is_shown_to_whoever_asks() -> None:
    test = bar(HEADS, 2)
    key = question.slug(f"{LINK} 1 n")
    test.number_input(key=f"guide_answer_{key}").set_value(5.0)
    test.button(key=f"guide_check_{key}").click().run()
    assert test.warning
    test.button(key=f"guide_show_{key}").click().run()
    assert "4" in test.info[0].value


def test_what_is_locked_is_off_the_page() -> None:
    free, held = bar("", 1), bar("", 3)
    assert (
        "Locked in this step: other pages, sentence and model, controls above pictures, More numbers, Formula, Code"
        in said(held)
    )
    style = next(each for each in html(held) if ".stSidebar .st-key-text" in each)
    for gone in (".st-key-atlas_near", ".stSidebar .st-key-text", ".stSidebar .st-key-checkpoint", ".st-key-fold_code"):
        assert gone in style
    assert "Locked" not in said(free)
    locks = [next(each for each in sent(test) if set(each) == {"still", "pages"}) for test in (free, held)]
    assert locks == [
        {"still": "", "pages": False},
        {"still": locks_of.STILL["controls"], "pages": True},
    ]
    turns = [next(each for each in sent(test) if "before" in each and "after" in each) for test in (free, held)]
    assert turns[0]["after"]
    assert (turns[1]["before"], turns[1]["after"]) == ("", "")


def test_every_selector_of_a_lock_names_a_key_that_the_app_has() -> None:
    """So that a renamed control is not forgotten by the lock."""
    code = " ".join(
        file.read_text("utf-8")
        for folder in ("ui", "pages")
        for file in Path(folder).rglob("*.py")
        if "guide" not in file.parts
    )
    for key in locks.SENTENCE:
        assert f'"{key.removeprefix("pick_")}"' in code, key
    assert set(locks.GONE) == set(LOCKS)


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A session of its own, without a browser."""
    held: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", held)
    return held


def test_the_view_becomes_a_step_with_its_sentence_and_model(state: dict[str, object]) -> None:
    state |= {"text": "I see him.", "checkpoint": "small"}
    state["lesson_adder"] = {"at": "one_head?head=3&present=true&lesson=x&lesson_step=2&to_view=1&french=a%26b"}
    draft.add()
    assert draft.plan().steps == (Step(at="one_head?text=I+see+him.&checkpoint=small&head=3&french=a%26b"),)
    assert "Step 1" in draft.said()
    assert draft.said() == ""
    state["lesson_adder"] = {"at": "?text=Own.&checkpoint=small"}
    draft.add()
    assert draft.plan().steps[1].at == "?text=Own.&checkpoint=small"
    draft.undo()
    assert len(draft.plan().steps) == 1
    draft.undo()
    assert draft.plan() == Plan()
    assert not draft.can_undo()


@pytest.mark.parametrize(
    "told", ["https://example.org/", "nowhere?x=1", "one_head?" + "a" * 5000 + "=1", "a b?c=1", None]
)
def test_what_is_no_view_of_the_app_is_refused(state: dict[str, object], told: str | None) -> None:
    state["lesson_adder"] = {"at": told}
    draft.add()
    assert draft.plan() == Plan()
    assert draft.said()


def test_no_more_steps_than_a_lesson_may_have(state: dict[str, object]) -> None:
    state["lesson_adder"] = {"at": "one_head?head=1"}
    for _number in range(61):
        draft.add()
    assert len(draft.plan().steps) == 60
    assert "60" in draft.said()


def test_the_browser_brings_the_lesson_back(state: dict[str, object]) -> None:
    state["lesson_keeper"] = {"found": {"text": written.write(PLAN), "writing": True}}
    draft.found()
    assert (draft.known(), draft.writing()) == (PLAN, True)
    for nonsense in ("text", {"text": "["}, {"text": 7}, {}, None, {"text": "x" * 300_000}):
        state["lesson_keeper"] = {"found": nonsense}
        draft.found()
        assert draft.known() == PLAN, "what cannot be read changes nothing"


def test_every_shipped_lesson_stands_on_the_shelf_in_the_order_of_a_course() -> None:
    found = list(shelf.shipped())
    assert found[0] == "text_to_translation"
    assert len(found) == 8
    assert shelf.opened("the_mask") == shelf.shipped()["the_mask"]
    assert shelf.opened("nobody") is None
