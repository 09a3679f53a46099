"""Relatives as checkpoints: trained by the one loop, opened, gone on with, packed, and refused with a sentence if they are damaged."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from relatives import MODELS
from tests.relatives.conftest import untrained
from tests.transformer.shelf.archives import opened, zipped
from transformer import checkpoint
from transformer.__main__ import main
from transformer.checkpoint import CARD, WEIGHTS, Checkpoint, CheckpointError, load, load_any
from transformer.config import Config
from transformer.corpora import Pair
from transformer.decoding.search import translate
from transformer.family import kinds
from transformer.shelf.archive import ArchiveError, pack, unpack
from transformer.tokenizer import Tokenizer
from transformer.training.presets import preset
from transformer.training.run import Run

SENTENCE = "I see the dog."


def sizes(tokenizer: Tokenizer) -> Config:
    """Small ones, for these pieces."""
    return Config(vocabulary_size=len(tokenizer), d_model=10, heads=5, encoder_layers=1, decoder_layers=1, d_ff=7)


def keep(folder: Path, kind: str, tokenizer: Tokenizer) -> Path:
    """A relative as a checkpoint."""
    checkpoint.save(folder / kind, untrained(kind, sizes(tokenizer)), tokenizer, {})
    return folder / kind


def keep_scored(shelf: Path, tokenizer: Tokenizer, kinds: Sequence[str] = ("tanh", "gru", "lstm", "bahdanau")) -> None:
    """Several of them, whose cards tell how well they translate: each better than the one before."""
    for number, kind in enumerate(kinds):
        scored = {"corpus": "grammar-en-fr", "split": "test", "beam": 1, "exact_match": 20.0 * number, "bleu": 1.0}
        folder = keep(shelf, kind, tokenizer)
        checkpoint.write_card(
            folder, checkpoint.read_card(folder) | {"evaluations": [scored], "corpora": [{"name": "grammar-en-fr"}]}
        )


def test_what_is_saved_is_opened(kind: str, tokenizer: Tokenizer, tmp_path: Path) -> None:
    found = load_any(keep(tmp_path, kind, tokenizer))
    assert (found.kind, type(found.model)) == (kind, type(untrained(kind)))
    assert not isinstance(found, Checkpoint)
    wrote = untrained(kind, sizes(tokenizer))
    wrote.load_state_dict({name: each.half().float() for name, each in wrote.state_dict().items()})
    assert translate(found.model, tokenizer, SENTENCE) == translate(wrote, tokenizer, SENTENCE)


def test_who_needs_a_transformer_is_told_what_it_is(tokenizer: Tokenizer, tmp_path: Path) -> None:
    folder = keep(tmp_path, "gru", tokenizer)
    with pytest.raises(CheckpointError, match="is no Transformer of the paper: gru, one hidden state"):
        load(folder)


def evil_kind(card: dict[str, Any]) -> None:
    card["config"]["model"] = "gruu"


def evil_size(card: dict[str, Any]) -> None:
    card["config"]["heads"] = 3


def evil_width(card: dict[str, Any]) -> None:
    card["config"]["d_model"] = 20_000


def no_kind(card: dict[str, Any]) -> None:
    del card["config"]["model"]


DAMAGED: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "a kind that there is not": (evil_kind, "no kind of model 'gruu'. Did you mean 'gru'"),
    "a size of another kind": (evil_size, "size that is not known: 'heads'"),
    "a size that no machine holds": (evil_width, "disagree about|may be 1 to"),
    "a Transformer's card": (no_kind, "must be a multiple of heads"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_one_is_refused_with_a_sentence(damage: str, tokenizer: Tokenizer, tmp_path: Path) -> None:
    """On its way in as a file, and where it lies."""
    change, told = DAMAGED[damage]
    folder = keep(tmp_path, "gru", tokenizer)
    card = json.loads((folder / CARD).read_text())
    change(card)
    (folder / CARD).write_text(json.dumps(card))
    with pytest.raises(CheckpointError, match=told):
        load_any(folder)
    entries = opened(pack(keep(tmp_path / "good", "gru", tokenizer))) | {CARD: json.dumps(card).encode()}
    with pytest.raises(ArchiveError, match=told):
        unpack(zipped(entries), tmp_path / "shelf", "evil")
    assert not (tmp_path / "shelf" / "evil").exists()


def test_weights_that_are_no_numbers_are_refused(tokenizer: Tokenizer, tmp_path: Path) -> None:
    folder = keep(tmp_path, "bahdanau", tokenizer)
    weights = load_file(folder / WEIGHTS)
    weights["score.v"][0] = torch.nan
    save_file(weights, folder / WEIGHTS)
    with pytest.raises(CheckpointError, match="not finite"):
        load_any(folder)


def test_one_comes_through_a_file_as_it_was(kind: str, tokenizer: Tokenizer, tmp_path: Path) -> None:
    unpack(pack(keep(tmp_path, kind, tokenizer)), tmp_path / "shelf", "mine")
    before, after = (load_any(each).model.state_dict() for each in (tmp_path / kind, tmp_path / "shelf" / "mine"))
    assert all(torch.equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("kind", ["tanh", "lstm", "bahdanau", "luong-local", "additive"])
def test_the_one_loop_trains_it_and_goes_on(
    kind: str, pairs: tuple[Pair, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Run, "logger", lambda _: lambda *_: None)
    table = tmp_path / "pairs.tsv"
    table.write_text("".join(f"{pair.source}\t{pair.target}\n" for pair in pairs[:120]), encoding="utf-8")
    recipe = {
        "corpus": str(table), "model": kind, "vocabulary_size": 400, "d_model": 12, "heads": 3, "layers": 1, "d_ff": 8,
        "batch_tokens": 300, "peak_rate": 0.01, "snapshots": 2, "validation_pairs": 2,
    }  # fmt: skip
    first = [*Run.start(tmp_path / "run", {**recipe, "epochs": 2}, "begin").reports(stop=lambda: False)]
    assert load_any(tmp_path / "run").kind == kind
    more = [*Run.resume(tmp_path / "run", {"epochs": 4}, "go on").reports(stop=lambda: False)]
    assert more[0].step == first[-1].step + 1
    assert more[-1].loss < 0.9 * first[0].loss
    last = load_any(tmp_path / "run", checkpoint.moments(tmp_path / "run")[-1])
    assert last.card["training"]["recipe"]["model"] == kind
    assert (last.model.number_of_parameters, last.kind) == (last.model.config.parameters, kind)


def test_a_recurrent_model_gets_the_transformer_s_recipe_and_its_size() -> None:
    usual, found = (
        preset("grammar-en-fr", lambda: pytest.fail("known"), model=kind) for kind in ("transformer", "gru")
    )
    assert not {"heads", "layers", "d-ff"} & found.keys()
    assert found["d-model"] != usual["d-model"]
    same = {name: value for name, value in found.items() if name not in ("d-model", "peak-rate")}
    assert same.items() <= usual.items()


WRONG = {
    "--model gruu": "Did you mean 'gru'?",
    "--model gru --without mask": "does not go with --model gru",
    "--model gru --resume somewhere": "the kind of model that somewhere is",
}


@pytest.mark.parametrize("options", WRONG)
def test_what_cannot_be_trained_is_one_sentence(
    options: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    corpus = [] if "--resume" in options else ["grammar-en-fr"]
    assert main(["train", *corpus, *options.split()]) != 0
    said = capsys.readouterr().err
    assert WRONG[options] in said
    assert "Traceback" not in said
    assert not (tmp_path / "runs").exists()


def test_help_lists_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    printed = capsys.readouterr().out
    assert all(f"  {name} " in printed and told in printed for name, told in kinds().items())
    assert set(kinds()) == {"transformer", *MODELS}
