"""A model that goes on with another vocabulary."""

from pathlib import Path

import pytest
import torch

from transformer import checkpoint
from transformer.tokenizer import Tokenizer
from transformer.training import beginning
from transformer.training.recipe import Recipe
from transformer.training.run import Run

SMALL = {
    "d_model": 10,
    "heads": 2,
    "layers": 1,
    "d_ff": 11,
    "vocabulary_size": 400,
    "batch_tokens": 150,
    "snapshots": 0,
}
KNOWN = {"▁where": 5, "▁Tom": 6, "▁": 7, "a": 8, "ab": 9, "c": 10}


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("▁where", [5]),
        ("▁WHERE", [5]),
        ("▁TOM", [6]),
        ("▁abc", [7, 9, 10]),
        ("▁ABac", [7, 9, 8, 10]),
        ("€c", [10]),
        ("€", []),
    ],
)
def test_a_new_piece_is_made_of_old_ones(piece: str, expected: list[int]) -> None:
    assert beginning.parts(piece, KNOWN) == expected


def test_each_row_is_what_the_old_ones_say() -> None:
    before = Tokenizer.train(["where is the cat", "the cat is here"] * 9, 300)
    after = Tokenizer.train(["where is the cat", "THE CAT IS HERE", "the cat is here"] * 9, 320)
    old = torch.randn(len(before), 6)
    new = beginning.matrix(old, before, after, seed=1)
    assert new.shape == (len(after), 6)
    known = {piece.piece: piece.id for piece in before.vocabulary()}
    rows = {piece.piece: new[piece.id] for piece in after.vocabulary()}
    for name in ("<pad>", "<s>", "</s>", "▁cat"):
        assert torch.equal(rows[name], old[known[name]])
    assert torch.equal(rows["▁CAT"], old[known["▁cat"]])
    assert new.isfinite().all()


def test_a_run_goes_on_with_a_vocabulary_of_its_own(table: Path, tmp_path: Path, quiet: None) -> None:
    first = Run.start(tmp_path / "first", {"corpus": str(table), "epochs": 2, **SMALL}, "the command")
    list(first.reports(stop=lambda: False))
    fields = {"corpus": str(table), "base": str(tmp_path / "first"), "new_pieces": True, "epochs": 1, **SMALL}
    run = Run.start(
        tmp_path / "second", {**fields, "vocabulary_size": 390, "variation": {"other_case": 1.0}}, "another"
    )
    base = checkpoint.load(tmp_path / "first")
    assert run.tokenizer.model != base.tokenizer.model
    assert run.model.config.vocabulary_size == len(run.tokenizer) == run.recipe.vocabulary_size <= 390
    for name, tensor in run.model.state_dict().items():
        assert name == "matrix" or torch.equal(tensor, base.model.state_dict()[name])
    list(run.reports(stop=lambda: False))
    card = checkpoint.read_card(tmp_path / "second")
    assert card["training"]["commands"] == ["the command", "another"]
    assert [each["epochs"] for each in card["training"]["earlier"]] == [2]


def test_new_pieces_need_a_base() -> None:
    with pytest.raises(ValueError, match="there is no"):
        Recipe(corpus="x", epochs=1, new_pieces=True)
