"""A run to be packed, and a shelf for what is unpacked."""

import json
from pathlib import Path

import pytest

from tests.small_models import untrained
from tests.transformer.shelf.archives import CARD_OF, SIZES
from transformer import checkpoint
from transformer.tokenizer import Tokenizer
from transformer.training import history


@pytest.fixture
def folder(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of a small model with two snapshots and a history, on a shelf of its own."""
    folder = tmp_path / "here" / "mine"
    checkpoint.save(folder, untrained(tokenizer, **SIZES), tokenizer, CARD_OF)
    for step in (0, 7):
        facts = {"steps": step, "validation": {"bleu": 1.5}}
        checkpoint.save_snapshot(folder, untrained(tokenizer, step, **SIZES), step, facts)
    line = {
        "step": 7,
        "epoch": 1,
        "share": 1.0,
        "seconds": 2.0,
        "loss": 3.0,
        "learning_rate": 0.1,
        "gradient_norm": 1.0,
    }
    line |= {"tokens_per_second": 5.0, "seconds_left": 0.0, "bleu": 1.5, "snapshot": True}
    (folder / history.FILE).write_text(json.dumps(line) + "\n")
    (folder / "state.safetensors").write_bytes(b"not for others")
    (folder / "job.json").write_text("{}")
    monkeypatch.setattr(checkpoint, "FOLDERS", (tmp_path / "here", tmp_path / "there"))
    return folder


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Where a model is unpacked, not there yet."""
    return tmp_path / "there"
