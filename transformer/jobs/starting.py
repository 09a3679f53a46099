"""Starting a job's supervisor, and the gate through which all changes of the queue go, one at a time."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from transformer.jobs import files
from transformer.jobs.endings import log as log_of
from transformer.jobs.endings import reason
from transformer.jobs.files import LOG, RECORD, JobError, Record

ROOT = Path(__file__).resolve().parents[2]
GATE = ".jobs.lock"  # on the shelf
PATIENCE = 10  # seconds to wait for another's change


def launch(folder: Path, record: Record) -> None:
    """Start the supervisor with the job's lock, which is held from before the record appears. Raises `OSError` or `JobError`."""
    before, descriptor = files.read(folder), _lock(folder)
    try:
        files.write(folder, record)
        command = [sys.executable, "-m", "transformer.jobs.supervisor", str(folder), str(descriptor)]
        with (folder / LOG).open("ab") as log, _sigterm_blocked():
            process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log,
                pass_fds=(descriptor,), start_new_session=True,
            )  # fmt: skip
        if process.wait():  # it leaves at once, and goes on as nobody's child
            said = log_of(folder)
            raise JobError(f"The training could not be started. {reason(said) or ' '.join(said[-1:])}")
    except BaseException:
        with suppress(OSError):
            files.write(folder, before) if before else (folder / RECORD).unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def _lock(folder: Path) -> int:
    """The job's lock; another's glance at it may hold it for a moment."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return files.lock(folder)
        except BlockingIOError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


@contextmanager
def _sigterm_blocked() -> Iterator[None]:
    """A process started meanwhile begins with SIGTERM blocked, so that a stop at its very beginning is not lost on it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def gate(shelf: Path) -> Iterator[None]:
    """One change of the queue at a time, whoever makes it. Raises `JobError` if another takes too long, and `OSError`."""
    shelf.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(shelf / GATE, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise JobError("The queue is busy. Try again in a moment.") from None
                time.sleep(0.01)
        yield
    finally:
        os.close(descriptor)
