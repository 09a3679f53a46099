"""A run of a system: trained, stopped, gone on with, kept, measured, opened again, and what is refused."""

import re
import shutil
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from systems import shelf
from systems.system import made
from systems.training.recipe import Recipe, parsed, suited
from systems.training.run import Run
from tests.systems.conftest import LINE
from tests.systems.toy import NAME, Sizes, load
from transformer import checkpoint
from transformer.checkpoint import CheckpointError
from transformer.commands import FINE, WRONG_USAGE, main
from transformer.training.history import read

RECIPE = {"corpus": NAME, "model": "toy", **parsed(LINE)}


def never() -> bool:
    """Nobody stops it."""
    return False


@pytest.fixture
def finished(toys: Path) -> Path:
    """The folder of a run that reached its end."""
    run = Run.start(toys / "mine", RECIPE, "the command")
    assert list(run.reports(never))[-1].share == 1
    return toys / "mine"


def test_it_learns_and_its_card_tells_how_well_beside_the_trivial_guess(finished: Path) -> None:
    opened = shelf.load("mine")
    told = opened.card["test"]
    test = load().split("test")
    again = opened.model.measure(test)
    assert told["examples"] == len(test) > 10
    assert again["accuracy"] == pytest.approx(told["accuracy"], abs=4)  # weights are kept in half precision
    assert told["accuracy"] > told["baseline"] + 30
    assert opened.card["training"]["commands"] == ["the command"]
    assert opened.card["corpora"][0]["sha256"] == load().sha256
    assert opened.card["config"] == {"model": "toy", "width": 8, "deep": False, "frozen": False}


def test_its_snapshots_are_systems_too_and_lead_to_the_end(finished: Path) -> None:
    moments = checkpoint.moments(finished)
    assert len(moments) == 4
    assert moments[0] == 0
    first, last = shelf.load(f"mine@{moments[0]}"), shelf.load(f"mine@{moments[-1]}")
    assert first.model.measure(load().examples)["accuracy"] < last.model.measure(load().examples)["accuracy"]
    assert last.card["training"]["steps"] == moments[-1]
    with pytest.raises(CheckpointError, match="no snapshot after 3 steps"):
        shelf.load("mine@3")


def test_a_translator_is_no_system_and_a_system_no_translator(finished: Path) -> None:
    assert "mine" in shelf.available()
    assert "mine" not in checkpoint.available()
    assert shelf.of_kinds(["toy"]).keys() == {"mine"}
    assert shelf.of_kinds(["toy-wide"]) == {}


def test_the_history_tells_what_was_measured(finished: Path) -> None:
    entries = [entry for entry in read(finished) if entry.measured]
    assert len(entries) >= 3
    assert [*entries[-1].measured] == ["accuracy", "baseline"]
    assert entries[-1].figures().startswith("accuracy ")


def test_stopped_in_the_middle_it_goes_on_to_the_same_weights(finished: Path, toys: Path) -> None:
    run, seen = Run.start(toys / "parts", RECIPE, "first"), iter([False] * 20 + [True])
    assert len(list(run.reports(lambda: next(seen)))) == 21
    again = Run.resume(toys / "parts", {}, "second")
    list(again.reports(never))
    whole, parts = shelf.load("mine"), shelf.load("parts")
    assert {name: each.tolist() for name, each in whole.model.state_dict().items()} == {
        name: each.tolist() for name, each in parts.model.state_dict().items()
    }
    assert float(parts.model.seen) > 0
    assert parts.card["training"]["commands"] == ["first", "second"]
    assert parts.card["test"] == whole.card["test"]


def test_another_kind_begins_with_what_fits(finished: Path, toys: Path) -> None:
    run = Run.start(toys / "next", {**RECIPE, "model": "toy-wide", "base": "mine"}, "next")
    base = shelf.load("mine").model
    assert torch.equal(run.model.rows.weight, base.rows.weight)
    assert run.model.out.weight.shape == (9, 8)
    assert run.model.words == base.words
    assert run.card["training"]["from"] == "mine"


def test_what_is_not_learned_again_is_kept_with_the_model_it_came_from(finished: Path, toys: Path) -> None:
    run = Run.start(toys / "next", {**RECIPE, "model": "toy-wide", "base": "mine", "sizes": {"frozen": True}}, "next")
    list(run.reports(never))
    with safe_open(toys / "next" / checkpoint.WEIGHTS, framework="pt") as file:
        assert "rows.weight" not in set(file.keys())
    base, next_one = shelf.load("mine").model, shelf.load("next").model
    assert torch.equal(next_one.rows.weight, base.rows.weight)
    assert not torch.equal(next_one.out.weight, run.model.out.weight)  # half precision
    assert next_one.measure(load().examples)["accuracy"] > 60
    assert shelf.load(f"next@{checkpoint.moments(toys / 'next')[0]}").model.borrowed == ("rows.weight",)
    shutil.rmtree(finished)
    with pytest.raises(CheckpointError, match=r"'next' cannot be used: There is no system 'mine'"):
        shelf.load("next")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"model": "toi"}, "Did you mean 'toy'"),
        ({"corpus": "grammar-en-fr"}, "cannot learn 'grammar-en-fr'. It learns letters"),
        ({"batch": 0}, "batch must be at least 1"),
        ({"sizes": {"wide": 3}}, "no size 'wide' here. Known: width, deep, frozen"),
        ({"sizes": {"width": "x"}}, "width must be a int"),
        ({"epochs": None}, "Say when to stop"),
    ],
)
def test_what_cannot_be_is_said(toys: Path, given: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        Run.start(toys / "never", {**RECIPE, **given}, "")
    assert not (toys / "never").exists()


def test_a_taken_folder_and_damage_are_told(finished: Path) -> None:
    with pytest.raises(CheckpointError, match="already holds a model"):
        Run.start(finished, RECIPE, "")
    (finished / checkpoint.WORDS).write_text('{"a": 1}')
    with pytest.raises(CheckpointError, match=r"'mine' cannot be used: its words\.json is no list"):
        shelf.load("mine")
    with pytest.raises(CheckpointError, match=r"There is no system 'nobody'\. Known: mine"):
        shelf.load("nobody")


def test_recipes_are_written_as_options_and_read_again(toys: Path) -> None:
    assert parsed("--epochs 2 --set hops=1 --set tied=true --set rate=0.5") == {
        "epochs": 2.0, "sizes": {"hops": 1, "tied": True, "rate": 0.5},
    }  # fmt: skip
    assert suited("toy", NAME)["snapshots"] == 4
    assert Recipe(**RECIPE).model_sizes() == made(Sizes, {})


def test_the_command_trains_goes_on_lists_and_exports(
    toys: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = str(toys / "told")
    assert main(["train", NAME, "--model", "toy", "--out", out, "--set", "width=4"]) == FINE
    said = capsys.readouterr().err
    assert "Recipe for toy on letters: --snapshots 4" in said
    assert "--set width=4" in said
    assert "accuracy" in said
    assert shelf.load("told").model.sizes.width == 4
    assert main(["train", "--resume", out, "--epochs", "7"]) == FINE
    assert main(["list"]) == FINE
    assert "told" in (listed := capsys.readouterr().out)
    assert "accuracy" in listed
    assert NAME in listed
    assert main(["corpus", NAME, "--export", str(tmp_path / "out")]) == FINE
    lines = (tmp_path / "out" / "test.tsv").read_text("utf-8").splitlines()
    assert lines == [f"{each.word}\t{each.count}" for each in load().split("test")]
    assert load().sha256 in (tmp_path / "out" / "README.md").read_text("utf-8")
    assert main(["corpus", NAME]) == FINE
    assert "how many a" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([NAME, "--model", "gru"], "no corpus of translations, so gru cannot learn it. These can: toy"),
        ([NAME, "--model", "toy", "--d-model", "8"], "--d-model is for translators"),
        ([NAME, "--model", "toy", "--also", "grammar-en-fr:3"], "--also is for translators"),
        (["grammar-en-fr", "--batch", "3"], "--batch is for systems"),
        (["grammar-en-fr", "--set", "a=3"], "--set is for systems"),
    ],
)
def test_options_of_the_other_side_are_wrong_usage(
    toys: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", *arguments]) == WRONG_USAGE
    assert told in capsys.readouterr().err
