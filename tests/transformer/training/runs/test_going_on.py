"""A run that is finished, one that cannot begin, and what the loss is said to be when a run goes on."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.transformer.training.small_runs import position
from transformer.checkpoint import CARD, WEIGHTS
from transformer.commands import FINE, WRONG_USAGE, main
from transformer.commands.train import OPTIONS, SUITS
from transformer.corpora import names
from transformer.training.course.descent import Progress
from transformer.training.course.folder import Measured, entry_of
from transformer.training.course.state import Position
from transformer.training.history import Entry, Pace
from transformer.training.presets import FINE_TUNE, options, recipes_of
from transformer.training.recipe import Recipe
from transformer.training.run import STATE, Run

SMALL = {"vocabulary_size": 400, "d_model": 10, "heads": 5, "layers": 1, "d_ff": 11, "batch_tokens": 211, "warm_up": 7}


@pytest.fixture
def finished(table: Path, tmp_path: Path, quiet: None) -> Path:
    """The folder of a run of one epoch."""
    run = Run.start(tmp_path / "mine", {"corpus": str(table), "epochs": 1, **SMALL}, "the command")
    assert list(run.reports(stop=lambda: False))[-1].share == 1
    return tmp_path / "mine"


def test_a_finished_run_is_left_as_it_is(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {file.name: file.read_bytes() for file in finished.iterdir() if file.name in (CARD, WEIGHTS)}
    step = position(finished / STATE)["step"]
    assert main(["train", "--resume", str(finished)]) == FINE
    assert "has reached its end already" in capsys.readouterr().err
    assert position(finished / STATE)["step"] == step
    assert {file.name: file.read_bytes() for file in finished.iterdir() if file.name in (CARD, WEIGHTS)} == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["other.tsv", "--resume", "runs/mine"], "--from runs/mine"),
        ([], "--resume DIR"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", *arguments]) == WRONG_USAGE
    said = capsys.readouterr().err
    assert said.startswith("usage:")
    assert told in said


def test_the_help_tells_the_defaults_of_the_recipe() -> None:
    """But of those that a corpus brings, which stand in at least one of the recipes that suit."""
    usual = Recipe(corpus="x", epochs=1)
    lines = [FINE_TUNE, *(line for corpus in names() for line in recipes_of(corpus).values())]
    brought = {name for line in lines for name in options(line)}
    assert {name for name, (_kind, _text, default) in OPTIONS.items() if default == SUITS} == brought
    for name, (kind, _text, default) in OPTIONS.items():
        if name not in brought:
            assert kind(default) == getattr(usual, name.replace("-", "_")), name


@pytest.mark.slow
def test_two_processes_with_too_little_to_do_say_so_and_leave_nothing(tmp_path: Path) -> None:
    few = tmp_path / "few.tsv"
    few.write_text("".join(f"I see {count} dogs.\tJe vois {count} chiens.\n" for count in range(20)), "utf-8")
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone"]
    command += ["-m", "transformer", "train", str(few), "--epochs", "1", "--out", str(tmp_path / "mine")]
    command += ["--d-model", "16", "--heads", "2", "--layers", "1", "--vocabulary-size", "400"]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    assert ended.returncode != 0
    assert "too little for 2 processes" in ended.stderr
    assert not (tmp_path / "mine" / CARD).exists(), "a model that was never trained would block the next try"


def progress(step: int, loss: float) -> Progress:
    """A step with that loss."""
    return Progress(Position(0, step, step, float(step)), 0.5, loss, 1.0, {}, 0.1, 10, False, False, False)


def test_the_loss_is_a_mean_that_no_step_outweighs() -> None:
    """Of three steps it is nearly their mean; of many the last fifty count."""
    pace = Pace()
    for loss in (9.0, 6.0, 3.0):
        pace.add(loss, tokens=10)
    weights = [0.98**2, 0.98, 1]
    assert pace.loss == pytest.approx(sum(w * x for w, x in zip(weights, (9, 6, 3), strict=True)) / sum(weights))
    for _ in range(996):
        pace.add(1.0, tokens=10)
    assert pace.loss == pytest.approx(1.0, abs=1e-6)


def test_the_loss_goes_on_where_it_was() -> None:
    whole, first = Pace(), Pace()
    losses = [7 * math.exp(-step / 40) + (step % 3) / 10 for step in range(1, 90)]
    for loss in losses:
        whole.add(loss, tokens=10)
    for loss in losses[:50]:
        first.add(loss, tokens=10)
    entry: Entry = entry_of(progress(50, losses[49]), first, Measured())
    second = Pace(entry)
    for loss in losses[50:]:
        second.add(loss, tokens=10)
    assert second.loss == pytest.approx(whole.loss, abs=1e-9)


def test_the_card_says_how_many_processes_trained_and_what_the_weights_need(finished: Path) -> None:
    card = json.loads((finished / CARD).read_text("utf-8"))
    assert card["training"]["machine"]["processes"] == 1
    assert card["architecture"]["layer_norm_epsilon"] == 1e-5
    assert {"normalisation", "activation", "positions", "embedding", "scores", "biases"} <= card["architecture"].keys()
