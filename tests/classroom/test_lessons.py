"""A lesson as a file and as a link: what is read is what was written, and whatever else comes is refused with a sentence."""

import base64
import contextlib
import zlib
from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from classroom import lessons, packed, written
from classroom.lessons import LOCKS, Plan, PlanError, Question, Step, read

PAGES = ("", "one_head", "cross_attention")
CHOICE = Question(ask="Which?", options=("yes", "no"), right="no", why="Because: it is.")
WHOLE = Plan(
    title="A lesson", about="About it.", aims=("know it", "'quoted': yes"),
    steps=(
        Step(at="one_head?text=I+see+him.&head=3", note="Look\n\n- at *this*", minutes=5, question=CHOICE, locked=frozenset(LOCKS)),
        Step(at="", note="한국어 √d_k", question=Question(ask="How many?", right=3.5, tolerance=0.25), teacher="Wait."),
        Step(at="cross_attention", question=Question(ask="A word?", right="yes")),
        Step(at="cross_attention", question=Question(ask="Open?")),
    ),
)  # fmt: skip
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40).filter(
    lambda text: "![" not in text
)
QUESTIONS = st.one_of(
    st.builds(Question, ask=TEXTS, right=st.one_of(st.none(), TEXTS, st.floats(-1e9, 1e9).map(float)), why=TEXTS),
    st.builds(Question, ask=TEXTS, options=st.lists(TEXTS, min_size=2, max_size=8, unique=True).map(tuple), why=TEXTS),
)
STEPS = st.builds(
    Step, at=st.sampled_from(("", "one_head", "one_head?head=3&text=a%26b")), note=TEXTS, minutes=st.integers(1, 120),
    question=st.one_of(st.none(), QUESTIONS), locked=st.frozensets(st.sampled_from(LOCKS)), teacher=TEXTS,
)  # fmt: skip
PLANS = st.builds(
    Plan,
    title=TEXTS,
    about=TEXTS,
    aims=st.lists(TEXTS, max_size=12).map(tuple),
    steps=st.lists(STEPS, min_size=1, max_size=8).map(tuple),
)


def test_what_was_written_is_read_again() -> None:
    assert read(written.write(WHOLE), PAGES) == WHOLE
    assert "minutes: 14" in written.write(WHOLE)


@given(PLANS)
def test_any_lesson_comes_back_from_its_file(plan: Plan) -> None:
    assert read(written.write(plan), PAGES) == plan


@given(PLANS)
def test_a_short_lesson_comes_back_from_its_link_without_the_teacher(plan: Plan) -> None:
    learner = replace(plan, steps=tuple(replace(step, teacher="") for step in plan.steps))
    try:
        link = packed.pack(plan)
    except PlanError:
        return
    assert packed.is_packed(link)
    assert len(link) <= packed.MOST + 1
    assert packed.unpack(link, PAGES) == learner


def test_a_long_one_is_given_away_as_a_file() -> None:
    noise = "".join(chr(0x4E00 + 7919 * place % 20000) for place in range(2500))
    with pytest.raises(PlanError, match=r"too long for a link .* give the file away"):
        packed.pack(replace(WHOLE, steps=(Step(at="", note=noise),)))


def test_answers_are_right_or_not() -> None:
    number, word = Question(ask="?", right=3.5, tolerance=0.25), Question(ask="?", right="Tired")
    assert [CHOICE.kind, number.kind, word.kind, Question(ask="?").kind] == ["choice", "number", "word", "open"]
    assert [CHOICE.is_right(answer) for answer in ("no", "yes", None)] == [True, False, False]
    assert [number.is_right(answer) for answer in (3.25, 3.75, 3.76, "3.5", None)] == [True, True, False, False, False]
    assert [word.is_right(answer) for answer in (" tired. ", "“tired”", "wide")] == [True, True, False]
    assert Question(ask="?").is_right("anything")


REFUSED = {
    "": "no list of `name: value`",
    "just words": "no list of `name: value`",
    "title: A": "no steps",
    "steps: [{at: '', note: a}]": "no title",
    "title: A\nsteps: [{at: ''}]": "Step 1 has neither a note nor a question",
    "title: A\nhue: red\nsteps: []": "'hue', which means nothing here. Known: about, aims",
    "title: A\nsteps: [{at: '', note: a, colour: red}]": "Step 1 has 'colour'",
    "title: [": "no YAML: line",
    "title: A\nsteps: 3": "`steps` is no list",
    "title: A\nsteps: [{at: nowhere, note: a}]": "Step 1: there is no page 'nowhere'",
    "title: A\nsteps: [{at: 'https://example.org/', note: a}]": "Step 1: `at` is a page of this app",
    "title: A\nsteps: [{at: '//example.org', note: a}]": "Step 1: `at` is a page of this app",
    "title: A\nsteps: [{at: '../one_head', note: a}]": "Step 1: `at` is a page of this app",
    "title: A\nsteps: [{at: 'javascript:alert(1)', note: a}]": "Step 1: `at` is a page of this app",
    "title: A\nsteps: [{at: 'one_head?lesson=other', note: a}]": "cannot ask for 'lesson'",
    "title: A\nsteps: [{at: 'one_head?a b=1', note: a}]": "cannot ask for 'a b'",
    "title: A\nsteps: [{at: 'one_head?head', note: a}]": "no list of name=value",
    "title: A\nsteps: [{at: 'one_head?head=1#x', note: a}]": "is a page of this app",
    "title: A\nsteps: [{at: '', note: a, minutes: 0}]": "from 1 to 120, not 0",
    "title: A\nsteps: [{at: '', note: a, minutes: true}]": "from 1 to 120, not True",
    "title: A\nsteps: [{at: '', note: a, minutes: 1.5}]": "from 1 to 120, not 1.5",
    "title: A\nminutes: 9\nsteps: [{at: '', note: a}]": "says 9 minutes, but its steps take 3 together",
    "title: A\nsteps: [{at: '', note: a, locked: [doors]}]": "may have pages, sentence, controls, depths, not 'doors'",
    "title: A\nsteps: [{at: '', note: '![x](https://example.org/x.png)'}]": "cannot bring a picture along",
    "title: A\nsteps: [{at: '', question: {ask: q, options: [a, b], right: c}}]": "`right` is none of the options",
    "title: A\nsteps: [{at: '', question: {ask: q, options: [a, a]}}]": "two options are the same",
    "title: A\nsteps: [{at: '', question: {ask: q, options: [yes, 'no']}}]": "put True into quotation marks",
    "title: A\nsteps: [{at: '', question: {ask: q, right: .nan}}]": "put nan into quotation marks",
    "title: A\nsteps: [{at: '', question: {ask: q, right: 1, tolerance: -1}}]": "not negative",
    "title: A\nsteps: [{at: '', question: {right: 1}}]": "`ask` is missing",
    "title: 2026-99-99\nsteps: []": "no YAML",
    "title: A\nsteps: &all [{at: '', note: a}]\naims: *all": "cannot refer to another place",
    "title: !!python/object/apply:os.system ['true']": "no YAML",
    "a: " + "[" * 40 + "]" * 40: "nested too deeply",
    "title: " + "x" * 121: "`title` has 121 characters; 120 at most",
    "title: A\nsteps: [" + "{at: '', note: a}," * 61 + "]": "`steps` has 61 entries; 60 at most",
    "x" * 200_001: "200,001 characters",
    'title: "a\\u202eb"\nsteps: []': "signs that nobody can see",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:60]))
def test_what_is_no_lesson_is_refused_with_a_sentence_that_says_where(text: str) -> None:
    with pytest.raises(PlanError) as refused:
        read(text, PAGES)
    assert REFUSED[text] in str(refused.value)
    assert len(str(refused.value)) < 300


@given(st.text(max_size=200))
def test_any_text_is_a_lesson_or_refused(text: str) -> None:
    with contextlib.suppress(PlanError):
        assert read(text, PAGES).steps


def test_a_draft_may_lack_what_a_lesson_needs() -> None:
    assert read("about: begun", PAGES, whole=False) == Plan(about="begun")
    assert read(written.write(Plan(steps=(Step(at="one_head"),))), PAGES, whole=False).steps[0].note == ""
    with pytest.raises(PlanError):
        read("steps: [{at: nowhere}]", PAGES, whole=False)


def test_a_link_that_is_damaged_or_would_burst_is_refused() -> None:
    link = packed.pack(WHOLE)
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=packed.USUAL)
    large = bomb.compress(b"[" + b"0," * 40_000) + bomb.flush()
    assert len(large) < 1000
    burst = packed.MARK + base64.urlsafe_b64encode(large).decode().rstrip("=")
    for bad in (
        link[:-9],
        link[:40] + "AAAA" + link[44:],
        packed.MARK,
        packed.MARK + "!!",
        packed.MARK + "A" * 5000,
        burst,
    ):
        with pytest.raises(PlanError, match=r"damaged|no list"):
            packed.unpack(bad, PAGES)


@given(st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", max_size=60))
def test_any_letters_are_a_lesson_or_refused(letters: str) -> None:
    with pytest.raises(PlanError):
        packed.unpack(packed.MARK + letters, PAGES)


def test_a_link_to_a_page_that_is_not_there_is_refused() -> None:
    with pytest.raises(PlanError, match="there is no page"):
        packed.unpack(packed.pack(replace(WHOLE, steps=(Step(at="gone", note="a"),))), PAGES)


def test_a_step_knows_its_page_and_what_it_asks() -> None:
    step = WHOLE.steps[0]
    assert (step.page, step.asked) == ("one_head", {"text": "I see him.", "head": "3"})
    assert yaml.safe_load(written.write(WHOLE))["steps"][1]["question"]["right"] == 3.5
    assert lessons.address("./one_head?a=1", "here", PAGES) == "one_head?a=1"
