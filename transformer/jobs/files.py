"""What a job keeps in the folder of its run: `job.json` (whose it is and how far), `job.log` (what it said) and `job.lock`.

The lock is a `flock` that the job's processes inherit from each other: it is free when, and only when, all of them are gone, whatever
ended them. So nobody has to trust a process id or a file that says "running". Whoever holds it may write `job.json`.
"""

import errno
import fcntl
import json
import math
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

RECORD, LOG, LOCK = "job.json", "job.log", "job.lock"
CARD, WEIGHTS = "card.json", "model.safetensors"  # of transformer.checkpoint, which imports torch
LARGEST = 1 << 16  # bytes of a job.json that are read
FULL = (errno.ENOSPC, errno.EDQUOT)

Phase = Literal["waiting", "running", "finished", "stopped", "failed"]
ACTIVE = ("waiting", "running")


class JobError(Exception):
    """A sentence for the person who asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What `job.json` holds."""

    owner: str  # SHA-256 of the owner's secret
    arguments: tuple[str, ...]  # of `python -m transformer train`
    submitted: float  # seconds since 1970; when it last joined the queue
    phase: Phase = "waiting"
    said: str = ""  # why it failed
    address: str = ""  # SHA-256 of the network address that it came from; "" for this very machine
    group: int = 0  # process group; to be used only while the lock is held, when it cannot belong to another

    def sound(self) -> bool:
        """Whether the fields are of the right types; the file may be anybody's."""
        texts = (self.owner, self.said, self.address, *self.arguments)
        numbers = isinstance(self.submitted, int | float) and isinstance(self.group, int)
        return (
            numbers
            and math.isfinite(self.submitted)
            and self.phase in get_args(Phase)
            and all(isinstance(text, str) for text in texts)
        )


def read(folder: Path) -> Record | None:
    """The record of a job; None if there is none, or if it is none."""
    path = folder / RECORD
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            fields = json.loads(file.read(LARGEST))
        record = Record(**{**fields, "arguments": tuple(fields["arguments"])})
        return record if record.sound() else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def write(folder: Path, record: Record) -> None:
    """Replace the record, whole or not at all. On a full disk it is written over the old one, which needs no new block."""
    path, part = folder / RECORD, folder / f".{RECORD}.part"
    text = json.dumps(asdict(record)).encode()
    try:
        try:
            part.write_bytes(text)
            os.replace(part, path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        if error.errno not in FULL or not path.exists():
            raise
        with path.open("r+b", buffering=0) as file:
            file.write(text.ljust(path.stat().st_size))  # JSON may end in spaces


def living(folder: Path) -> bool:
    """Whether any process of the job lives, which is whether its lock is held."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def lock(folder: Path) -> int:
    """Take the job's lock and return its descriptor, which processes may inherit. Raises `BlockingIOError` if it is held."""
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def folders(shelf: Path) -> list[Path]:
    """The folders on the shelf that may be jobs; links and hidden ones are not."""
    try:
        return [
            Path(entry.path)
            for entry in os.scandir(shelf)
            if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
        ]
    except OSError:
        return []


def queue(shelf: Path) -> list[tuple[Path, Record]]:
    """The living jobs that wait or run, in order of submission."""
    found = ((folder, record) for folder in folders(shelf) if (record := read(folder)))
    active = [each for each in found if each[1].phase in ACTIVE and living(each[0])]
    return sorted(active, key=lambda each: each[1].submitted)
