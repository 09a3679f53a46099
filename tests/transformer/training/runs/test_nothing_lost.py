"""What a fault in the middle of a training costs: nothing that was kept before."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from transformer import checkpoint
from transformer.checkpoint import CARD, moments
from transformer.commands import main
from transformer.training.course.state import alone
from transformer.training.history import FILE
from transformer.training.run import STATE, Run

SMALL = {"vocabulary_size": 400, "d_model": 10, "heads": 5, "layers": 1, "d_ff": 11, "batch_tokens": 211, "warm_up": 7}


@pytest.fixture(scope="module")
def whole(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that was stopped before its end."""
    folder = tmp_path_factory.mktemp("runs") / "mine"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "logger", lambda _: lambda *_: None)
        run = Run.start(folder, {"corpus": str(table), "epochs": 2, "snapshots": 5, **SMALL}, "the command")
        assert list(run.reports(stop=lambda: len(moments(folder)) > 3))[-1].share < 1
    return folder


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(whole, tmp_path / "mine")


def everything(folder: Path) -> dict[str, bytes]:
    """Every file and what it holds, but for the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".training")
    }


@pytest.mark.parametrize("damage", [b"", b"garbage", b"cut", None])
def test_a_damaged_or_missing_state_costs_nothing(
    run: Path, damage: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """It used to delete all snapshots but one and the history, and then refuse."""
    state = run / STATE
    if damage is None:
        state.unlink()
    else:
        state.write_bytes(state.read_bytes()[:-100] if damage == b"cut" else damage)
    before = everything(run)
    assert len(moments(run)) > 2
    assert main(["train", "--resume", str(run)]) == 1
    said = capsys.readouterr().err
    assert "Nothing was changed" in said
    assert f"--from {run} --out {run}-2" in said
    assert everything(run) == before


def test_the_way_out_that_is_told_works(run: Path, table: Path) -> None:
    (run / STATE).write_bytes(b"")
    arguments = ["--from", str(run), "--out", f"{run}-2", "--epochs", "1", "--snapshots", "0", "--batch-tokens", "211"]
    assert main(["train", str(table), *arguments]) == 0
    assert checkpoint.load(Path(f"{run}-2")).card["training"]["from"] == "mine"


def test_a_card_without_a_recipe_is_said(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for training in ({}, {"training": 3}, {"training": {"commands": []}}):
        card = checkpoint.read_card(run)
        card.pop("training", None)
        checkpoint.write_card(run, {**card, **training})
        assert main(["train", "--resume", str(run)]) == 1
        assert "does not say how it was trained" in capsys.readouterr().err


def test_two_trainings_do_not_write_to_one_folder(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(run)
    with alone(run):
        assert main(["train", "--resume", str(run)]) == 1
    assert "Another training writes to" in capsys.readouterr().err
    assert everything(run) == before
    assert main(["train", "--resume", str(run)]) == 0


def test_a_disk_that_fills_up_is_one_sentence(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "save_file", full)
    assert main(["train", "--resume", str(run)]) == 1
    captured = capsys.readouterr()
    assert "No space left on device" in captured.err
    assert (
        f"What was saved before is whole; then go on with: python -m transformer train --resume {run}" in captured.err
    )
    assert "Traceback" not in captured.err
    monkeypatch.undo()
    assert main(["train", "--resume", str(run)]) == 0


KILLED = """
import os, signal
from transformer import checkpoint
from transformer.commands import main
keep = checkpoint.save_snapshot
def killed(folder, model, step, facts, kept):
    if step:
        os.kill(os.getpid(), signal.SIGKILL)
    keep(folder, model, step, facts, kept)
checkpoint.save_snapshot = killed
main(["train", "--resume", {folder!r}, "--epochs", "4", "--snapshots", "9"])
"""


@pytest.mark.slow
def test_a_kill_in_the_middle_of_a_snapshot_does_not_cost_it(run: Path) -> None:
    before = moments(run)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    code = KILLED.replace("{folder!r}", repr(str(run)))
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == -signal.SIGKILL
    assert moments(run) == before
    card = checkpoint.read_card(run)
    assert main(["train", "--resume", str(run), "--epochs", "4", "--snapshots", "9"]) == 0
    assert card["training"]["steps"] in moments(run), "the one that was being written"


def test_a_closed_terminal_and_ctrl_backslash_save(table: Path, tmp_path: Path) -> None:
    """Also where a script began the training with `&`: shells ignore both keys there."""
    behind = ["sh", "-c", 'trap "" INT QUIT; exec "$@"', "sh"]
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGINT):
        folder = tmp_path / number.name
        command = [sys.executable, "-m", "transformer", "train", str(table), "--epochs", "100000", "--out", str(folder)]
        options = [part for name, value in SMALL.items() for part in ("--" + name.replace("_", "-"), str(value))]
        process = subprocess.Popen(
            [*behind, *command, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        while not (folder / FILE).exists() or not (folder / FILE).read_text():
            assert process.poll() is None
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "Traceback" not in said
        assert (folder / STATE).exists()
        assert checkpoint.read_card(folder)["training"]["steps"] > 0
        assert (folder / CARD).exists()
