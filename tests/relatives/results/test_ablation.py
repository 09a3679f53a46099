"""The ablation: each row changes what it says and nothing else, and what is recorded is whole."""

import json
import shlex
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from relatives.results import ablation
from relatives.results.ablation import BASE, ROWS, Found
from tests.small_models import small_checkpoint
from transformer import checkpoint
from transformer.corpora.grammar_en_fr import generate
from transformer.tokenizer import Tokenizer
from transformer.training.loop import held_out_loss
from transformer.training.presets import options, recipe_fields
from transformer.training.recipe import Recipe
from transformer.training.run import make_recipe

RUNS = ablation.read()
FOUND = Found(
    row=BASE, seed=1, parameters=1, steps=1, seconds=1.0, flops=1.0, exact_match=1.0, bleu=1.0, sentences=1, loss=1.0, loss_low=0.5, loss_high=2.0
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_a_row_differs_from_the_base_in_what_it_says(row: str) -> None:
    usual, now = (asdict(make_recipe(ablation.recipe(each, seed=1))) for each in (BASE, row))
    changes = dict(ROWS[row].changes)
    assert {name: value for name, value in now.items() if value != usual[name]} == changes
    assert (ROWS[row].part == "") == (row == BASE) == (not changes)


def test_the_base_is_the_recipe_of_the_corpus_for_fewer_epochs() -> None:
    brought = Recipe(corpus=ablation.CORPUS, **recipe_fields(options(ablation.recipes_of(ablation.CORPUS)[0])))
    usual = make_recipe(ablation.recipe(BASE, seed=1))
    assert usual == replace(brought, epochs=ablation.EPOCHS, snapshots=0, validation_pairs=0)


@pytest.mark.parametrize("row", ROWS)
def test_the_command_asks_for_the_same(row: str) -> None:
    said = shlex.split(ablation.command(row, seed=2))
    assert said[:5] == ["python", "-m", "transformer", "train", ablation.CORPUS]
    given = dict(zip(said[5::2], said[6::2], strict=True))
    expected = ablation.recipe(row, seed=2)
    assert given.pop("--out") == f"runs/{row}"
    assert given.pop("--without", "") == expected.get("without", "")
    for option, value in given.items():
        assert float(value) == expected[option[2:].replace("-", "_")]
    left_out = {"corpus", "without", "snapshots", "validation_pairs"}  # the last two change nothing of the training
    assert {option[2:].replace("-", "_") for option in given} == expected.keys() - left_out


def test_what_is_recorded_is_whole() -> None:
    seeds = {row: {run.seed for run in RUNS if run.row == row} for row in ROWS}
    assert all(1 in found for found in seeds.values()), "train what is missing: python -m relatives.results.ablation"
    assert len(seeds[BASE]) > 1, "the noise can be seen"
    assert len({run.steps for run in RUNS}) == 1, "one budget"
    for run in RUNS:
        assert 0 <= run.exact_match <= 100
        assert run.loss_low < run.loss < run.loss_high


def test_what_is_recorded_fits_the_recipes() -> None:
    """Sizes and costs: as many parameters as such a model has, and of more layers the higher cost."""
    vocabulary = checkpoint.read_card(checkpoint.ROOT / "pretrained" / "grammar-en-fr")["config"]["vocabulary_size"]
    for run in RUNS:
        config = make_recipe(ablation.recipe(run.row, run.seed)).config(vocabulary)
        assert run.parameters == config.parameters
    cost = {run.row: run.flops for run in RUNS}
    assert cost["layers-1"] < cost[BASE] < cost["layers-3"]
    assert cost["heads-1"] == pytest.approx(cost["heads-16"]), "heads share d_model between them"


def test_the_loss_is_the_project_s_own_without_smoothing(tmp_path: Path, tokenizer: Tokenizer) -> None:
    small_checkpoint(tmp_path / "small", tokenizer)
    kept = checkpoint.load(tmp_path / "small")
    pairs = generate(1, 40)
    found = ablation.losses(kept.model, kept.tokenizer, pairs)
    plain = Recipe(corpus=ablation.CORPUS, epochs=1, label_smoothing=0.0)
    loss, low, high = ablation.interval(found)
    assert len(found) == 40
    assert loss == pytest.approx(held_out_loss(kept.model, kept.tokenizer, pairs, plain), rel=1e-5)
    assert low < loss < high
    assert ablation.interval([(2.0, 1)] * 5) == (2.0, 2.0, 2.0)


def test_it_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[tuple[str, int]] = []

    def measured(row: str, seed: int) -> Found:
        if len(trained) == 3:
            raise KeyboardInterrupt
        trained.append((row, seed))
        return replace(FOUND, row=row, seed=seed)

    monkeypatch.setattr(ablation, "measured", measured)
    asked = ["--out", str(tmp_path / "deep" / "a.json"), "--rows", BASE, "heads-1", "--seeds", "1", "2"]
    with pytest.raises(KeyboardInterrupt):
        ablation.main(asked)
    before, trained = [*trained], []
    assert ablation.main(asked) == 0
    assert (before, trained) == ([(BASE, 1), ("heads-1", 1), (BASE, 2)], [("heads-1", 2)])
    assert [(run.row, run.seed) for run in ablation.read(tmp_path / "deep" / "a.json")] == [*before, *trained]
    record = json.loads((tmp_path / "deep" / "a.json").read_text())
    (tmp_path / "deep" / "a.json").write_text(json.dumps(record | {"recipe": {}}))
    assert ablation.main(asked) == 2, "another recipe is another table"
    assert torch.is_grad_enabled()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"runs": []}',
        '{"runs": [3]}',
        '{"runs": [{"row": "base"}]}',
        json.dumps({"runs": [asdict(FOUND) | {"loss": None}]}),
        json.dumps({"runs": [asdict(FOUND) | {"loss": float("nan")}]}),
    ],
)
def test_a_damaged_record_is_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ablation.json"
    with pytest.raises(ValueError, match=r"is missing.*relatives\.results\.ablation"):
        ablation.read(file)
    file.write_text(text)
    with pytest.raises(ValueError, match=r"is damaged.*relatives\.results\.ablation"):
        ablation.read(file)
