"""Training learns, tells where it stands, and can be stopped at any moment and go on as if nothing had been."""

import math
import signal
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.transformer.training.small_runs import ONE, fresh, position, recipe, same
from transformer.corpora import Pair
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer
from transformer.training.batches import Variation, to_batch
from transformer.training.course import descent
from transformer.training.course.descent import Clock, Progress
from transformer.training.loop import Loss, Material, train
from transformer.training.recipe import Recipe

VARIED = Variation(swapped_names=0.3, sampled_pieces=0.3)


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
    monkeypatch.setattr(descent, "step", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        next(steps)
    assert position(tmp_path / "state")["step"] == 3


def test_it_is_saved_every_so_many_seconds_so_no_more_than_those_are_lost(
    run_of, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(monkeypatch)
    monkeypatch.setattr(descent, "SAVE_SECONDS", 4.5)
    before = None
    for progress in run_of(recipe())[1]:
        kept = position(tmp_path / "state")["seconds"] if (tmp_path / "state").exists() else 0.0
        assert progress.position.seconds - kept <= 4.5 + 3
        assert before is None or before.due == (before.position.seconds == kept)
        before = progress


def tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes on by one second whenever it is read."""

    def seconds(self: Clock) -> float:
        self.start -= 1
        return now - self.start

    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(Clock, "seconds", seconds)


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
