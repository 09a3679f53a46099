"""Lessons: each step of the shipped ones is a view that is there; what they ask has the right answer; and one's own is written."""

import re
from pathlib import Path

import pytest
from torch import Tensor

from classroom import written
from classroom.lessons import Plan, Question, Step
from tests.apps import app, html, pictures, said, seen, trouble
from transformer.checkpoint import load
from transformer.decoding.search import translate
from ui.guide import draft, shelf
from ui.session.kept import BOUND, HELD, spelled
from ui.session.walk import Walk, walk

pytestmark = pytest.mark.filterwarnings("default")
PAGE = "pages/610_lessons.py"
SHIPPED = shelf.shipped()
STEPS = [(name, number) for name, plan in SHIPPED.items() for number in range(len(plan.steps))]


@pytest.mark.parametrize(("name", "number"), STEPS)
def test_a_step_of_a_shipped_lesson_is_a_view_that_is_there(name: str, number: int) -> None:
    """No trouble, the bar, and everything that the address asks for is known to the page and taken as it was asked."""
    step = SHIPPED[name].steps[number]
    file = shelf.pages()[step.page]
    test = app("" if file == "home" else f"pages/{file}.py", lesson=name, lesson_step=str(number + 1), **step.asked)
    assert trouble(test) == []
    assert pictures(test) >= 2
    assert not test.warning
    assert f"step {number + 1} of {len(SHIPPED[name].steps)}" in said(test)
    known = {**test.session_state[HELD], **test.session_state[BOUND]}
    for key, value in step.asked.items():
        assert key in known, f"{step.page} knows no {key}"
        now = test.session_state[key] if key in test.session_state else known[key][0]
        assert spelled(now) == value or key == "ed_case", f"{key}: {now}"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_lesson_has_what_a_teacher_needs(name: str) -> None:
    plan = SHIPPED[name]
    assert 15 <= plan.minutes <= 45
    assert len(plan.aims) >= 3
    assert all(step.note and step.question for step in plan.steps)
    assert all(step.question.why for step in plan.steps if step.question)
    assert any(step.teacher for step in plan.steps)
    assert written.write(plan)
    choices = [step.question for step in plan.steps if step.question and step.question.options]
    assert len({each.options.index(str(each.right)) for each in choices}) > 1, (
        "the right answer does not always stand first"
    )


def right(name: str, number: int) -> str | float | None:
    """The right answer of a step, from 1, as the lesson has it."""
    asked = SHIPPED[name].steps[number - 1].question
    assert asked
    return asked.right


def walked(name: str, number: int) -> Walk:
    """What the model of a step made of its sentence, found greedily."""
    asked = SHIPPED[name].steps[number - 1].asked
    checkpoint = load(asked["checkpoint"])
    french = translate(checkpoint.model, checkpoint.tokenizer, asked["text"])
    return walk(
        checkpoint, asked["text"], (*checkpoint.tokenizer.encode(french), checkpoint.model.config.end_id), forced=True
    )


def most(weights: Tensor, shown: Walk) -> str:
    """The English piece with the largest share."""
    return shown.source[int(weights.argmax())].strip("▁")


def test_the_number_of_pieces_is_that_of_the_tokenizer() -> None:
    asked = SHIPPED["text_to_translation"].steps[1].asked
    assert right("text_to_translation", 2) == len(load(asked["checkpoint"]).tokenizer.encode(asked["text"]))


def test_d_k_is_the_model_s() -> None:
    config = load(SHIPPED["why_sqrt_dk"].steps[0].asked["checkpoint"]).model.config
    assert right("why_sqrt_dk", 1) == config.d_model / config.heads


def test_the_trained_model_spreads_more_than_random_vectors() -> None:
    told = app("pages/430_score_functions.py", **SHIPPED["why_sqrt_dk"].steps[6].asked)
    numbers = [float(each) for each in re.findall(r"\d+\.\d+", re.sub("<[^>]*>", "", seen(told)))]
    assert len(numbers) == 2, seen(told)
    assert numbers[0] > 1.5 * numbers[1]
    assert right("why_sqrt_dk", 7) == "no, it is larger"


@pytest.mark.parametrize("number", [2, 3])
def test_where_the_decoder_looks_before_the_pronoun(number: int) -> None:
    shown = walked("it", number)
    place = int(SHIPPED["it"].steps[number - 1].asked["piece"]) - 1
    assert shown.written[place].strip("▁") in ("il", "elle")
    weights = shown.trace.decoder.layers[-1].cross_attention.weights
    assert right("it", number) == most(weights.reshape(-1, *weights.shape[-2:]).mean(0)[place], shown)


@pytest.mark.parametrize("number", [4, 5])
def test_where_it_looks_in_the_encoder(number: int) -> None:
    shown, asked = walked("it", number), SHIPPED["it"].steps[number - 1].asked
    place, layer, head = (int(asked[key]) - 1 for key in ("source", "layer", "head"))
    assert shown.source[place] == "▁it"
    weights = shown.trace.encoder.layers[layer].self_attention.weights
    assert right("it", number) == most(weights.reshape(-1, *weights.shape[-2:])[head, place], shown)


def test_that_head_is_not_needed() -> None:
    told = app("pages/200_head_switchboard.py", **SHIPPED["it"].steps[6].asked)
    assert "no word changes" in re.sub("<[^>]*>", "", seen(told))
    assert right("it", 7) == "no"


def test_the_heads_that_the_sentence_about_charlie_needs_most_are_of_cross_attention() -> None:
    told = re.sub("<[^>]*>", " ", said(app("pages/200_head_switchboard.py", **SHIPPED["heads"].steps[4].asked)))
    found = re.search(
        r"can least do without\s+rank\s+head\s+fall\s+pieces that change\s+1\s+(\w+) \d.*?\s2\s+(\w+) \d", told, re.S
    )
    assert found, told[-3000:]
    assert found.groups() == ("Cross", "Cross")
    assert right("heads", 5) == "cross-attention"


def test_few_heads_have_a_clear_role_there() -> None:
    told = re.sub("<[^>]*>", "", seen(app("pages/60_many_heads.py", **SHIPPED["heads"].steps[2].asked)))
    found = re.search(r"(\d+) of (\d+) heads have a clear role", told)
    assert found, told
    assert int(found[1]) < int(found[2]) / 2
    assert right("heads", 3) == "no"


def test_the_page_shows_each_lesson_with_its_time_and_a_way_into_it(folders: Path) -> None:
    test = app(PAGE)
    assert trouble(test) == []
    for name, plan in SHIPPED.items():
        assert f"lesson={name}&amp;lesson_step=1" in said(test)
        assert f"{plan.minutes} minutes, {len(plan.steps)} steps" in said(test)
    test.button(key="le_open_the_mask").click().run()
    assert trouble(test) == []
    mask = SHIPPED["the_mask"]
    assert f"<b>{mask.minutes}</b> minutes in <b>{len(mask.steps)}</b> steps" in seen(test)
    assert any("✓ the right word" in each for each in html(test))
    assert test.get("download_button")
    assert "/decoder_and_mask?" in test.code[0].value
    assert "lesson=the_mask" in test.code[0].value


OWN = Plan(
    title="My own", steps=(Step(at="one_head?head=2", note="a"), Step(at="tokens", note="b", minutes=4, question=Question(ask="q"))),
)  # fmt: skip


def writing(plan: Plan = OWN) -> object:
    """The page with a lesson that is being written."""
    test = app(PAGE, le_view="write")
    test.session_state[draft.DRAFT] = plan
    return test.run()


def now(test: object) -> Plan:
    """The lesson that is being written."""
    return test.session_state[draft.DRAFT]  # type: ignore[attr-defined,no-any-return]


def test_steps_change_places_go_and_come_back(folders: Path) -> None:
    test = writing()
    assert trouble(test) == []
    test.button(key="le_down").click().run()
    assert [step.note for step in now(test).steps] == ["b", "a"]
    test.button(key="le_remove").click().run()
    assert [step.note for step in now(test).steps] == ["b"]
    test.button(key="le_undo").click().run()
    assert [step.note for step in now(test).steps] == ["b", "a"]
    test.button(key="le_undo").click().run()
    assert now(test) == OWN
    assert trouble(test) == []


def test_note_minutes_locks_and_question_are_typed(folders: Path) -> None:
    test = writing()
    test.text_area(key="le_note_0_0").set_value("<b>new</b> **note**").run()
    test.number_input(key="le_minutes_0_0").set_value(9).run()
    test.segmented_control(key="le_kind_0_0").set_value("choice").run()
    test.text_area(key="le_options_1_0").set_value("one\n* two\nthree").run()
    assert trouble(test) == []
    step = now(test).steps[0]
    assert (step.note, step.minutes) == ("<b>new</b> **note**", 9)
    assert step.question is not None
    assert (step.question.options, step.question.right) == (("one", "two", "three"), "two")
    test.text_area(key="le_options_1_0").set_value("same\nsame").run()
    assert "two options are the same" in test.error[0].value
    assert now(test).steps[0].question == step.question
    test.text_input(key="le_at_1_0").set_value("https://example.org").run()
    assert "a page of this app" in test.error[0].value.replace("\\", "")
    assert now(test).steps[0].at == "one_head?head=2"


def test_a_lesson_that_lacks_something_says_what(folders: Path) -> None:
    test = writing(Plan(steps=OWN.steps))
    assert trouble(test) == []
    assert any("has no title" in each.value for each in test.caption)
    test.text_input(key="le_title_0").set_value("Now it has").run()
    assert now(test).title == "Now it has"
    assert "lesson=%7E" in test.code[0].value or "lesson=~" in test.code[0].value


def test_a_file_takes_its_place_or_is_refused_and_nothing_is_lost(folders: Path) -> None:
    test = writing()
    brought = Plan(title="From a file", steps=(Step(at="positions", note="p"),))
    for content, told in (
        (b"\xff\xfe\x00", "no text in UTF-8"), (b"", "no list of"), (b"x" * 300_000, "too large"),
        (b"title: A\nsteps: [{at: 'https://example.org'}]", "a page of this app"), (b"[" * 99, "nested too deeply"),
    ):  # fmt: skip
        test.file_uploader[0].upload("lesson.yaml", content, "application/yaml").run()
        assert trouble(test) == []
        assert told in test.error[0].value.replace("\\", "")
        assert now(test) == OWN
    test.file_uploader[0].upload("lesson.yaml", written.write(brought).encode(), "application/yaml").run()
    assert trouble(test) == []
    assert now(test) == brought
    test.button(key="le_undo").click().run()
    assert now(test) == OWN


def test_a_shipped_lesson_can_be_made_one_s_own(folders: Path) -> None:
    test = app(PAGE, le_plan="heads")
    test.button(key="le_take").click().run()
    assert trouble(test) == []
    assert now(test) == SHIPPED["heads"]
    assert test.session_state[draft.WRITING]
