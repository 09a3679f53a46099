"""A model goes into one file and comes back to the last bit; whatever else the file is, it ends in a sentence and leaves nothing."""

import io
import json
import os
import random
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from transformer import checkpoint
from transformer.checkpoint import CARD, TOKENIZER, WEIGHTS
from transformer.commands import FAILED, FINE, main
from transformer.config import Config
from transformer.model import Transformer
from transformer.shelf import archive
from transformer.shelf.archive import ArchiveError, file_size, pack, unpack
from transformer.tokenizer import Tokenizer
from transformer.training import history

SIZES = {"d_model": 10, "heads": 5, "encoder_layers": 1, "decoder_layers": 2, "d_ff": 7, "max_positions": 23}
CARD_OF = {"training": {"steps": 7, "validation": {"bleu": 12.5}}, "corpora": [{"name": "été", "pairs": {"train": 3}}]}
Entries = dict[str, bytes]


def small(tokenizer: Tokenizer, seed: int = 1, **sizes: int) -> Transformer:
    torch.manual_seed(seed)
    return Transformer(Config(vocabulary_size=len(tokenizer), **SIZES | sizes))


@pytest.fixture
def folder(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of a small model with two snapshots and a history, on a shelf of its own, and an empty shelf for what is unpacked."""
    folder = tmp_path / "here" / "mine"
    checkpoint.save(folder, small(tokenizer), tokenizer, CARD_OF)
    for step in (0, 7):
        checkpoint.save_snapshot(
            folder, small(tokenizer, seed=step), step, {"steps": step, "validation": {"bleu": 1.5}}
        )
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
    return tmp_path / "there"


def opened(file: bytes) -> Entries:
    with zipfile.ZipFile(io.BytesIO(file)) as found:
        return {name: found.read(name) for name in found.namelist()}


def zipped(entries: Entries, method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return file.getvalue()


def refused(file: bytes, shelf: Path, words: str, **more: int) -> None:
    """Refused with one sentence, and nothing is left on the shelf."""
    before = sorted(shelf.rglob("*")) if shelf.exists() else []
    with pytest.raises(ArchiveError, match=words) as refusal:
        unpack(file, shelf, "evil", **more)
    said = str(refusal.value)
    assert "\n" not in said
    assert said.endswith(".")
    assert len(said) < 400
    assert str(shelf) not in said
    assert (sorted(shelf.rglob("*")) if shelf.exists() else []) == before


def test_it_comes_back_to_the_last_bit(folder: Path, shelf: Path) -> None:
    place = unpack(pack(folder), shelf, "yours")
    assert place == shelf / "yours"
    assert {path.name for path in place.iterdir()} == {WEIGHTS, TOKENIZER, CARD}
    for name in (WEIGHTS, TOKENIZER, CARD):
        assert (place / name).read_bytes() == (folder / name).read_bytes()
    assert checkpoint.load("yours").card == checkpoint.load(folder).card


def test_with_its_snapshots_it_brings_them_and_its_history(folder: Path, shelf: Path) -> None:
    place = unpack(pack(folder, snapshots=True), shelf, "yours")
    assert checkpoint.moments(place) == (0, 7)
    assert history.read(place) == history.read(folder) != []
    assert not (place / "state.safetensors").exists()
    assert not (place / "job.json").exists()
    one, two = checkpoint.load("yours@7"), checkpoint.load(folder, 7)
    assert one.card == two.card
    assert all(torch.equal(a, b) for a, b in zip(one.model.parameters(), two.model.parameters(), strict=True))


@pytest.mark.parametrize("snapshots", [False, True])
def test_the_same_model_is_the_same_file_of_the_size_that_was_told(folder: Path, snapshots: bool) -> None:
    first = pack(folder, snapshots)
    for path in folder.rglob("*"):
        os.utime(path, (1e9, 1e9))
    assert pack(folder, snapshots) == first
    assert len(first) == file_size(folder, snapshots)


def test_a_file_that_another_program_has_compressed_is_taken_too(folder: Path, shelf: Path) -> None:
    again = zipped(opened(pack(folder, snapshots=True)), zipfile.ZIP_DEFLATED)
    assert checkpoint.moments(unpack(again, shelf, "yours")) == (0, 7)


def test_a_folder_that_is_no_checkpoint_is_not_packed(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"it has no model\.safetensors"):
        pack(tmp_path)


def test_names_are_never_taken_twice(folder: Path, shelf: Path) -> None:
    file = pack(folder)
    assert [unpack(file, shelf, "new").name for _ in range(3)] == ["new", "new-2", "new-3"]
    assert unpack(file, shelf, "mine").name == "mine-2"  # a shipped model would hide it


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "", "\x00\n<b>", "mine@120", "x" * 500, "학급 번역기", "🦊"]
)
def test_whatever_it_is_called_it_lies_on_the_shelf(folder: Path, shelf: Path, name: str) -> None:
    place = unpack(pack(folder), shelf, name)
    assert place.parent == shelf
    assert [*shelf.iterdir()] == [place]
    assert checkpoint.load(place.name).name == place.name


def test_whose_it_is_can_be_kept_and_is_not_packed(folder: Path, shelf: Path) -> None:
    place = unpack(pack(folder), shelf, "yours", owner="ab12")
    assert archive.owner(place) == "ab12"
    assert archive.owner(folder) == ""
    assert opened(pack(place)).keys() == {WEIGHTS, TOKENIZER, CARD}
    (place / "owner.json").write_text("[1")
    assert archive.owner(place) == ""


def test_others_see_it_whole_or_not_at_all(folder: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(archive, "inspect", lambda unpacked: seen.append((unpacked.name, [*checkpoint.available()])))
    unpack(pack(folder), shelf, "yours")
    assert seen == [("yours", ["mine"])]
    assert [*checkpoint.available()] == ["mine", "yours"]
    assert {path.name for path in shelf.iterdir()} == {"yours"}


def test_what_a_killed_unpack_left_is_removed_later(folder: Path, shelf: Path) -> None:
    for name in (".unpacking-old", ".unpacking-new"):
        (shelf / name / "model").mkdir(parents=True)
    os.utime(shelf / ".unpacking-old", (1e9, 1e9))
    unpack(pack(folder), shelf, "yours")
    assert {path.name for path in shelf.iterdir()} == {"yours", ".unpacking-new"}


# Files that are no models.

NO_MODELS = {
    "nothing": b"", "binary": bytes(range(256)) * 99, "text": b"Hello.\tBonjour.\n" * 99, "a pickle": b"\x80\x04\x95 cposix\nsystem\n.",
    "html": b"<html>not found</html>", "zeros": b"\0" * 999, "only an end": b"PK\x05\x06" + b"\0" * 18,
}  # fmt: skip


@pytest.mark.parametrize("file", NO_MODELS.values(), ids=NO_MODELS)
def test_what_is_no_model_is_refused(file: bytes, shelf: Path) -> None:
    refused(file, shelf, "not the file of a model")


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused(folder: Path, shelf: Path, share: float) -> None:
    file = pack(folder)
    refused(file[: int(len(file) * share)], shelf, "cut short")


def test_bytes_changed_at_random_are_refused_or_do_no_harm(folder: Path, shelf: Path) -> None:
    file, dice, refusals = pack(folder, snapshots=True), random.Random(5), 0
    for _ in range(150):
        broken = bytearray(file)
        for _ in range(dice.choice((1, 3, 40))):
            place = dice.randrange(len(broken)) if dice.random() < 0.3 else -dice.randrange(1, 600)
            broken[place] = dice.randrange(256)
        try:
            shutil.rmtree(unpack(bytes(broken), shelf, "evil"))
        except ArchiveError:
            refusals += 1
        assert [*shelf.iterdir()] == [] if shelf.exists() else True
    assert refusals > 100


def test_200_megabytes_are_refused_before_anything_is_read(shelf: Path) -> None:
    class Large(io.RawIOBase):
        def seek(self, *_: int) -> int:
            return 200 * 1024 * 1024

        def read(self, *_: int) -> bytes:
            raise AssertionError("nothing of it is read")

    with pytest.raises(ArchiveError, match=r"has 200 MB; a model may have 64 MB"):
        unpack(Large(), shelf, "evil")


def test_a_bomb_is_refused_by_what_it_declares(folder: Path, shelf: Path) -> None:
    entries = opened(pack(folder))
    bomb = zipped(entries | {"snapshots/000001.safetensors": b"\0" * 90_000_000}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 1_000_000
    refused(bomb, shelf, "Unpacked, this file would have 86 MB; a model may have 64 MB")
    refused(
        zipped(entries | {CARD: b" " * 9_000_000}, zipfile.ZIP_DEFLATED), shelf, "'card.json' .* larger than it may be"
    )


def forged_size(file: bytes, name: str, size: int) -> bytes:
    """The same zip, whose table of contents and entry declare another size of `name`."""
    changed = bytearray(file)
    for mark, where in ((b"PK\x03\x04", (26, 22, 30)), (b"PK\x01\x02", (28, 24, 46))):
        place = -1
        while (place := file.find(mark, place + 1)) >= 0:
            (length,) = struct.unpack_from("<H", file, place + where[0])
            if file[place + where[2] : place + where[2] + length] == name.encode():
                struct.pack_into("<I", changed, place + where[1], size)
    return bytes(changed)


@pytest.mark.parametrize("size", [10, 5_000_000, 2**32 - 1])
def test_a_bomb_that_lies_about_its_size_is_refused(folder: Path, shelf: Path, size: int) -> None:
    entries = opened(pack(folder)) | {"snapshots/000001.safetensors": b"\0" * 30_000_000}
    bomb = zipped(entries, zipfile.ZIP_DEFLATED)
    refused(
        forged_size(bomb, "snapshots/000001.safetensors", size), shelf, "damaged|another size|would have|safetensors"
    )


def test_a_table_of_contents_that_would_fill_the_memory_is_refused(folder: Path, shelf: Path) -> None:
    refused(zipped(opened(pack(folder)) | {f"{n:06}": b"" for n in range(9000)}), shelf, "far more entries")
    many = {f"snapshots/{n:06}.safetensors": b"" for n in range(99)}
    refused(zipped(opened(pack(folder)) | many), shelf, "more than 64 snapshots")


NAMES = (
    "../evil.txt", "../../runs/x/card.json", "/etc/cron.d/evil", "C:\\evil", "..\\evil", "snapshots/../../evil.safetensors", "evil.pkl",
    "model.pt", "data.pkl", "snapshots/evil.safetensors", "snapshots/000001.safetensors/x", "job.json", "state.safetensors",
    "owner.json", "mine/card.json", "card.json/", "snapshots/", "CARD.JSON", " card.json", "card.json\x00.txt", "\u202ecard.json",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_that_does_not_belong_to_a_model_is_refused(folder: Path, shelf: Path, name: str) -> None:
    file = zipped(opened(pack(folder)) | {name.replace("\x00", "!"): b"evil"})
    refused(
        file.replace(name.replace("\x00", "!").encode(), name.encode()), shelf, "does not belong|a link or a folder"
    )
    assert not (shelf.parent / "evil.txt").exists()


def with_entry(folder: Path, change: Callable[[zipfile.ZipInfo], None], content: bytes = b"/etc/passwd") -> bytes:
    """The file with a snapshot whose entry is changed."""
    file = io.BytesIO(pack(folder))
    entry = zipfile.ZipInfo("snapshots/000001.safetensors")
    change(entry)
    with zipfile.ZipFile(file, "a") as made:
        made.writestr(entry, content, compress_type=entry.compress_type)
    return file.getvalue()


def test_a_link_is_refused(folder: Path, shelf: Path) -> None:
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR):
        made = with_entry(folder, lambda entry, kind=kind: setattr(entry, "external_attr", (kind | 0o777) << 16))
        refused(made, shelf, "a link or a folder")


def test_two_entries_of_one_name_are_refused(folder: Path, shelf: Path) -> None:
    file = io.BytesIO(pack(folder))
    with zipfile.ZipFile(file, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr(CARD, b"{}")
    refused(file.getvalue(), shelf, "two entries of the same name")


def test_an_uncommon_compression_and_a_password_are_refused(folder: Path, shelf: Path) -> None:
    packed = with_entry(folder, lambda entry: setattr(entry, "compress_type", zipfile.ZIP_LZMA))
    refused(packed, shelf, "compressed in an uncommon way")
    locked = bytearray(pack(folder))
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    refused(bytes(locked), shelf, "locked with a password")


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER, CARD])
def test_a_missing_part_is_missed_by_name(folder: Path, shelf: Path, name: str) -> None:
    entries = opened(pack(folder))
    del entries[name]
    refused(zipped(entries), shelf, f"it holds no {name}")


# Models that cannot be used.


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
    "weights that overflow": (in_weights(overflowing), "not finite"),
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
    "a billion layers": (in_config(encoder_layers=10**9), "encoder_layers is 1000000000; it may be 1 to 48"),
    "a table of a billion positions": (in_config(max_positions=10**9), "max_positions is 1000000000"),
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


# A disk that does not take it.


def test_a_full_disk_is_told_before_and_during(folder: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(archive.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 1))  # type: ignore[attr-defined]
        refused(pack(folder), shelf, "disk is too full")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/secret/path")

    shelf.mkdir(exist_ok=True)
    monkeypatch.setattr(archive, "extract", full)
    refused(pack(folder), shelf, r"could not be kept: No space left on device\.")


def test_a_folder_that_cannot_be_written_is_told(folder: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write_text("a file where the folder should be")
    with pytest.raises(ArchiveError, match="The model could not be kept: File exists"):
        unpack(pack(folder), shelf, "yours")
    shelf.unlink()
    shelf.mkdir()

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(shelf))

    monkeypatch.setattr(archive.tempfile, "TemporaryDirectory", denied)
    refused(pack(folder), shelf, r"could not be kept: Permission denied\.")


# The same from a terminal.


def test_pack_and_unpack_at_a_terminal(folder: Path, shelf: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["pack", "mine"]) == FINE
    assert capsys.readouterr().out == "mine.zip\n"
    assert (tmp_path / "mine.zip").read_bytes() == pack(folder)
    assert main(["pack", "mine", "--snapshots", "--out", "all.zip"]) == FINE
    assert main(["unpack", "all.zip", "--name", "de la classe"]) == FINE
    assert capsys.readouterr().out.endswith(f"{shelf / 'de-la-classe'}\n")
    assert main(["translate", "I see.", "--checkpoint", "de-la-classe@7", "--beam", "1"]) == FINE


@pytest.mark.parametrize(
    "arguments", [["unpack", "nothing.zip"], ["unpack", "."], ["unpack", "evil.zip"], ["pack", "nobody"], ["pack", "."],
                  ["pack", "mine", "--out", "no/where.zip"]], ids=" ".join)  # fmt: skip
def test_what_cannot_be_done_is_one_sentence_and_status_1(
    folder: Path, tmp_path: Path, arguments: list[str], capsys, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evil.zip").write_bytes(b"\x80\x04evil")
    before = sorted(tmp_path.rglob("*"))
    assert main(arguments) == FAILED
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert printed.err.endswith(".\n")
    assert not printed.out
    assert sorted(tmp_path.rglob("*")) == before
