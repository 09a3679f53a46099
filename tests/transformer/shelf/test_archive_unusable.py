"""Files of models that cannot be used: each ends in a sentence and leaves nothing."""

import io
import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from sentencepiece import SentencePieceTrainer

from tests.transformer.shelf.archives import Entries, opened, refused, zipped
from transformer.checkpoint import CARD, TOKENIZER, WEIGHTS
from transformer.shelf.archive import pack
from transformer.tokenizer import Tokenizer
from transformer.training import history


def changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[Entries], Entries]:
    return lambda entries: entries | {name: change(entries[name])}


def in_card(**fields: object) -> Callable[[Entries], Entries]:
    return changed(CARD, lambda text: json.dumps(json.loads(text) | fields).encode())


def in_config(**fields: object) -> Callable[[Entries], Entries]:
    return changed(
        CARD, lambda text: json.dumps(json.loads(text) | {"config": json.loads(text)["config"] | fields}).encode()
    )


def in_weights(
    change: Callable[[dict[str, torch.Tensor]], object], name: str = WEIGHTS
) -> Callable[[Entries], Entries]:
    def changed_file(content: bytes) -> bytes:
        from safetensors.torch import load, save

        weights = load(content)
        change(weights)
        return save(weights)

    return changed(name, changed_file)


def one(value: float) -> Callable[[dict[str, torch.Tensor]], object]:
    return lambda weights: weights["matrix"].__setitem__((3, 1), value)


def whole_numbers(weights: dict[str, torch.Tensor]) -> None:
    weights |= {name: tensor.to(torch.int8) for name, tensor in weights.items()}


SNAPSHOT = "snapshots/000007.safetensors"

DEEP = b"[" * 200_000


def overflowing(weights: dict[str, torch.Tensor]) -> None:
    """Each number is finite, what comes of them is not."""
    weights.update({name: torch.full_like(each, 1e38, dtype=torch.float32) for name, each in weights.items()})


UNUSABLE: dict[str, tuple[Callable[[Entries], Entries], str]] = {
    "a pickle for weights": (changed(WEIGHTS, lambda _: b"\x80\x04\x95" + b"x" * 99), "not a safetensors file"),
    "a zip of torch for weights": (changed(WEIGHTS, lambda _: zipped({"data.pkl": b"x"})), "not a safetensors file"),
    "a header without an end": (changed(WEIGHTS, lambda text: b"\xff" * 8 + text[8:]), "not a safetensors file"),
    "a header that is too deep": (changed(WEIGHTS, lambda _: struct.pack("<Q", len(DEEP)) + DEEP), "cannot be read"),
    "weights cut short": (changed(WEIGHTS, lambda text: text[: len(text) // 2]), "cannot be used"),
    "a weight that is no number": (in_weights(one(float("nan"))), "not finite"),
    "an infinite weight": (in_weights(one(float("inf"))), "not finite"),
    "weights that overflow": (in_weights(overflowing), "weights beyond 100, as no training gives them"),
    "one weight that overflows in some sentences": (in_weights(one(60_000.0)), "weights beyond 100"),
    "weights that are all 0": (in_weights(lambda weights: [each.zero_() for each in weights.values()]), "vectors are 0"),
    "weights that are whole numbers": (in_weights(whole_numbers), "as I8; weights are F16"),
    "a weight of another shape": (in_weights(lambda weights: weights.update(matrix=torch.ones(3, 3).half())), "disagree"),
    "a weight too many": (in_weights(lambda weights: weights.update(evil=torch.ones(1).half())), "disagree about 'evil'"),
    "a weight missing": (in_weights(lambda weights: weights.pop("matrix")), "disagree about 'matrix'"),
    "a snapshot of other sizes": (in_weights(lambda weights: weights.update(matrix=torch.ones(3, 3)), SNAPSHOT), "disagree"),
    "a snapshot that is no number": (in_weights(one(float("nan")), SNAPSHOT), "not finite"),
    "a snapshot that is text": (changed(SNAPSHOT, lambda _: b"hello"), "000007.safetensors is not a safetensors"),
    "an empty snapshot": (changed(SNAPSHOT, lambda _: b""), "000007.safetensors is not a safetensors"),
    "no card": (changed(CARD, lambda _: b""), "card.json of this model cannot be read"),
    "a card in another alphabet": (changed(CARD, lambda _: b"\xff\xfe\x00"), "card.json of this model cannot be read"),
    "a card that is too deep": (changed(CARD, lambda _: DEEP), "card.json of this model cannot be read"),
    "a card with NaN": (in_card(training={"loss": float("nan")}), "card.json of this model cannot be read"),
    "a card that is a list": (changed(CARD, lambda _: b"[1]"), "not an object"),
    "a card without sizes": (in_card(config={}), "lacks its sizes"),
    "a card whose sizes are a list": (in_card(config=[1]), "something strange about 'config'"),
    "a card whose training is a word": (in_card(training="long"), "something strange about 'training'"),
    "a card whose score is a word": (in_card(training={"validation": {"bleu": "<b>high</b>"}}), "strange about 'training'"),
    "a card whose corpora are a number": (in_card(corpora=7), "something strange about 'corpora'"),
    "a card whose pairs are words": (in_card(corpora=[{"name": "x", "pairs": {"train": "many"}}]), "strange about 'corpora'"),
    "a card that lies about its size": (in_card(parameters=10**9), "1,000,000,000 parameters, but it has"),
    "a billion layers": (in_config(encoder_layers=10**9), "encoder_layers is 1000000000; it may be 1 to 12"),
    "a table of a billion positions": (in_config(max_positions=10**9), "max_positions is 1000000000"),
    "too many maps": (in_config(heads=16, encoder_layers=12, d_model=32), "192 attention maps a stack; 96 can be shown"),
    "a score beyond any float": (changed(CARD, lambda text: text.replace(b"12.5", b"1" * 400)), "cannot be read"),
    "a score that is infinite": (changed(CARD, lambda text: text.replace(b"12.5", b"1e999")), "cannot be read"),
    "a name of 5,000 letters": (in_card(corpora=[{"name": "x" * 5000}]), "strange about 'corpora'"),
    "a base of 5,000 letters": (in_card(training={"recipe": {"base": "x" * 5000}}), "strange about 'training'"),
    "no layers": (in_config(decoder_layers=0), "decoder_layers is 0"),
    "a size that is true": (in_config(heads=True), "something strange about 'config'"),
    "a size that is a fraction": (in_config(heads=2.5), "something strange about 'config'"),
    "an unknown size": (in_config(evil=1), "evil"),
    "other special pieces": (in_config(end_id=5), "end_id is 5; here it is 2"),
    "other sizes than the weights'": (in_config(d_ff=11), "disagree"),
    "a tokenizer that is garbage": (changed(TOKENIZER, lambda _: b"garbage"), "not a SentencePiece model"),
    "an empty tokenizer": (changed(TOKENIZER, lambda _: b""), "not a SentencePiece model"),
    "a history of words": (changed(history.FILE, lambda text: text.replace(b"3.0", b'"x"')), "history.jsonl of this model"),
    "a history without end": (changed(history.FILE, lambda text: text.replace(b"3.0", b"NaN")), "history.jsonl of this model"),
    "a history that is too deep": (changed(history.FILE, lambda _: DEEP), "history.jsonl of this model"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "words"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_model_that_cannot_be_used_is_refused(
    folder: Path, shelf: Path, change: Callable[[Entries], Entries], words: str
) -> None:
    refused(zipped(change(opened(pack(folder, snapshots=True)))), shelf, words)


@pytest.mark.parametrize("facts", ['{"validation": 7}', "[1]", "{", '{"steps": "many"}', "[" * 100_000])
def test_strange_facts_of_a_snapshot_are_refused(folder: Path, shelf: Path, facts: str) -> None:
    path = folder / SNAPSHOT
    save_file(load_file(path), path, {"training": facts})
    refused(pack(folder, snapshots=True), shelf, "something strange about its training|cannot be read")


def test_a_tokenizer_of_another_model_is_refused(folder: Path, shelf: Path, pairs) -> None:
    other = Tokenizer.train([pair.source for pair in pairs], 400)
    refused(zipped(opened(pack(folder)) | {TOKENIZER: other.model}), shelf, "its tokenizer has")


@pytest.mark.parametrize("kind", ["bpe", "word", "char"])
def test_a_tokenizer_of_another_kind_is_refused(folder: Path, shelf: Path, pairs, kind: str) -> None:
    """Five pages show how a unigram model weighs its cuts; other kinds have none to weigh."""
    model = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter([pair.source for pair in pairs]), model_writer=model, vocab_size=400, model_type=kind, pad_id=0,
        bos_id=1, eos_id=2, unk_id=3, pad_piece="<pad>", hard_vocab_limit=False, byte_fallback=kind == "bpe", minloglevel=2,
        use_all_vocab=kind in ("word", "char"),
    )  # fmt: skip
    refused(zipped(opened(pack(folder)) | {TOKENIZER: model.getvalue()}), shelf, "is not a unigram model")
