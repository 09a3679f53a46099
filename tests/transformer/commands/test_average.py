"""The mean of several checkpoints."""

from pathlib import Path

import pytest
import torch

from tests.small_models import untrained
from transformer import checkpoint
from transformer.commands import main
from transformer.tokenizer import Tokenizer


@pytest.fixture
def three(tmp_path: Path, tokenizer: Tokenizer) -> list[str]:
    """Three checkpoints of the same sizes."""
    for seed in (1, 2, 3):
        card = {"training": {"commands": [f"the command {seed}"]}, "evaluations": [{"bleu": 1.0}]}
        checkpoint.save(tmp_path / f"run{seed}", untrained(tokenizer, seed), tokenizer, card)
    return [str(tmp_path / f"run{seed}") for seed in (1, 2, 3)]


def test_every_weight_is_the_mean(three: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["average", *three, "--out", str(tmp_path / "mean")]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "mean")
    weights = [checkpoint.load(each).model.state_dict() for each in three]
    for name, tensor in checkpoint.load(tmp_path / "mean").model.state_dict().items():
        assert torch.allclose(tensor, torch.stack([each[name] for each in weights]).mean(0), atol=2e-3), name
    card = checkpoint.read_card(tmp_path / "mean")
    assert card["training"]["averaged"] == ["run1", "run2", "run3"]
    assert card["training"]["commands"][0] == "the command 3"
    assert "evaluations" not in card, "those of another model"


def test_dropout_may_differ(three: list[str], tmp_path: Path, tokenizer: Tokenizer) -> None:
    checkpoint.save(tmp_path / "dropped", untrained(tokenizer, 4, dropout=0.3), tokenizer, {})
    assert main(["average", three[0], str(tmp_path / "dropped"), "--out", str(tmp_path / "mean")]) == 0


def test_what_has_no_mean_is_told(
    three: list[str], tmp_path: Path, tokenizer: Tokenizer, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint.save(tmp_path / "other", untrained(tokenizer, 4, d_ff=9), tokenizer, {})
    assert main(["average", three[0], str(tmp_path / "other"), "--out", str(tmp_path / "mean")]) == 1
    assert "run1 and other have other sizes or other pieces" in capsys.readouterr().err
    assert not (tmp_path / "mean").exists()
    assert main(["average", *three, "--out", three[0]]) == 1
    assert "already holds a model" in capsys.readouterr().err
