"""Training learns, tells where it stands, and can be stopped at any moment, by anything, and go on as if nothing had been."""

import json
import math
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import FrameType

import pytest
import torch
from lightning_fabric import Fabric
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

from tests import ROOT
from transformer.checkpoint import CARD, WEIGHTS, CheckpointError, load
from transformer.config import Config
from transformer.corpora import Pair, split_of
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer
from transformer.training.batches import Variation, to_batch
from transformer.training.loop import Clock, Loss, Material, Progress, train
from transformer.training.recipe import Recipe
from transformer.training.run import STATE, Run

ONE = Fabric(accelerator="cpu", devices=1, precision="32-true")
VARIED = Variation(swapped_names=0.3, sampled_pieces=0.3)


def recipe(**fields: object) -> Recipe:
    """Three epochs of small batches, without dropout."""
    plain = {"corpus": "tiny", "epochs": 3, "batch_tokens": 199, "warm_up": 13, "peak_rate": 0.01, "dropout": 0.0}
    return Recipe(**{**plain, "snapshots": 0, **fields})


def fresh(recipe: Recipe, tokenizer: Tokenizer) -> Transformer:
    """The same small model every time."""
    torch.manual_seed(1)
    sizes = {"d_model": 20, "heads": 5, "encoder_layers": 1, "decoder_layers": 1, "d_ff": 37, "dropout": recipe.dropout}
    return Transformer(Config(vocabulary_size=len(tokenizer), **sizes))


@pytest.fixture(scope="module")
def material(pairs: tuple[Pair, ...]) -> Material:
    """Little to learn: 53 pairs, and 7 of 29 others each epoch."""
    return Material(pairs=pairs[:53], others=[(pairs[53:82], 7)])


@pytest.fixture
def run_of(
    tokenizer: Tokenizer, material: Material, tmp_path: Path
) -> Callable[..., tuple[Transformer, Iterator[Progress]]]:
    """Begins a run, or goes on with the one of that name: its model, and its progress."""

    def begin(made: Recipe, name: str = "state") -> tuple[Transformer, Iterator[Progress]]:
        model = fresh(made, tokenizer)
        return model, train(model, tokenizer, material, made, tmp_path / name, ONE)

    return begin


def same(one: Transformer, other: Transformer) -> bool:
    """Whether two models are the same to the last bit."""
    return all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_the_loss_falls(run_of) -> None:
    _, steps = run_of(recipe(epochs=13, label_smoothing=0.0))
    losses = [progress.loss for progress in steps]
    assert losses[0] == pytest.approx(math.log(600), rel=0.2)  # knows nothing yet
    assert sum(losses[-7:]) < 0.7 * sum(losses[:7])


def test_progress_counts_steps_and_epochs_up_to_the_end(run_of) -> None:
    progress = list(run_of(recipe())[1])
    assert [each.position.step for each in progress] == list(range(1, len(progress) + 1))
    for epoch in range(3):
        mine = [each for each in progress if each.position.epoch == epoch]
        assert [each.position.batch for each in mine] == list(range(1, len(mine) + 1))
        assert [each.epoch_ended for each in mine] == [*[False] * (len(mine) - 1), True]
    assert progress == sorted(progress, key=lambda each: each.position.epoch)
    assert all(
        one.share < other.share and one.position.seconds <= other.position.seconds for one, other in pairwise(progress)
    )
    assert progress[-1].share == 1
    assert all(each.gradient_norm > 0 and math.isfinite(each.loss) for each in progress)


def test_it_ends_when_the_minutes_are_over(run_of, monkeypatch: pytest.MonkeyPatch) -> None:
    tick(monkeypatch)
    progress = list(run_of(recipe(epochs=None, minutes=0.5))[1])
    assert progress[-1].position.seconds == pytest.approx(30, abs=1)
    assert [each.share < 1 for each in progress] == [*[True] * (len(progress) - 1), False]


def test_the_same_seed_gives_the_same_run_and_another_does_not(run_of) -> None:
    """Dropout, swapped names and random pieces included."""
    models = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        model, steps = run_of(recipe(dropout=0.1, variation=VARIED, seed=seed, epochs=1), name)
        list(steps)
        models.append(model)
    assert same(models[0], models[1])
    assert not same(models[0], models[2])


@pytest.mark.parametrize("stop", [1, 7, "end of an epoch"])
def test_a_run_that_was_stopped_ends_as_if_it_had_not_been(run_of, stop: int | str) -> None:
    """To the last bit, in one process without dropout: the same steps, the same losses, the same weights."""
    made = recipe(variation=VARIED)
    model, steps = run_of(made, "whole")
    whole = list(steps)
    stop = stop if isinstance(stop, int) else next(each.position.step for each in whole if each.epoch_ended)
    _, first = run_of(made, "parts")
    before = [next(first) for _ in range(stop)]
    first.close()
    resumed, second = run_of(made, "parts")
    after = list(second)
    assert after[0].position.step == stop + 1
    assert [told(each) for each in before + after] == [told(each) for each in whole]
    assert same(resumed, model)


def told(progress: Progress) -> tuple:
    """What a step says but for its clock."""
    where = progress.position
    return (
        where.epoch,
        where.batch,
        where.step,
        progress.loss,
        progress.gradient_norm,
        progress.learning_rate,
        progress.tokens,
    )


def test_with_dropout_too(run_of) -> None:
    made = recipe(dropout=0.1, epochs=1)
    model, steps = run_of(made, "whole")
    list(steps)
    _, first = run_of(made, "parts")
    next(first)
    first.close()
    resumed, second = run_of(made, "parts")
    list(second)
    assert same(resumed, model)


def test_closing_saves_what_was_done(run_of, tmp_path: Path) -> None:
    _, steps = run_of(recipe())
    done = [next(steps) for _ in range(5)][-1]
    assert not (tmp_path / "state").exists()
    steps.close()
    assert position(tmp_path / "state")["step"] == done.position.step == 5


def test_an_error_in_the_middle_saves_what_was_done(run_of, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, steps = run_of(recipe())
    for _ in range(3):
        next(steps)
    monkeypatch.setattr(loop, "_step", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        next(steps)
    assert position(tmp_path / "state")["step"] == 3


def test_it_is_saved_every_so_many_seconds_so_no_more_than_those_are_lost(
    run_of, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(monkeypatch)
    monkeypatch.setattr(loop, "SAVE_SECONDS", 4.5)
    for progress in run_of(recipe())[1]:
        kept = position(tmp_path / "state")["seconds"] if (tmp_path / "state").exists() else 0.0
        assert progress.position.seconds - kept <= 4.5 + 2
        assert progress.saved == (progress.position.seconds == kept)


def tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes on by one second whenever it is read."""

    def seconds(self: Clock) -> float:
        self.start -= 1
        return now - self.start

    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(Clock, "seconds", seconds)


def position(state: Path) -> dict[str, float]:
    """How far a saved run is."""
    with safe_open(state, framework="pt") as file:
        return json.loads(file.metadata()["position"])


def test_each_epoch_sees_every_pair_once_and_other_helpings(material: Material) -> None:
    one, two = material.of_epoch(1), material.of_epoch(2)
    assert one == material.of_epoch(1)
    assert one[:53] == two[:53] == list(material.pairs)
    assert len(set(one[53:])) == len(set(two[53:])) == 7
    assert set(one[53:]) != set(two[53:])


def test_a_run_in_which_every_pair_is_too_long_says_so(run_of) -> None:
    def too_late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, too_late)
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        with pytest.raises(ValueError, match="nothing to train on"):
            next(run_of(recipe(longest=1))[1])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.7])
def test_the_loss_is_the_smoothed_cross_entropy_per_real_piece(tokenizer: Tokenizer, smoothing: float) -> None:
    """Section 5.4, one piece at a time."""
    model, size = fresh(recipe(), tokenizer).double().eval(), len(tokenizer)
    model.embedding.positions = model.embedding.positions.double()
    batch = to_batch([([5, 7], [11, 13, 17]), ([19], [23])])
    loss = Loss(model, smoothing)(batch.source, batch.target, batch.expected).detach()
    surprises = -model(batch.source, batch.target).logits.detach().log_softmax(-1)
    by_hand = [
        sum(((1 - smoothing) * (piece == right) + smoothing / size) * surprise for piece, surprise in enumerate(row))
        for row, right in zip(surprises.flatten(0, 1).tolist(), batch.expected.flatten().tolist(), strict=True) if right
    ]  # fmt: skip
    assert float(loss) == pytest.approx(sum(by_hand) / len(by_hand), abs=1e-10)
    assert len(by_hand) == 4 + 2


def test_the_learning_rate_warms_up_peaks_falls_and_cools_down_to_nothing() -> None:
    """Section 5.3, Eq. 3, but for the scale and the cool-down."""
    made = recipe(warm_up=101, peak_rate=0.7, cool_down=0.25)
    assert [made.learning_rate(step, 0) for step in (1, 50, 101, 404)] == pytest.approx(
        [0.7 / 101, 0.7 * 50 / 101, 0.7, 0.35]
    )
    for step in (101, 503, 997):
        paper = 128**-0.5 * min(step**-0.5, step * 101**-1.5)
        assert made.learning_rate(step, 0.5) == pytest.approx(paper * 0.7 / (128**-0.5 * 101**-0.5))
    assert made.learning_rate(1, 0.05) == pytest.approx(0.35), "a short run warms up in its first tenth"
    assert [made.learning_rate(101, share) for share in (0.75, 0.875, 1)] == pytest.approx([0.7, 0.35, 0])


def test_a_run_is_as_far_as_the_nearer_of_its_two_ends() -> None:
    made = recipe(minutes=2, epochs=10)
    assert made.share_done(seconds=119, epochs=2) == pytest.approx(1, abs=0.01)
    assert 0.45 < made.share_done(seconds=60, epochs=2) < 0.5
    assert made.share_done(seconds=12, epochs=5) == 0.5
    assert made.share_done(seconds=500, epochs=5) == 1
    assert recipe(minutes=None, epochs=4).share_done(seconds=1e9, epochs=1) == 0.25


def test_the_clock_says_nothing_in_a_run_that_is_well_within_its_minutes() -> None:
    """Or the same run would end elsewhere on a machine that starts more slowly."""
    made, alone = recipe(minutes=3, epochs=10), recipe(minutes=None, epochs=10)
    for seconds, epochs in ((0.1, 0.0), (5, 0.001), (20, 1.2), (60, 5.0), (130, 9.9)):
        assert made.share_done(seconds, epochs) == alone.share_done(seconds, epochs)


@pytest.mark.parametrize("field", ["minutes", "epochs", "peak_rate", "warm_up", "batch_tokens", "longest"])
@pytest.mark.parametrize("value", [0, -3])
def test_a_choice_that_must_be_above_zero_is_refused_by_name(field: str, value: int) -> None:
    with pytest.raises(ValueError, match=rf"^{field} .*{value}"):
        recipe(**{field: value})


def test_a_recipe_without_end_or_with_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="minutes or epochs"):
        recipe(minutes=None, epochs=None)
    with pytest.raises(ValueError, match=r"^cool_down .*1.5"):
        recipe(cool_down=1.5)


# Whole runs, as the command line and the app start them

SMALL = {"vocabulary_size": 400, "d_model": 10, "heads": 5, "layers": 1, "d_ff": 11, "batch_tokens": 211, "warm_up": 7}
OPTIONS = [part for name, value in SMALL.items() for part in ("--" + name.replace("_", "-"), str(value))]


@pytest.fixture(scope="module")
def table(pairs: tuple[Pair, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 101 pairs."""
    path = tmp_path_factory.mktemp("corpus") / "pairs.tsv"
    chosen = [pair for pair in pairs if split_of(pair.source) == "train"][:101]
    path.write_text("".join(f"{pair.source}\t{pair.target}\n" for pair in chosen), encoding="utf-8")
    return path


@pytest.fixture
def finished(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a run of two epochs."""
    monkeypatch.setattr(Run, "logger", lambda _: lambda *_: None)
    monkeypatch.setattr("transformer.training.run.make_fabric", lambda _processes, _d_model: ONE)
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
from transformer.run import Run

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
