"""Systems that are no translators on the train page: their recipe as they press the button, and what is seen of one while it learns."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from systems import KINDS
from systems.training.recipe import Recipe, suited
from systems.training.recipe import parsed as fields
from tests.apps import app, html, sent, trouble
from tests.pages.trainings import Submitted, job
from transformer.jobs.limits import OF_A_SYSTEM, parameters
from transformer.training import history
from transformer.training.history import Entry

PAGE = "pages/300_train.py"


def recipe(arguments: tuple[str, ...]) -> Recipe:
    """What the command would make of these arguments."""
    corpus, *rest = arguments
    told = dict(zip(rest[::2], rest[1::2], strict=True))
    model, base = told["--model"], told.get("--from")
    line = [
        word
        for pair in zip(rest[::2], rest[1::2], strict=True)
        if pair[0] not in ("--model", "--from")
        for word in pair
    ]
    return Recipe(corpus=corpus, model=model, base=base, **fields(" ".join(line)))


@pytest.mark.parametrize("kind", ["memory", "captions-hard", "hierarchical", "vit"])
def test_a_click_trains_the_system_with_the_recipe_that_suits_it(kind: str, submitted: Submitted) -> None:
    corpus = KINDS[kind].corpora[0]
    test = app(PAGE, train_what="system", train_system=kind)
    assert trouble(test) == []
    test.button(key="train_start_system").click().run()
    assert trouble(test) == []
    ((name, arguments, _token),) = submitted
    assert name == f"my-{kind}"
    assert recipe(arguments) == Recipe(corpus=corpus, model=kind, **suited(kind, corpus))
    assert parameters(arguments, ()) == OF_A_SYSTEM


def test_a_tagger_begins_with_bert_unless_it_shall_not(submitted: Submitted) -> None:
    test = app(PAGE, train_what="system", train_system="tagger")
    test.button(key="train_start_system").click().run()
    assert recipe(submitted[0][1]).base == "bert-tatoeba"
    test.selectbox(key="pick_train_system_from").set_value("nothing").run()
    test.button(key="train_start_system").click().run()
    assert trouble(test) == []
    assert recipe(submitted[1][1]).base is None


def test_another_system_brings_its_own_numbers_and_mine_are_kept_for_this_one(submitted: Submitted) -> None:
    test = app(PAGE, train_what="system", train_system="memory")
    test.number_input(key="train_system_minutes").set_value(2.0).run()
    test.number_input(key="train_system_examples").set_value(300).run()
    test.button(key="train_start_system").click().run()
    made = recipe(submitted[0][1])
    assert (made.minutes, made.examples) == (2.0, 300)
    test.selectbox(key="pick_train_system").set_value("hierarchical").run()
    assert trouble(test) == []
    usual = suited("hierarchical", "reviews")
    assert test.number_input(key="train_system_peak_rate").value == usual["peak_rate"]
    assert test.number_input(key="train_system_examples").value == 0


@pytest.mark.parametrize(("what", "kind"), [("system", "nonsense"), ("<script>", "memory"), ("system", "gru")])
def test_what_the_address_asks_for_and_there_is_not_is_not_asked(what: str, kind: str, submitted: Submitted) -> None:
    test = app(PAGE, train_what=what, train_system=kind, train_system_corpus="nowhere", train_system_seed="x")
    assert trouble(test) == []


def test_while_it_learns_its_figures_stand_beside_the_trivial_guess(empty_shelf: Path) -> None:
    found = job(empty_shelf, "mine", arguments=("stories", "--model", "memory", "--epochs", "3"))
    entries = [
        Entry(
            step=step, epoch=1, share=step / 80, seconds=step / 10, loss=3 - step / 20, learning_rate=0.01, gradient_norm=1.0,
            tokens_per_second=900.0, seconds_left=5.0, snapshot=step == 40,
            measured={"accuracy": 61.25, "baseline": 29.0} if step == 40 else None,
        )
        for step in range(1, 41)
    ]  # fmt: skip
    (found.folder / history.FILE).write_text("".join(json.dumps(asdict(each)) + "\n" for each in entries))
    test = app(PAGE, train_job="mine")
    assert trouble(test) == []
    assert any("accuracy 61.2; baseline 29.0" in each for each in html(test)), html(test)
    assert "the training loss is 1.00 nats" in str(sent(test))
