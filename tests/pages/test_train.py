"""The form of the train page without a browser: what its button asks for, and what is said before anything starts."""

import shlex
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from pages.train import form
from tests.apps import app, html, pictures, trouble
from tests.pages.trainings import Submitted, parsed, trained
from transformer import jobs
from transformer.config import Config
from transformer.jobs import Job, JobError
from transformer.jobs.limits import bounded
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer
from transformer.training.presets import SIZES
from transformer.training.recipe import Recipe
from ui.session import state
from ui.training import corpora, people, recipes

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest

PAGE = "pages/300_train.py"


def test_one_click_asks_for_the_usual_recipe(submitted: Submitted) -> None:
    test = app(PAGE)
    test.button(key="train_start").click().run()
    assert trouble(test) == []
    ((name, arguments, token),) = submitted
    assert name == "my-grammar"
    assert parsed(arguments) == recipes.recipe("grammar-en-fr", "", corpora.suits("grammar-en-fr"))
    assert people.SOUND.fullmatch(token)
    assert test.session_state["train_job"] == "my-grammar"


def test_the_number_of_parameters_follows_every_size(empty_shelf: Path) -> None:
    test = app(PAGE)
    for key, value in (("d_model", 96), ("heads", 3), ("layers", 1), ("d_ff", 100), ("vocabulary_size", 1000)):
        test.number_input(key=f"train_{key}").set_value(value).run()
    sizes = {"d_model": 96, "heads": 3, "encoder_layers": 1, "decoder_layers": 1, "d_ff": 100}
    right = Transformer(Config(vocabulary_size=1000, **sizes)).number_of_parameters
    assert any(f"at most {right:,}" in said for said in html(test))


def test_impossible_sizes_are_said_before_anything_starts(submitted: Submitted) -> None:
    test = app(PAGE)
    test.number_input(key="train_d_model").set_value(66).run()
    assert trouble(test) == []
    assert "multiple of heads" in test.warning[0].value
    assert test.button(key="train_start").disabled


def test_limits_are_said_before_anything_starts(empty_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_TRAINING_PARAMETERS", "1000")
    monkeypatch.setenv("ATLAS_TRAINING_MINUTES", "0.2")
    test = app(PAGE)
    assert "1\\,000" in test.warning[0].value
    assert test.button(key="train_start").disabled
    monkeypatch.delenv("ATLAS_TRAINING_PARAMETERS")
    test = app(PAGE)
    assert any("will end after 0\\.2" in caption.value for caption in test.caption)
    assert not test.button(key="train_start").disabled


def test_what_the_queue_refuses_is_said(empty_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Job:
        raise JobError("The queue is <b>full</b>.")

    monkeypatch.setattr(jobs, "submit", refuse)
    test = app(PAGE)
    test.button(key="train_start").click().run()
    assert trouble(test) == []
    assert "full" in test.warning[0].value
    test.run()
    assert not test.warning


def test_switched_off_there_is_a_line(empty_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_TRAINING", "off")
    test = app(PAGE)
    assert trouble(test) == []
    assert "switched off" in test.info[0].value
    assert [button.label for button in test.button] == []
    assert not test.number_input


def test_fine_tuning_keeps_the_sizes_of_its_checkpoint(submitted: Submitted) -> None:
    test = app(PAGE)
    test.selectbox(key="pick_train_from").set_value("a_first").run()
    assert trouble(test) == []
    assert test.session_state["train_peak_rate"] == corpora.suits("grammar-en-fr", "a_first")["peak-rate"]
    right = state.opened(state.usable()["a_first"]).model.number_of_parameters
    assert any(f"<b>{right:,}</b>" in said for said in html(test))
    test.button(key="train_start").click().run()
    ((name, arguments, _token),) = submitted
    assert name == "a_first-tuned"
    assert arguments[:3] == ("grammar-en-fr", "--from", "a_first")
    assert not {f"--{size}" for size in SIZES} & {*arguments}


def test_own_pairs_can_be_trained_on(submitted: Submitted, empty_shelf: Path) -> None:
    (empty_shelf / "corpora").mkdir()
    (empty_shelf / "corpora" / "our words.tsv").write_text(
        "Hello dog\tBonjour chien\n" * 3 + "A cat\tUn chat\n", encoding="utf-8"
    )
    test = app(PAGE, train_corpus="corpora/our words.tsv")
    assert trouble(test) == []
    assert test.selectbox(key="pick_train_corpus").value == "corpora/our words.tsv"
    test.button(key="train_start").click().run()
    ((name, arguments, _token),) = submitted
    assert name == "our words"
    assert Path(arguments[0]).read_text(encoding="utf-8").startswith("Hello dog")
    usual = corpora.suits("corpora/our words.tsv")
    assert (parsed(arguments).d_model, parsed(arguments).epochs) == (usual["d-model"], usual["epochs"])
    assert corpora.samples(arguments[0])[0] == ("Hello dog", "Bonjour chien")


def test_own_pairs_that_went_away_are_said(empty_shelf: Path) -> None:
    (empty_shelf / "corpora").mkdir()
    (empty_shelf / "corpora" / "bad.tsv").write_bytes(b"\x00\x01")
    test = app(PAGE, train_corpus="corpora/bad.tsv")
    assert trouble(test) == []
    assert test.warning
    assert test.button(key="train_start").disabled


def test_minutes_take_the_place_of_epochs(submitted: Submitted) -> None:
    test = app(PAGE, train_stop="minutes", train_minutes="2.5", train_name="Été 1")
    test.text_input(key="train_name").set_value("Été 1").run()
    test.button(key="train_start").click().run()
    ((name, arguments, _token),) = submitted
    assert name == "Été 1"
    assert (parsed(arguments).minutes, parsed(arguments).epochs) == (2.5, None)


@pytest.mark.parametrize("asked", [
    {"train_corpus": "nothing"}, {"train_from": "nobody"}, {"train_d_model": "abc"}, {"train_d_model": "99999999"}, {"train_heads": "-1"},
    {"train_stop": "never"}, {"train_job": "../.."}, {"train_map": "9"}, {"train_peak_rate": "nan"}, {"train_epochs": "inf"},
], ids=str)  # fmt: skip
def test_an_address_can_ask_for_anything(empty_shelf: Path, tokenizer: Tokenizer, asked: dict[str, str]) -> None:
    trained(empty_shelf, tokenizer)
    test = app(PAGE, **asked)
    assert trouble(test) == []
    assert test.button(key="train_start")


def test_the_command_line_shown_is_what_the_button_does(submitted: Submitted) -> None:
    test = app(PAGE)
    test.session_state["train_more"] = True
    test.run()
    assert trouble(test) == []
    words = shlex.split(test.code[0].value)
    assert words[:4] == ["python", "-m", "transformer", "train"]
    assert words[-2:] == ["--out", "runs/my-grammar"]
    test.button(key="train_start").click().run()
    assert tuple(words[4:-2]) == submitted[0][1]
    assert pictures(test) >= 2, "the schedule is drawn"


@pytest.mark.parametrize("last", [1, 7, 500, 3000])
@pytest.mark.parametrize(
    "changes", [{}, {"warm_up": 50}, {"warm_up": 50, "cool_down": 0.0}, {"cool_down": 1.0}], ids=str
)
def test_the_schedule_is_the_recipe_s(last: int, changes: dict[str, float]) -> None:
    recipe = Recipe(corpus="x", epochs=1, **changes)
    steps, rates, phases = form.schedule(recipe, last)
    assert steps == sorted({*steps})
    assert (steps[0], steps[-1]) == (1, last)
    assert rates == [recipe.learning_rate(step, (step - 1) / last) for step in steps]
    ends = [end for _name, end in phases]
    assert ends == sorted(ends)
    assert len({*ends}) == len(ends)
    assert ends[-1] == last


@pytest.mark.parametrize("minutes", [None, 2, 10, 60])
@pytest.mark.parametrize("base", ["", "a_first"])
@pytest.mark.parametrize("code", ["grammar-en-fr", "tatoeba-en-fr", "corpora/ours.tsv"])
def test_the_command_means_the_form_s_recipe(
    code: str, base: str, minutes: float | None, empty_shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever machine it is typed on: what the command line would choose by itself is not left to it."""
    (empty_shelf / "corpora").mkdir()
    lines = (f"I see {count} dogs.\tJe vois {count} chiens.\n" for count in range(300))
    (empty_shelf / "corpora" / "ours.tsv").write_text("".join(lines), encoding="utf-8")
    suits = corpora.suits(code, base, minutes)
    asked = {**suits, "seed": 7, "dropout": 0.25}
    argument = corpora.argument(code)
    for threads in (1, 64):
        monkeypatch.setattr(torch, "get_num_threads", lambda threads=threads: threads)
        assert parsed(recipes.arguments(argument, base, suits)) == recipes.recipe(argument, base, suits)
        assert parsed(recipes.arguments(argument, base, asked)) == recipes.recipe(argument, base, asked)


@pytest.mark.parametrize("code", ["grammar-en-fr", "tatoeba-en-fr"])
def test_the_queue_s_limit_of_time_changes_nothing_else(code: str) -> None:
    suits = corpora.suits(code)
    usual = recipes.recipe(code, "", suits)
    assert parsed(bounded(recipes.arguments(code, "", suits), 60)) == replace(usual, minutes=usual.minutes or 60)


def test_the_command_line_chooses_what_the_form_shows() -> None:
    for code in ("grammar-en-fr", "tatoeba-en-fr"):
        assert parsed((code,)) == recipes.recipe(code, "", corpora.suits(code))
        assert parsed((code, "--minutes", "5")) == recipes.recipe(code, "", corpora.suits(code, minutes=5))
