"""A finished model as one file: a zip of its checkpoint and, if wanted, of its snapshots and the history of its training.

What is packed here can be unpacked anywhere. The file may come from a stranger, so `unpack` believes nothing: it looks at sizes
and names before it reads, writes into a hidden folder, opens the model there, and only then moves it into place, whole or not at
all. What is inside is checked in `archive_checks`. Nothing is ever unpickled, and no name in the file becomes a path.
"""

import hashlib
import io
import json
import os
import re
import shutil
import stat
import struct
import tempfile
import time
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from transformer import checkpoint
from transformer.checkpoint import CARD, SNAPSHOTS, TOKENIZER, WEIGHTS, CheckpointError
from transformer.jobs.names import claim, safe
from transformer.shelf.checks import ArchiveError, inspect
from transformer.training.history import FILE as HISTORY

__all__ = ["MOST", "ArchiveError", "digest", "file_size", "owner", "pack", "unpack", "write"]

MB = 1024 * 1024
MOST = 64 * MB  # of a file that is uploaded, and of what it holds
MOST_OF = {CARD: MB, TOKENIZER: 16 * MB, HISTORY: 32 * MB}
MOST_SNAPSHOTS = 64
MOST_DIRECTORY = 64 * 1024  # bytes of the zip's own table of contents, read before anything else
SPARE = 100 * MB  # the disk keeps so much room
OWNER = "owner.json"
REQUIRED = (WEIGHTS, TOKENIZER, CARD)
SNAPSHOT = re.compile(rf"{SNAPSHOTS}/[0-9]{{6,9}}\.safetensors")
HIDDEN = ".unpacking-"
# what a zip that is cut or forged gives
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OverflowError)
END, FAR = b"PK\x05\x06", b"PK\x06\x07"  # of a zip: the end of its table of contents, and of a table too large for us


def pack(folder: Path, snapshots: bool = False) -> bytes:
    """The checkpoint in `folder` as one file; with its snapshots and its history if wanted. The same model, the same bytes.

    Raises `ArchiveError` if it is not a checkpoint, `OSError` if it cannot be read.
    """
    file = io.BytesIO()
    write(folder, file, snapshots)
    return file.getvalue()


def write(folder: Path, file: BinaryIO, snapshots: bool = False) -> None:
    """The same into an open file, which must be seekable; a megabyte at a time. Weights do not shrink, so nothing is compressed."""
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
            for name, path in contents(folder, snapshots):
                entry = zipfile.ZipInfo(name)  # dated 1980, so that the same model gives the same bytes
                entry.external_attr = (stat.S_IFREG | 0o644) << 16
                entry.file_size = path.stat().st_size
                with path.open("rb") as source, archive.open(entry, "w") as target:
                    shutil.copyfileobj(source, target, MB)
    except zipfile.LargeZipFile:
        raise ArchiveError(f"{folder.name} is larger than a file of 4 GB; pack it without its snapshots.") from None


def contents(folder: Path, snapshots: bool) -> list[tuple[str, Path]]:
    """The names in the file, and what stands behind them. Raises `ArchiveError` if `folder` is not a checkpoint."""
    places = {name: pieces(folder) if name == TOKENIZER else folder / name for name in REQUIRED}
    for name, place in places.items():
        if not place.is_file():
            raise ArchiveError(f"{folder.name} cannot be packed: it has no {name}.")
    names: list[str] = []
    if snapshots:
        names += [HISTORY] if (folder / HISTORY).is_file() else []
        names += [f"{SNAPSHOTS}/{path.name}" for path in kept_snapshots(folder)]
    return [*places.items(), *((name, folder / name) for name in names)]


def pieces(folder: Path) -> Path:
    """The file of its tokenizer, wherever that is. Raises `ArchiveError` if its card cannot be read."""
    try:
        return checkpoint.pieces_of(folder)
    except CheckpointError as error:
        raise ArchiveError(f"{folder.name} cannot be packed: {error}") from error


def kept_snapshots(folder: Path) -> list[Path]:
    """The files of its snapshots, those that a model may bring along, the earliest first."""
    return [checkpoint.snapshot_file(folder, moment) for moment in checkpoint.moments(folder)[:MOST_SNAPSHOTS]]


def file_size(folder: Path, snapshots: bool = False) -> int:
    """How many bytes `pack` would give, without packing: each entry stands in a zip as it is, between 76 bytes and its name twice."""
    names = contents(folder, snapshots)
    return 22 + sum(path.stat().st_size + 76 + 2 * len(name.encode()) for name, path in names)


def unpack(
    file: bytes | BinaryIO, shelf: Path, name: str, *, most: int = MOST, owner: str = "", address: str = ""
) -> Path:
    """Put the model in `file` on the `shelf` under a safe form of `name`, made unique, and answer with its folder.

    `most` bounds the bytes of the file and of what it holds; `owner` and `address` are kept beside the model (see `owner`). Raises
    `ArchiveError` with a sentence if the file is not a whole, usable model, or if the disk does not take it.
    """
    opened = io.BytesIO(file) if isinstance(file, bytes) else file
    try:
        check_frame(opened, most)
        with zipfile.ZipFile(opened) as archive:
            entries = check_entries(archive.infolist(), most)
            shelf.mkdir(parents=True, exist_ok=True)
            check_room(shelf, sum(entry.file_size for entry in entries))
            sweep(shelf)
            with tempfile.TemporaryDirectory(prefix=HIDDEN, dir=shelf) as hidden:
                folder = Path(hidden) / safe(name)  # one deeper than a model: nobody sees it before it is checked
                extract(archive, entries, folder)
                inspect(folder)
                if owner:
                    (folder / OWNER).write_text(json.dumps({"owner": owner, "address": address}), encoding="utf-8")
                return put(folder, shelf, name)
    except ArchiveError:
        raise
    except (*DAMAGE, ValueError, RuntimeError) as error:
        raise ArchiveError(f"This file is damaged, or not a model of Attention Atlas: {sentence(error)}") from error
    except OSError as error:
        raise ArchiveError(f"The model could not be kept: {sentence(error)}") from error


def sentence(error: Exception) -> str:
    """What the zip or the system said, without any path of this machine."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else " ".join(str(error).split())
    return (said or type(error).__name__).rstrip(".")[:200] + "."


def check_frame(file: BinaryIO, most: int) -> None:
    """Refuse what is too large or no plain zip before its table of contents is read: that alone could fill the memory."""
    size = file.seek(0, os.SEEK_END)
    if size > most:
        raise ArchiveError(f"This file has {size / MB:.0f} MB; a model may have {most / MB:.0f} MB.")
    file.seek(max(0, size - 42))
    tail = file.read(42)
    end = tail[-22:]
    if not end.startswith(END) or not end.endswith(b"\0\0") or len(end) < 22 or (len(tail) == 42 and tail[:4] == FAR):
        raise ArchiveError(
            "This is not the file of a model: not a zip, cut short, or made by another program. Download the model again."
        )
    if int.from_bytes(end[12:16], "little") > MOST_DIRECTORY:
        raise ArchiveError("This file holds far more entries than a model has.")


def check_entries(entries: list[zipfile.ZipInfo], most: int) -> list[zipfile.ZipInfo]:
    """Only known names, each once, as plain files of a sensible size; all that are required. Otherwise `ArchiveError`."""
    names = [entry.filename for entry in entries]
    for entry in entries:
        check_entry(entry)
    if len(set(names)) < len(names):
        raise ArchiveError("This file holds two entries of the same name.")
    if missing := [name for name in REQUIRED if name not in names]:
        raise ArchiveError(f"This is not the file of a model: it holds no {missing[0]}.")
    if len(names) - len(set(names) & {*MOST_OF, WEIGHTS}) > MOST_SNAPSHOTS:
        raise ArchiveError(f"This model has more than {MOST_SNAPSHOTS} snapshots.")
    if (total := sum(entry.file_size for entry in entries)) > most:
        raise ArchiveError(f"Unpacked, this file would have {total / MB:.0f} MB; a model may have {most / MB:.0f} MB.")
    return entries


def check_entry(entry: zipfile.ZipInfo) -> None:
    """One entry: its name is known, it is a plain file that can be read, and not larger than its kind may be."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in entry.orig_filename[:60])
    if entry.filename != entry.orig_filename or not (
        entry.filename in {*REQUIRED, HISTORY} or SNAPSHOT.fullmatch(entry.filename)
    ):
        raise ArchiveError(f"This file holds an entry that does not belong to a model: {shown!r}.")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or entry.is_dir():
        raise ArchiveError(f"The entry {shown!r} of this file is a link or a folder, not a plain file.")
    if entry.flag_bits & 0x1:
        raise ArchiveError("This file is locked with a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveError(f"The entry {shown!r} of this file is compressed in an uncommon way.")
    if entry.file_size > MOST_OF.get(entry.filename, entry.file_size):
        raise ArchiveError(f"The entry {shown!r} of this file is larger than it may be.")


def check_room(shelf: Path, needed: int) -> None:
    """Whether the disk has room for the model, and some to spare."""
    if shutil.disk_usage(shelf).free < needed + SPARE:
        raise ArchiveError("The disk is too full for another model. Delete one, then try again.")


def sweep(shelf: Path, older: float = 3600) -> None:
    """Remove what an `unpack` that was killed has left behind, an hour ago or earlier."""
    for left in shelf.glob(f"{HIDDEN}*"):
        if time.time() - left.stat().st_mtime > older:
            shutil.rmtree(left, ignore_errors=True)


def extract(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path) -> None:
    """Write the entries, whose names have been checked, into the new `folder`; never more bytes than they declare."""
    (folder / SNAPSHOTS).mkdir(parents=True)
    for entry in entries:
        with archive.open(entry) as source, (folder / entry.filename).open("xb") as target:
            written = 0
            while block := source.read(MB):
                written += target.write(block)
                if written > entry.file_size:
                    break
        if written != entry.file_size:
            raise ArchiveError(f"The entry {entry.filename!r} of this file has another size than it declares.")
    if not any((folder / SNAPSHOTS).iterdir()):
        (folder / SNAPSHOTS).rmdir()


def put(folder: Path, shelf: Path, name: str) -> Path:
    """Move `folder` to the shelf, at once and under a name that nothing else has."""
    place = claim(shelf, safe(name), checkpoint.FOLDERS[0])  # a shipped model of the same name would hide it
    try:
        os.rename(folder, place)  # takes the place of the empty folder
    except OSError:
        place.rmdir()
        raise
    return place


def digest(token: str) -> str:
    """How the owner of a secret `token` is written down, as `jobs` does it: SHA-256."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def owner(folder: Path) -> str:
    """Who brought the model here (the digest of a secret, as jobs keep it); nothing if nobody is known."""
    return _beside(folder).get("owner", "")


def brought(shelf: Path, who: str) -> int:
    """How many models on the shelf an owner brought along, or whoever came from an address; both by their digest."""
    return sum(who in _beside(path.parent).values() for path in shelf.glob(f"*/{OWNER}"))


def _beside(folder: Path) -> dict[str, str]:
    """What is kept beside the model."""
    try:
        known = json.loads((folder / OWNER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in known.items() if value} if isinstance(known, dict) else {}
