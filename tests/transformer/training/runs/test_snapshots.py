"""Snapshots of a run: checkpoints like any other, closer together at the beginning, and the history beside them."""

import json
from collections.abc import Callable
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest

import transformer.checkpoint
from tests.transformer.training.small_runs import same
from transformer.checkpoint import CheckpointError, load, moments, snapshot_file
from transformer.decoding.search import translate
from transformer.training import history
from transformer.training.history import Entry, History
from transformer.training.recipe import Recipe
from transformer.training.run import Run

SMALL = {"d_model": 10, "heads": 2, "layers": 1, "d_ff": 11, "vocabulary_size": 400, "batch_tokens": 150}
BEGIN = Callable[..., Path]


@pytest.fixture
def trained(table: Path, tmp_path: Path, quiet: None, monkeypatch: pytest.MonkeyPatch) -> BEGIN:
    """Trains into a folder of that name, and answers with it; checkpoints are found by their names."""
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path,))

    def begin(name: str, stop_at: int = 10**9, **recipe: object) -> Path:
        run = Run.start(tmp_path / name, {"corpus": str(table), "epochs": 2, **SMALL, **recipe}, "the command")
        steps: list[int] = []
        steps += (entry.step for entry in run.reports(stop=lambda: len(steps) >= stop_at))
        return tmp_path / name

    return begin


def test_a_run_leaves_snapshots_from_noise_to_the_end(trained: BEGIN) -> None:
    folder = trained("mine", snapshots=7)
    steps = moments(folder)
    assert len(steps) == 7
    assert steps[0] == 0
    assert steps[-1] == load(folder).card["training"]["steps"]
    assert all(late >= early for early, late in pairwise(gaps(steps)))
    assert same(load("mine@" + str(steps[-1])).model, load("mine").model)
    assert not same(load(folder, 0).model, load(folder).model)


def gaps(steps: tuple[int, ...]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(steps)]


def test_a_snapshot_is_a_checkpoint_with_a_card_of_its_own(trained: BEGIN) -> None:
    folder = trained("mine", snapshots=4)
    first, middle = load("mine@0"), load(f"mine@{moments(folder)[1]}")
    assert first.name == "mine@0"
    assert first.card["training"]["steps"] == 0
    assert "validation" not in first.card["training"]
    assert middle.card["training"]["steps"] == moments(folder)[1]
    assert 0 <= middle.card["training"]["validation"]["bleu"] <= 100
    assert middle.card["training"]["commands"] == ["the command"]
    assert isinstance(translate(middle.model, middle.tokenizer, "I see the dog."), str)


@pytest.mark.parametrize("name", ["mine@99999", "mine@x", "nobody@0", "@0", "mine@", "mine@٣"])
def test_a_snapshot_that_is_not_there_is_a_sentence(trained: BEGIN, name: str) -> None:
    trained("mine", snapshots=2)
    with pytest.raises(CheckpointError, match=r"\.$"):
        load(name)


def test_a_damaged_snapshot_is_a_sentence(trained: BEGIN) -> None:
    folder = trained("mine", snapshots=2)
    snapshot_file(folder, 0).write_bytes(b"no weights")
    with pytest.raises(CheckpointError, match="mine"):
        load("mine@0")
    assert load("mine")


@pytest.mark.parametrize("count", [0, 1, 2, 20])
def test_as_many_snapshots_are_due_as_were_asked_for(count: int) -> None:
    recipe = Recipe(corpus="x", epochs=1, snapshots=count)
    due = sum(recipe.snapshot_due(step / 5000, (step + 1) / 5000) for step in range(5000))
    assert due == max(0, count - 1)
    assert recipe.snapshot_due(0.0, 1.0) == (count > 1), "one step may be the whole run"


def test_snapshots_change_nothing_about_the_training(trained: BEGIN) -> None:
    assert same(load(trained("with", snapshots=9)).model, load(trained("without", snapshots=0)).model)


def test_the_history_tells_every_snapshot_and_the_end(trained: BEGIN) -> None:
    folder = trained("mine", snapshots=5)
    entries = history.read(folder)
    assert [entry.step for entry in entries if entry.snapshot] == list(moments(folder)[1:])
    assert entries[-1].share == 1
    measured = [entry for entry in entries if entry.snapshot]
    assert all(entry.validation_loss > 0 and entry.bleu is not None for entry in measured)
    assert measured[-1].validation_loss < measured[0].validation_loss


def test_a_run_that_goes_on_forgets_what_a_crash_has_lost(trained: BEGIN, monkeypatch: pytest.MonkeyPatch) -> None:
    """The weights are those of the last saved state, so what was noted after it did not happen."""
    folder = trained("mine", snapshots=9, stop_at=20)
    kept = moments(folder)
    later = transformer.checkpoint.snapshot_file(folder, 77)
    later.write_bytes(snapshot_file(folder, 0).read_bytes())
    with (folder / history.FILE).open("a") as file:
        file.write(json.dumps(asdict(history.read(folder)[-1]) | {"step": 77}) + '\n{"half": ')
    run = Run.resume(folder, {}, "go on")
    entries = list(run.reports(stop=lambda: False))
    assert entries[0].step == 21
    assert set(kept) <= set(moments(folder))
    steps = [entry.step for entry in history.read(folder)]
    assert steps == sorted(set(steps))
    assert 77 not in steps or 77 in [entry.step for entry in entries]
    assert len(moments(folder)) == 9, "no snapshot twice, none missing"


def test_history_passes_over_what_is_no_entry(tmp_path: Path) -> None:
    assert history.read(tmp_path) == []
    entry = Entry(
        step=1, epoch=1, share=0.5, seconds=1.0, loss=2.0, learning_rate=0.1, gradient_norm=1.0,
        tokens_per_second=10.0, seconds_left=1.0, snapshot=True,
    )  # fmt: skip
    History(tmp_path).add(entry)
    with (tmp_path / history.FILE).open("ab") as file:
        file.write(b'[1, 2]\n{"step": 1}\n\xff\xfe\n{"ste')
    assert history.read(tmp_path) == [entry]


def test_fine_tuning_begins_with_the_weights_and_pieces_of_another(trained: BEGIN) -> None:
    folder = trained("base", snapshots=0)
    tuned = trained("tuned", base="base", d_model=999, snapshots=2, epochs=1, dropout=0.3)
    assert load("tuned").tokenizer.model == load("base").tokenizer.model
    assert load("tuned").card["config"] == load("base").card["config"] | {"dropout": 0.3}
    assert load("tuned").card["training"]["from"] == "base"
    assert same(load("tuned@0").model, load(folder).model)
    assert not same(load(tuned).model, load(folder).model)


@pytest.mark.parametrize("part", ["positions", "scaling", "residual", "norm", "mask"])
def test_a_model_can_be_trained_without_a_part_and_is_opened_without_it(trained: BEGIN, part: str) -> None:
    folder = trained("broken", without=part, epochs=1, snapshots=3)
    opened = load("broken")
    assert opened.model.changed
    assert opened.card["without"] == opened.card["training"]["recipe"]["without"] == part
    moved = Run.resume(folder, {"epochs": 2}, "go on")
    assert moved.model.changed
    assert load(f"broken@{moments(folder)[1]}").model.changed


def test_a_recipe_may_take_a_slice_of_its_corpus(table: Path, tmp_path: Path) -> None:
    run = Run.start(tmp_path / "few", {"corpus": str(table), "epochs": 1, "pairs": 7, **SMALL}, "the command")
    every = run.corpora[0].split("train")
    taken = run.material().pairs
    assert len(taken) == 7
    assert set(taken) < set(every)
    assert every.index(taken[-1]) > len(every) // 2, "from all along the corpus"
