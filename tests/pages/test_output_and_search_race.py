"""The race: the learner's beam against the model's own, with the scores of both, and no line that crosses another."""

import json
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.output_and_search import race as races
from pages.output_and_search import race_words
from tests import apps
from tests.apps import app, sent, session_of, trouble
from transformer.decoding.hypotheses import penalty_of_length
from transformer.decoding.search import beam, best, greedy
from ui.frame import Session
from ui.measures.search import most, searched
from ui.session import state
from ui.show.sums import number

PAGE = "pages/100_output_and_search.py"
SENTENCE = "I see the dog."
page = partial(app, PAGE, text=SENTENCE, output="race")
pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest


def tree(test: AppTest) -> dict[str, Any]:
    """The picture that was sent."""
    assert trouble(test) == []
    [step] = next(each for each in sent(test) if each.get("name") == "race_tree")["steps"]
    return json.loads(step["figure"])  # type: ignore[no-any-return]


def ticks(test: AppTest) -> tuple[int, int]:
    """How many boxes wait for a tick, and how many have one."""
    texts = " ".join(text for trace in tree(test)["data"] for text in trace.get("text", ()) if "<br>" in text)
    return texts.count("☐"), texts.count("☑")


def origin() -> state.Origin:
    """The model of the app."""
    return next(iter(state.usable().values()))


def session() -> Session:
    """What the page would be given."""
    return session_of(state.opened(origin()), origin=origin())


def test_a_step_ends_when_its_places_are_filled_and_undo_gives_the_last_one_back(folders: Path) -> None:
    test = page(race_width="2", race_open="3")
    assert ticks(test) == (4, 1)
    assert "Step <b>1</b>: choose <b>2</b> of <b>5</b>" in apps.seen(test)
    test.button(key="race_best").click().run()
    assert test.session_state["race"] == "3-1"
    assert test.session_state["race_open"] == ""
    assert "Step <b>2</b>" in apps.seen(test)
    test.button(key="race_undo").click().run()
    assert (test.session_state["race"], test.session_state["race_open"]) == ("", "3")
    test.button(key="race_undo").click().run()
    assert ticks(test) == (5, 0)
    assert test.button(key="race_undo").disabled
    test.button(key="race_best").click().run()
    test.button(key="race_again").click().run()
    assert test.session_state["race"] == ""


@pytest.mark.parametrize("width", [1, 2, 5])
def test_who_always_takes_the_best_draws(folders: Path, width: int) -> None:
    test = page(race_width=str(width))
    for _step in range(state.MOST_TARGET):
        if test.button(key="race_best").disabled:
            break
        assert "told at the end" in apps.said(test) or not test.session_state["race"]
        test.button(key="race_best").click().run()
    assert "A draw" in apps.seen(test)
    own = best(searched(origin(), SENTENCE, width, 0.6))
    assert number(own.score) in apps.seen(test)
    assert ticks(test) == (0, 0)


def test_a_link_into_the_race_goes_on_from_there(folders: Path) -> None:
    test = page(race_width="5", race="5-4-3-2-1.1-2-3-4-6")
    assert "Step <b>3</b>: choose <b>5</b> of <b>7</b>" in apps.seen(test)
    test.button(key="race_best").click().run()
    assert test.session_state["race"] == "5-4-3-2-1.1-2-3-4-6.1-2-3-4-5"


def won(given: Session, width: int) -> races.Picks | None:
    """The choices that lead to what a wider beam finds, if that can be reached."""
    wide = best(beam(given.checkpoint.model, given.walk.source_ids[:-1], most(given.checkpoint.model.config), 8))
    picks: races.Picks = ()
    while len(picks) < len(wide.ids):
        step = races.run(given.origin, given.walk.source_text, width, 0.6, picks)[len(picks)]
        before = (
            races.run(given.origin, given.walk.source_text, width, 0.6, picks)[len(picks) - 1].kept if picks else ()
        )
        right = [
            place for place, each in enumerate(step.candidates)
            if (before[each.hypothesis].ids if picks else ()) + (each.id,) == wide.ids[: len(picks) + 1]
        ]  # fmt: skip
        if not right:
            return None
        picks = (*picks, (right[0],))
    return picks


@pytest.mark.parametrize(
    "text", ["I see the dog.", "The cat sleeps.", "Do you want to come with me?", "He likes the red house."]
)
def test_the_better_sentence_wins(folders: Path, text: str) -> None:
    """Greedy search is raced with the choices that a wider beam would make."""
    given = session()
    given.walk = state.own_walk(given.origin, text, state.Search(1))  # type: ignore[misc]
    picks = won(given, 1)
    if picks is None:
        pytest.skip("what the wider beam finds is not among the four best of each step")
    spelled = ".".join("-".join(str(place + 1) for place in each) for each in picks)
    test = page(text=text, race_width="1", race=spelled)
    model, source = given.checkpoint.model, given.walk.source_ids[:-1]
    mine = best(beam(model, source, most(model.config), 8)).score
    own = best(greedy(model, source, most(model.config)))
    lead = mine - own.total / penalty_of_length(len(own.ids), 0.6)
    told = "A draw" if abs(lead) <= races.LEAST else "You found the better" if lead > 0 else "The beam found the better"
    assert told in apps.seen(test)
    assert number(mine) in apps.said(test)


@pytest.mark.parametrize("width", [1, 2, 5])
def test_no_line_crosses_another_and_all_boxes_have_a_row(folders: Path, width: int) -> None:
    given, picks = session(), []
    for number_of in range(6):
        steps = races.run(given.origin, SENTENCE, width, 0.6, tuple(picks))
        if len(steps) == len(picks):
            break
        free, count = races.places(steps, len(steps) - 1, width), len(steps[-1].candidates)
        picks.append(tuple(sorted((number_of + 2 * place) % count for place in range(count)))[:free])
    test = page(race_width=str(width), race=".".join("-".join(str(place + 1) for place in each) for each in picks))
    tree(test)
    given.walk = state.own_walk(given.origin, SENTENCE, state.Search(4))  # type: ignore[misc]
    test_race = race_of(given, width, tuple(picks))
    for step in range(1, len(test_race.steps) + 1):
        boxes = [box for box in test_race.boxes if box.step == step]
        assert [box.rank for box in boxes] == list(range(len(boxes)))
        assert all(one <= other for one, other in pairwise(box.parent or 0 for box in boxes)), "no two lines cross"
        assert len(boxes) <= (width if step <= len(picks) else races.offered(width))


def race_of(given: Session, width: int, picks: races.Picks) -> races.Race:
    """The race with these choices."""
    steps = races.run(given.origin, SENTENCE, width, 0.6, picks)
    own = searched(given.origin, SENTENCE, width, 0.6)
    return races.Race(steps, picks, (), width, 0.6, own, races.grown(steps, width, 0.6, str))


@pytest.mark.parametrize("asked", [
    {"race": "x"}, {"race": "1"}, {"race": "1-1"}, {"race": "9-8"}, {"race": "1-2.77-1"}, {"race": "0-1"}, {"race": "1-2." * 200},
    {"race_open": "1-2"}, {"race_open": "9"}, {"race_open": "x"}, {"race_width": "0"}, {"race_width": "99"}, {"race_width": "x"},
    {"race": "²-1"}, {"race": "1-2", "race_open": "1"},
], ids=str)  # fmt: skip
def test_absurd_addresses(folders: Path, asked: dict[str, str]) -> None:
    tree(page(**asked))


def test_choices_are_forgotten_with_their_sentence_and_their_width(folders: Path) -> None:
    test = page(race="1-2", race_width="2")
    assert "Step <b>2</b>" in apps.seen(test)
    test.segmented_control(key="pick_race_width").set_value("3").run()
    assert test.session_state["race"] == ""
    test.button(key="race_best").click().run()
    test.text_input(key="text").set_value("The cat sleeps.").run()
    assert test.session_state["race"] == ""


def test_the_sentences_on_offer_are_those_on_which_the_beam_is_beaten(folders: Path) -> None:
    test = page(race_width="1")
    test.button(key="find_beaten").click().run()
    assert trouble(test) == []
    model, tokenizer = state.opened(origin()).model, state.opened(origin()).tokenizer
    found = [text for chunk in range(6) for text in race_words.beaten_in(origin(), 1, 0.6, chunk)]
    for text in sorted(found, key=len)[: race_words.FEW]:
        source = tokenizer.encode(text)
        narrow, wide = (best(beam(model, source, most(model.config), width)) for width in (1, race_words.WIDER))
        assert wide.score > narrow.score
    assert len([each for each in test.button if str(each.key).startswith("take_beaten")]) == min(
        len(found), race_words.FEW
    )
    if found:
        test.button(key="take_beaten_0").click().run()
        assert test.text_input(key="text").value == sorted(found, key=len)[0]
