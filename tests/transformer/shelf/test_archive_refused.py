"""Files that are no models, cut short, forged or too large: each ends in a sentence and leaves nothing."""

import io
import random
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.transformer.shelf.archives import opened, refused, zipped
from transformer.checkpoint import CARD, TOKENIZER, WEIGHTS
from transformer.shelf.archive import ArchiveError, pack, unpack

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
