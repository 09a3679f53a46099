"""The train page without a browser: what it shows of a training that waits, goes on, has ended or has failed."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.train import live
from tests.apps import app, html, sent, trouble
from tests.pages.trainings import TOKEN, job, trained
from transformer import checkpoint
from transformer.jobs import files as jobs_files
from transformer.tokenizer import Tokenizer
from ui.session import state
from ui.training import corpora, people, runs

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest

PAGE = "pages/300_train.py"

BORING = "I see the dog."


def figures(test: AppTest) -> list[dict[str, object]]:
    """Every figure on the page."""
    return [
        json.loads(step["figure"]) for each in sent(test) if isinstance(each, dict) for step in each.get("steps", [])
    ]


def test_a_training_is_shown_with_its_own_numbers(empty_shelf: Path, tokenizer: Tokenizer) -> None:
    entries = trained(empty_shelf, tokenizer)
    test = app(PAGE, text=BORING)
    assert trouble(test) == []
    drawn = {len(figure["data"]): figure for figure in figures(test)}
    loss, held_out, bleu, exact, rate, norm = drawn[6]["data"]
    assert loss["y"] == [entry.loss for entry in entries]
    assert rate["y"] == [entry.learning_rate for entry in entries]
    assert norm["y"] == [entry.gradient_norm for entry in entries]
    assert [curve["y"] for curve in (held_out, bleu, exact)] == [[4.5], [12.5], [3.0]]
    origin = state.at(state.origin(empty_shelf / "mine"), 40)
    english, french = (
        BORING,
        checkpoint.load(checkpoint.FOLDERS[0] / "a_first").tokenizer.decode(
            state.translation(state.usable()["a_first"], BORING, state.Search(4))
        ),
    )
    seen = live.forming(origin, english, french)
    assert seen is not None
    np.testing.assert_allclose(drawn[1]["data"][0]["z"], seen.walk.cross[-1].mean(0), atol=1e-6)
    assert any(BORING in said and "atlas-told" in said for said in html(test))


def test_another_sentence_can_be_watched(empty_shelf: Path, tokenizer: Tokenizer) -> None:
    trained(empty_shelf, tokenizer)
    test = app(PAGE, text=BORING, train_map="1")
    assert trouble(test) == []
    (figure,) = [each for each in figures(test) if each["data"][0]["type"] == "heatmap"]
    words = " ".join(figure["data"][0]["meta"]["cells"]["columns"])
    assert words.split()[0] in corpora.samples("grammar-en-fr")[0][0]


@pytest.mark.parametrize("text", ["", "word " * 5000, "😀", "<b>hi</b>"], ids=ascii)
def test_a_sentence_that_cannot_be_drawn_leaves_the_rest(empty_shelf: Path, tokenizer: Tokenizer, text: str) -> None:
    trained(empty_shelf, tokenizer)
    test = app(PAGE, text=text)
    assert trouble(test) == []
    assert any(len(figure["data"]) == 6 for figure in figures(test))
    assert not any("<b>hi" in said for said in html(test) if "atlas-told" in said)


def test_a_failed_training_says_why_and_offers_what_it_left(
    empty_shelf: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(empty_shelf, tokenizer, phase="failed", said="It was killed; most likely the machine ran out of memory.")
    monkeypatch.setattr(people, "cookie", lambda: TOKEN)
    test = app(PAGE)
    assert "ran out of memory" in test.error[0].value
    assert {"train_resume", "train_delete_it"} <= {button.key for button in test.button}
    assert "Open the model →" in [element.proto.label for element in test.get("page_link")]
    test.button(key="train_delete_it").click().run()
    assert trouble(test) == []
    assert not (empty_shelf / "mine").exists()


def test_a_link_opens_what_it_made(empty_shelf: Path, tokenizer: Tokenizer) -> None:
    """Within a session Streamlit drops `?checkpoint=`, because the page left behind had bound it."""
    trained(empty_shelf, tokenizer)
    links = [element.proto for element in app(PAGE, text=BORING).get("page_link")]
    (query,) = {link.query_string for link in links if "to_checkpoint" in link.query_string}
    assert query == "to_checkpoint=mine"
    for page in ("pages/90_cross_attention.py", "pages/310_time_machine.py"):
        test = app(page, text=BORING, to_checkpoint="mine")
        assert trouble(test) == []
        assert test.selectbox(key="checkpoint").value == "mine"
    assert app(PAGE, to_checkpoint="nobody").selectbox(key="checkpoint").value == "a_first"


def test_a_training_without_anything_yet_is_no_trouble(empty_shelf: Path) -> None:
    job(empty_shelf, "empty", phase="failed", said="It could not read the corpus.")
    test = app(PAGE)
    assert trouble(test) == []
    assert "could not read" in test.error[0].value


def test_several_trainings_can_be_chosen_between(empty_shelf: Path, tokenizer: Tokenizer) -> None:
    trained(empty_shelf, tokenizer, "one")
    trained(empty_shelf, tokenizer, "two", phase="stopped")
    test = app(PAGE, train_job="one")
    assert test.selectbox(key="pick_train_job").value == "one"
    assert {*test.selectbox(key="pick_train_job").options} == {"one: finished", "two: stopped"}
    test.selectbox(key="pick_train_job").set_value("two").run()
    assert trouble(test) == []
    assert test.session_state["train_job"] == "two"


def test_the_place_in_the_queue_is_told(empty_shelf: Path) -> None:
    first, second = (job(empty_shelf, name, phase="waiting") for name in ("one", "two"))
    locks = [jobs_files.lock(each.folder) for each in (first, second)]
    try:
        runs.forget()
        told = {job.name: runs.words(job) for job in runs.found()}
        assert told == {"one": "waiting, place 1 in the queue", "two": "waiting, place 2 in the queue"}
    finally:
        for lock in locks:
            os.close(lock)


@pytest.mark.parametrize(
    ("seconds", "said"), [(3, "5 seconds"), (62, "60 seconds"), (200, "3 minutes"), (9000, "2.5 hours")]
)
def test_an_estimate_is_not_more_exact_than_it_is(seconds: float, said: str) -> None:
    assert runs.about(seconds) == said
