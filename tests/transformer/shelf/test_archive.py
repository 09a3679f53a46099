"""A model goes into one file and comes back to the last bit; a disk that does not take it is told, also at a terminal."""

import os
import shutil
import zipfile
from pathlib import Path

import pytest
import torch

from tests.transformer.shelf.archives import opened, refused, zipped
from transformer import checkpoint
from transformer.checkpoint import CARD, TOKENIZER, WEIGHTS
from transformer.commands import FAILED, FINE, main
from transformer.shelf import archive
from transformer.shelf.archive import ArchiveError, file_size, pack, unpack
from transformer.training import history


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
