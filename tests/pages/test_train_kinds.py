"""Other kinds of model on the train page: their recipe, the race against the Transformer, and what is seen of one while it learns."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.apps import app, html, pictures, trouble
from tests.pages.trainings import Submitted, job, parsed
from tests.relatives.conftest import untrained
from tests.relatives.test_kept import sizes
from transformer import checkpoint
from transformer.family import kinds
from transformer.jobs.limits import parameters
from transformer.tokenizer import Tokenizer
from transformer.training import history
from transformer.training.history import Entry
from ui.training import corpora, recipes, runs

PAGE = "pages/300_train.py"


def test_a_click_trains_the_kind_that_was_chosen(submitted: Submitted) -> None:
    test = app(PAGE, train_model="gru")
    assert trouble(test) == []
    assert not any(each.key == "train_heads" for each in test.number_input)
    test.button(key="train_start").click().run()
    ((name, arguments, _token),) = submitted
    suits = corpora.suits("grammar-en-fr", model="gru")
    assert name == "my-grammar-gru"
    assert parsed(arguments) == recipes.recipe("grammar-en-fr", "", suits, "", "gru")
    assert arguments[:3] == ("grammar-en-fr", "--model", "gru")


def test_another_kind_brings_its_own_width(submitted: Submitted) -> None:
    test = app(PAGE)
    test.selectbox(key="pick_train_model").set_value("lstm").run()
    assert trouble(test) == []
    assert test.session_state["train_d_model"] == corpora.suits("grammar-en-fr", model="lstm")["d-model"]


def test_a_race_puts_two_into_the_queue_for_as_long(submitted: Submitted) -> None:
    test = app(PAGE, train_model="gru", train_stop="minutes", train_minutes="2")
    test.toggle(key="train_beside").set_value(True).run()
    test.button(key="train_start").click().run()
    assert trouble(test) == []
    (_, mine, _), (name, theirs, _) = submitted
    assert name == "my-grammar-gru-against"
    assert "--model" not in theirs
    for arguments in (mine, theirs):
        assert arguments[arguments.index("--minutes") + 1] == "2"
    assert (test.session_state["train_job"], test.session_state["train_rival"]) == ("my-grammar-gru", name)


def learned(shelf: Path, tokenizer: Tokenizer, kind: str, exact: float) -> None:
    """A finished training of a kind of model, with one snapshot."""
    folder, model = shelf / kind, untrained(kind, sizes(tokenizer))
    checkpoint.save(folder, model, tokenizer, {"training": {}})
    checkpoint.save_snapshot(folder, model, 40, {"steps": 40})
    entry = Entry(
        step=40, epoch=1, share=1.0, seconds=4.0, loss=2.0, learning_rate=0.1, gradient_norm=1.0, tokens_per_second=9.0,
        seconds_left=0.0, snapshot=True, validation_loss=2.5, bleu=9.0, exact_match=exact,
    )  # fmt: skip
    look = {
        "step": 40,
        "share": 1.0,
        "norm": 2.0,
        "clipped": True,
        "parts": {"decoder": 1.0, "encoder": 0.5, "matrix": 0.25},
    }
    lines = [json.dumps(asdict(entry)), json.dumps({"gradients": look})]
    (folder / history.FILE).write_text("\n".join(lines) + "\n")
    job(shelf, kind)
    runs.forget()


def test_two_trainings_are_compared(empty_shelf: Path, tokenizer: Tokenizer) -> None:
    learned(empty_shelf, tokenizer, "gru", 33.0)
    learned(empty_shelf, tokenizer, "bahdanau", 66.0)
    test = app(PAGE, train_job="gru", train_rival="bahdanau")
    assert trouble(test) == []
    (said,) = [each for each in html(test) if "of each run" in each]
    assert all(f"<b>{told}</b>" in said for told in ("gru", "33 %", "bahdanau", "66 %", "2.50"))


@pytest.mark.parametrize(("kind", "map_there"), [("gru", False), ("bahdanau", True), ("additive", True)])
def test_what_a_relative_learns_is_seen(kind: str, map_there: bool, empty_shelf: Path, tokenizer: Tokenizer) -> None:
    learned(empty_shelf, tokenizer, kind, 33.0)
    test = app(PAGE, train_job=kind, text="I see the dog.", checkpoint=kind)
    assert trouble(test) == []
    assert any("looks nowhere" in each.value for each in test.info) == (not map_there)
    assert any("I see the dog." in each and "atlas-told" in each for each in html(test))
    drawn = pictures(test)
    gradients = app(PAGE, train_job=kind, train_view="gradients")
    assert trouble(gradients) == []
    assert drawn


def test_gradients_of_a_recurrent_model_have_rows(empty_shelf: Path, tokenizer: Tokenizer) -> None:
    learned(empty_shelf, tokenizer, "gru", 33.0)
    test = app(PAGE, train_job="gru", train_view="gradients")
    assert trouble(test) == []
    table = [each.value for each in test.dataframe if "matrix" in each.value.columns]
    assert any("Decoder, cell" in set(each["matrix"]) for each in table) or not table


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind != "transformer"])
def test_the_limit_of_parameters_counts_no_kind_too_small(kind: str, tokenizer: Tokenizer) -> None:
    model = untrained(kind, sizes(tokenizer))
    said = (
        "grammar-en-fr",
        "--model",
        kind,
        "--d-model",
        "10",
        "--layers",
        "1",
        "--d-ff",
        "7",
        "--vocabulary-size",
        str(len(tokenizer)),
    )
    assert parameters(said, []) >= model.number_of_parameters - (60 if kind == "additive" else 0)
