"""A checkpoint comes back as it was saved, and a damaged one is refused with a sentence that says what is wrong."""

import json
import os
import stat
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from transformer import checkpoint
from transformer.checkpoint import (
    CARD,
    TOKENIZER,
    WEIGHTS,
    CheckpointError,
    available,
    load,
    read_card,
    replacing,
    save,
)
from transformer.config import Config
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer
from transformer.training.course.state import Position, load_state, save_state

SIZES = {
    "d_model": 10,
    "heads": 5,
    "encoder_layers": 1,
    "decoder_layers": 2,
    "d_ff": 7,
    "max_positions": 23,
    "dropout": 0.2,
}


@pytest.fixture
def small(tokenizer: Tokenizer) -> Transformer:
    torch.manual_seed(1)
    return Transformer(Config(vocabulary_size=len(tokenizer), **SIZES))


@pytest.fixture
def folder(tmp_path: Path, small: Transformer, tokenizer: Tokenizer) -> Path:
    """A checkpoint of a small model, whole."""
    save(tmp_path / "mine", small, tokenizer, {"training": {"steps": 7}, "said": "été"})
    return tmp_path / "mine"


def test_it_comes_back_as_it_was_saved(folder: Path, small: Transformer, tokenizer: Tokenizer) -> None:
    loaded = load(folder)
    assert loaded.name == "mine"
    assert loaded.model.config == small.config
    assert loaded.tokenizer.vocabulary() == tokenizer.vocabulary()
    assert loaded.card == {
        "config": asdict(small.config), "parameters": small.number_of_parameters, "architecture": {**Transformer.ARCHITECTURE},
        "training": {"steps": 7}, "said": "été",
    }  # fmt: skip
    for name, parameter in small.named_parameters():
        assert torch.equal(loaded.model.get_parameter(name), parameter.detach().half().float()), name


def test_it_is_ready_to_translate_and_not_to_learn(folder: Path) -> None:
    model = load(folder).model
    assert not any(module.training for module in model.modules())
    assert not any(parameter.requires_grad for parameter in model.parameters())
    assert all(parameter.dtype == torch.float32 for parameter in model.parameters())


def test_half_precision_changes_logits_by_little(folder: Path, small: Transformer) -> None:
    ids = torch.tensor([[5, 7, 11]])
    with torch.no_grad():
        torch.testing.assert_close(
            load(folder).model(ids, ids).logits, small.eval()(ids, ids).logits, rtol=0, atol=0.02
        )


def test_saving_what_was_loaded_changes_nothing(folder: Path, tmp_path: Path) -> None:
    loaded = load(folder)
    save(tmp_path / "again", loaded.model, loaded.tokenizer, loaded.card)
    for name in (WEIGHTS, TOKENIZER, CARD):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_a_checkpoint_is_three_files_and_none_is_pickled(folder: Path) -> None:
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(files) == {WEIGHTS, TOKENIZER, CARD}
    assert not any(content.startswith((b"\x80", b"PK")) for content in files.values())  # pickle, and torch.save's zip


def drop(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def cut(name: str, share: float) -> Callable[[Path], object]:
    return lambda folder: os.truncate(folder / name, int((folder / name).stat().st_size * share))


def write(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


def in_config(**fields: object) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        card = json.loads((folder / CARD).read_text())
        card["config"] |= fields
        (folder / CARD).write_text(json.dumps(card))

    return change


def one_weight(value: float) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        weights = load_file(folder / WEIGHTS)
        weights["matrix"][3, 1] = value
        save_file(weights, folder / WEIGHTS)

    return change


def of_another_model(folder: Path) -> None:
    save_file({"bert.embeddings.weight": torch.ones(2, 3)}, folder / WEIGHTS)


DAMAGES = {
    "no card": (drop(CARD), "has no card.json"),
    "no tokenizer": (drop(TOKENIZER), "has no tokenizer.model"),
    "weights cut short": (cut(WEIGHTS, 0.5), "'mine' cannot be used"),
    "weights cut to nothing": (cut(WEIGHTS, 0), "'mine' cannot be used"),
    "weights that are text": (write(WEIGHTS, b"<html>not found</html>"), "'mine' cannot be used"),
    "weights of another model": (of_another_model, "'mine' cannot be used.*disagree about"),
    "a weight that is no number": (one_weight(float("nan")), "not finite"),
    "an infinite weight": (one_weight(float("inf")), "not finite"),
    "an empty card": (write(CARD, b""), "card.json of 'mine' cannot be read"),
    "a card that is not JSON": (write(CARD, b"{'config'"), "card.json of 'mine' cannot be read"),
    "a card that is not text": (write(CARD, b"\xff\xfe\x00"), "card.json of 'mine' cannot be read"),
    "a card that is a list": (write(CARD, b"[1, 2]"), "not an object"),
    "a card that is null": (write(CARD, b"null"), "not an object"),
    "a card without config": (write(CARD, b"{}"), "its card does not tell the sizes"),
    "a config that is a list": (write(CARD, b'{"config": [7]}'), "'mine' cannot be used"),
    "an unknown size": (in_config(d_mode=10), "d_mode"),
    "an impossible size": (in_config(heads=3), r"d_model \(10\) must be a multiple of heads \(3\)"),
    "a size that is text": (in_config(heads="five"), "'mine' cannot be used"),
    "other sizes than the weights'": (in_config(d_ff=11), "'mine' cannot be used.*disagree about"),
    "more layers than the weights'": (in_config(decoder_layers=3), "'mine' cannot be used.*decoder_layers.2"),
    "a tokenizer that is garbage": (write(TOKENIZER, b"garbage"), "tokenizer.model is not a SentencePiece model"),
    "a tokenizer cut short": (cut(TOKENIZER, 0.5), "tokenizer.model is not a SentencePiece model"),
    "a folder for a file": (lambda folder: (drop(WEIGHTS)(folder), (folder / WEIGHTS).mkdir()), "'mine' cannot be used"),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "sentence"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_checkpoint_is_refused_with_the_reason(
    folder: Path, damage: Callable[[Path], object], sentence: str
) -> None:
    damage(folder)
    with pytest.raises(CheckpointError, match=sentence) as refusal:
        load(folder)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 400


def test_missing_weights_are_missed_by_name(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    with pytest.raises(CheckpointError, match=r"it has no model\.safetensors\."):
        load(folder)


def test_a_tokenizer_of_another_model_is_refused_with_both_sizes(folder: Path, pairs) -> None:
    other = Tokenizer.train([pair.source for pair in pairs], 400)
    (folder / TOKENIZER).write_bytes(other.model)
    with pytest.raises(CheckpointError, match=rf"tokenizer has {len(other)} pieces, its model 600"):
        load(folder)


def test_a_name_that_is_unknown_is_refused_with_the_known_ones(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "FOLDERS", (folder.parent,))
    with pytest.raises(CheckpointError, match=r"no checkpoint 'yours'. Known: mine"):
        load("yours")
    monkeypatch.setattr(checkpoint, "FOLDERS", (folder,))
    with pytest.raises(CheckpointError, match=r"no checkpoint 'yours'. Known: none yet"):
        load("yours")


def test_available_lists_the_folders_with_a_card_pretrained_first(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretrained, runs = tmp_path / "pretrained", tmp_path / "runs"
    for place in (pretrained / "b", pretrained / "c", runs / "a", runs / "b"):
        place.mkdir(parents=True)
        (place / CARD).write_bytes((folder / CARD).read_bytes())
    (runs / "empty").mkdir()
    (runs / "file").write_text("")
    monkeypatch.setattr(checkpoint, "FOLDERS", (pretrained, runs, tmp_path / "nowhere"))
    assert available() == {"b": pretrained / "b", "c": pretrained / "c", "a": runs / "a"}


def test_a_checkpoint_can_be_opened_by_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "FOLDERS", (folder.parent,))
    assert load("mine").name == load(str(folder)).name == load(folder).name == "mine"


def test_a_card_can_be_read_without_the_model(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    assert read_card(folder)["training"] == {"steps": 7}


def test_replacing_puts_the_whole_new_file_in_place(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with replacing(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_replacing_leaves_the_old_file_after_an_error(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(error), replacing(path) as part:  # noqa: PT012
        part.write_text("half of the n")
        raise error
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_save_that_fails_leaves_a_checkpoint_that_loads(
    folder: Path, small: Transformer, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr(checkpoint, "save_file", full_disk)
    with pytest.raises(OSError, match="No space left"):
        save(folder, small, tokenizer, {})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_files_can_be_read_by_whoever_may_read_the_folder(folder: Path) -> None:
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {stat.S_IMODE((folder / CARD).stat().st_mode)}


def trained(model: Transformer, steps: int) -> torch.optim.Optimizer:
    """Adam after a few steps."""
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, fused=True)
    for _ in range(steps):
        model(torch.tensor([[5, 7]]), torch.tensor([[1, 7]])).logits.square().sum().backward()
        optimizer.step()
        optimizer.zero_grad()
    return optimizer


def test_the_state_of_a_run_comes_back_to_the_last_bit(tmp_path: Path, small: Transformer) -> None:
    optimizer, position = trained(small.eval(), 3), Position(epoch=2, batch=5, step=17, seconds=3.7)
    save_state(tmp_path / "state", small, optimizer, position)
    other = Transformer(small.config).eval()
    fresh = torch.optim.Adam(other.parameters(), lr=0.01, fused=True)
    assert load_state(tmp_path / "state", other, fresh) == position
    for one, two in zip(small.parameters(), other.parameters(), strict=True):
        assert torch.equal(one, two)
        assert optimizer.state[one].keys() == fresh.state[two].keys() == {"step", "exp_avg", "exp_avg_sq"}
        assert all(torch.equal(optimizer.state[one][key], fresh.state[two][key]) for key in fresh.state[two])


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x00" * 99])
def test_a_damaged_state_is_refused_with_a_way_out(tmp_path: Path, small: Transformer, content: bytes) -> None:
    (tmp_path / "state").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"state cannot be read: .* Nothing was changed. .* --from .* --out "):
        load_state(tmp_path / "state", small, trained(small, 0))


def test_safetensors_of_something_else_are_refused_as_a_state(folder: Path, small: Transformer) -> None:
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_state(folder / WEIGHTS, small, trained(small, 0))


def test_the_state_of_another_model_is_refused(tmp_path: Path, small: Transformer) -> None:
    save_state(tmp_path / "state", small, trained(small, 1), Position())
    other = Transformer(Config(vocabulary_size=600, **{**SIZES, "d_ff": 11}))
    with pytest.raises(CheckpointError, match="belongs to a model of other sizes"):
        load_state(tmp_path / "state", other, trained(other, 0))
