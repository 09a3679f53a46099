"""Whole runs, as the command line and the app start them: what they leave, how they go on, and what a kill costs."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from tests import ROOT
from tests.transformer.training.small_runs import position
from transformer.checkpoint import CARD, SNAPSHOTS, WEIGHTS, CheckpointError, load
from transformer.training.history import FILE
from transformer.training.run import STATE, Run

SMALL = {"vocabulary_size": 400, "d_model": 10, "heads": 5, "layers": 1, "d_ff": 11, "batch_tokens": 211, "warm_up": 7}
OPTIONS = [part for name, value in SMALL.items() for part in ("--" + name.replace("_", "-"), str(value))]


@pytest.fixture
def finished(table: Path, tmp_path: Path, quiet: None) -> Path:
    """The folder of a run of two epochs."""
    run = Run.start(tmp_path / "mine", {"corpus": str(table), "epochs": 2, **SMALL}, "the command")
    assert list(run.reports(stop=lambda: False))[-1].share == 1
    return tmp_path / "mine"


def test_a_run_leaves_a_checkpoint_whose_card_says_how_it_was_made(finished: Path, table: Path) -> None:
    checkpoint, card = load(finished), json.loads((finished / CARD).read_text())
    assert checkpoint.model.config.d_model == 10
    assert card["training"]["commands"] == ["the command"]
    assert card["training"]["recipe"]["corpus"] == str(table)
    assert card["training"]["recipe"] == {**card["training"]["recipe"], **SMALL}
    assert card["training"]["steps"] == position(finished / STATE)["step"]
    assert sum(card["corpora"][0]["pairs"].values()) == 101
    assert re.fullmatch("[0-9a-f]{64}", card["corpora"][0]["sha256"])


def test_the_checkpoint_is_the_state_in_half_precision(finished: Path) -> None:
    weights, state = load_file(finished / WEIGHTS), load_file(finished / STATE)
    assert all(torch.equal(tensor, state[f"model.{name}"].half()) for name, tensor in weights.items())


def test_a_folder_that_holds_a_run_is_not_overwritten(finished: Path, table: Path) -> None:
    with pytest.raises(CheckpointError, match=r"already holds a model. Go on with --resume .*mine"):
        Run.start(finished, {"corpus": str(table), "epochs": 1, **SMALL}, "again")


def test_a_finished_run_can_go_on_for_longer(finished: Path) -> None:
    before = position(finished / STATE)["step"]
    run = Run.resume(finished, {"epochs": 3}, "go on")
    reports = list(run.reports(stop=lambda: False))
    assert [report.step for report in reports] == list(range(before + 1, before * 3 // 2 + 1))
    card = json.loads((finished / CARD).read_text())
    assert card["training"]["commands"] == ["the command", "go on"]
    assert card["training"]["recipe"]["epochs"] == 3


def test_a_checkpoint_without_its_state_goes_on_from_its_weights(finished: Path) -> None:
    """A copy of a shipped model: the weights count, the steps begin anew, and the card remembers what was before."""
    (finished / STATE).unlink()
    (finished / FILE).unlink()
    shutil.rmtree(finished / SNAPSHOTS)
    before = load_file(finished / WEIGHTS)
    totals = json.loads((finished / CARD).read_text())["training"]
    run = Run.resume(finished, {"epochs": 1}, "go on")
    assert all(torch.equal(tensor.half(), before[name]) for name, tensor in run.model.state_dict().items())
    steps = [report.step for report in run.reports(stop=lambda: False)]
    assert steps[0] == 1
    card = json.loads((finished / CARD).read_text())
    assert card["training"]["earlier"] == [{name: totals[name] for name in ("epochs", "steps", "seconds")}]
    assert json.loads((finished / CARD).read_text())["training"]["commands"] == ["the command", "go on"]


def test_a_run_that_is_asked_to_stop_stops_and_keeps_what_it_has(finished: Path) -> None:
    run = Run.resume(finished, {"epochs": 99}, "go on")
    steps = [report.step for report in run.reports(stop=lambda: True)]
    assert len(steps) == 1
    assert (
        position(finished / STATE)["step"] == json.loads((finished / CARD).read_text())["training"]["steps"] == steps[0]
    )


def test_the_checkpoint_of_a_resumed_run_is_never_worse_than_it_was(finished: Path) -> None:
    """Until the first save after a resume the folder holds what it held: a kill then must not cost the model."""
    before = load_file(finished / WEIGHTS)["matrix"]
    steps = Run.resume(finished, {"epochs": 99}, "go on").reports(stop=lambda: False)
    next(steps)
    after = load_file(finished / WEIGHTS)["matrix"]
    steps.close()
    assert float((after - before).abs().max()) < 0.02


# Real processes, which are killed


def start(*arguments: object, save_seconds: float = 45, launcher: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """`python -m transformer train ...`, on one thread."""
    environment = os.environ | {
        "OMP_NUM_THREADS": "1",
        "ATLAS_SAVE_SECONDS": str(save_seconds),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, *(launcher or ("-m", "transformer")), "train", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def wait_for_step(process: subprocess.Popen[str], state: Path, step: float, seconds: float = 600) -> None:
    """Wait until the saved state of a running process is at that step or beyond."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise AssertionError(f"It ended with {process.returncode}: {process.communicate()[1][-2000:]}")
        if state.exists() and saved_step(state) >= step:
            return
        time.sleep(0.05)
    process.kill()
    raise AssertionError(f"It did not reach step {step} in {seconds} seconds: {process.communicate()[1][-2000:]}")


def saved_step(state: Path) -> float:
    """The step of a state that another process may replace right now; it must be whole whenever it is looked at."""
    try:
        return position(state)["step"]
    except SafetensorError as error:
        raise AssertionError(f"The state is not whole: {error}") from error


@pytest.mark.slow
def test_a_run_survives_a_kill_at_any_moment_and_ctrl_c(table: Path, tmp_path: Path) -> None:
    """SIGKILL at a random moment, resume, Ctrl-C, resume to the end: every step counts on from the one saved last."""
    folder = tmp_path / "killed"
    state = folder / STATE

    process = start(table, "--epochs", 100_000, "--out", folder, *OPTIONS, save_seconds=0.05)
    wait_for_step(process, state, 3)
    time.sleep(random.random())
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    killed_at = position(state)
    load(folder)  # what the kill left can be used

    process = start("--resume", folder, save_seconds=0.05)
    wait_for_step(process, state, killed_at["step"] + 3)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=600)
    assert process.returncode == 130
    assert f"python -m transformer train --resume {folder}" in said
    assert "Traceback" not in said
    stopped_at = position(state)
    card = json.loads((folder / CARD).read_text())
    assert card["training"]["steps"] == stopped_at["step"] > killed_at["step"]
    assert stopped_at["seconds"] > killed_at["seconds"]
    assert len(card["training"]["commands"]) == 2
    assert all(
        torch.equal(t, load_file(state)[f"model.{name}"].half()) for name, t in load_file(folder / WEIGHTS).items()
    )

    process = start("--resume", folder, "--epochs", stopped_at["epoch"] + 2)
    printed, said = process.communicate(timeout=600)
    assert (process.returncode, printed.strip()) == (0, str(folder)), said
    ended_at = position(state)
    per_epoch = ended_at["batch"]
    assert ended_at["epoch"] == stopped_at["epoch"] + 1
    assert ended_at["step"] == (ended_at["epoch"] + 1) * per_epoch  # no step was lost and none was done twice


TWO_PROCESSES = """
import sys
from safetensors.torch import save_file
from transformer import commands
from transformer.training.history import FILE
from transformer.training.run import Run

reports = Run.reports

def reports_and_dump(self, stop):
    yield from reports(self, stop)
    weights = {name: parameter.detach().clone() for name, parameter in self.model.named_parameters()}
    save_file(weights, self.folder.with_suffix(f".rank{self.fabric.global_rank}"))

Run.reports = reports_and_dump
sys.exit(commands.main(sys.argv[1:]))
"""


@pytest.mark.slow
def test_two_processes_train_one_model(table: Path, tmp_path: Path) -> None:
    """`torchrun --nproc-per-node 2 -m transformer train ...`, with each process's weights written down at the end."""
    script, folder = tmp_path / "two.py", tmp_path / "two"
    script.write_text(TWO_PROCESSES)
    launcher = ("-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone", str(script))
    process = start(table, "--epochs", 2, "--out", folder, *OPTIONS, launcher=launcher)
    printed, said = process.communicate(timeout=600)
    assert process.returncode == 0, said[-3000:]
    assert printed.count(str(folder)) == 1  # only the first process speaks
    ranks = [load_file(tmp_path / f"two.rank{rank}") for rank in range(2)]
    assert all(torch.equal(ranks[0][name], ranks[1][name]) for name in ranks[0])
    state, card = load_file(folder / STATE), json.loads((folder / CARD).read_text())
    assert all(torch.equal(tensor, state[f"model.{name}"]) for name, tensor in ranks[0].items())
    assert card["training"]["epochs"] == 2
    assert len(list(folder.glob("events.*"))) == 1
    assert load(folder).model.config.d_model == 10


def test_an_interrupted_run_is_asked_once_and_finishes_its_step() -> None:
    from transformer.commands.train import Interrupted

    before: dict[int, Callable[[int, FrameType | None], object] | int | None] = {
        number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        interrupted = Interrupted()
        assert not interrupted()
        signal.raise_signal(signal.SIGINT)
        assert interrupted()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
