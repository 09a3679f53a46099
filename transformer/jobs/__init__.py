"""The queue of training jobs: each is `python -m transformer train` in processes of its own, and a folder on the shelf of runs.

One runs at a time, the others wait in order of submission. There is no server and no database: a job is its folder (`jobs.files`), beside its
training stands a small process that waits for its turn and writes down how it ended (`jobs.supervisor`), and the operating system's locks
say who lives. So jobs survive closed tabs and a restart of the app, and whatever kills them is noticed. Importing this imports no torch.
"""

import hashlib
import hmac
import os
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from transformer.jobs import files
from transformer.jobs.endings import lost
from transformer.jobs.files import FULL, JobError, Phase, Record
from transformer.jobs.limits import Limits, bounded, full_shelf, options, parameters, room, too_many, whole
from transformer.jobs.names import claim, safe
from transformer.jobs.starting import PATIENCE, gate, launch

__all__ = ["Job", "JobError", "Limits", "Phase", "delete", "find", "may", "rename", "resume", "stop", "submit"]

PRETRAINED = Path(__file__).resolve().parents[2] / "pretrained"  # checkpoints by the same names would hide a run
FULL_DISK = "The disk is full. Delete models that nobody needs, then try again."
OFF = "Training is switched off on this server."


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A training job as it stands."""

    name: str
    folder: Path
    owner: str  # SHA-256 of the owner's secret token
    arguments: tuple[str, ...]  # of `python -m transformer train`, without --out
    submitted: float  # seconds since 1970; when it last joined the queue
    phase: Phase
    place: int  # of a waiting job: 1 is next; otherwise 0
    said: str  # of a failed job: why; otherwise ""

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.phase in files.ACTIVE


def find(shelf: Path) -> list[Job]:
    """The jobs on the shelf, newest first. Runs that were not started through the queue, and strange folders, are passed over."""
    found = [job for folder in files.folders(shelf.absolute()) if (job := _job(folder))]
    waiting = sorted((job for job in found if job.phase == "waiting"), key=lambda job: job.submitted)
    places = {job.folder: place for place, job in enumerate(waiting, start=1)}
    placed = (replace(job, place=places.get(job.folder, 0)) for job in found)
    return sorted(placed, key=lambda job: job.submitted, reverse=True)


def submit(
    shelf: Path, name: str, arguments: Sequence[str], owner_token: str, limits: Limits, address: str = ""
) -> Job:
    """Put a training into the queue; it begins when its turn comes, and its `--minutes` are within the limits.

    `name` is free text, from which the folder is named; `address` is the network's, "" for this very machine. Raises `JobError`.
    """
    shelf = shelf.absolute()
    _check_size(shelf, arguments, limits)
    with _said_plainly(shelf), gate(shelf):
        owner, where = _digest(owner_token), _digest(address) if address else ""
        _check_queue(shelf, owner, where, limits)
        if why := full_shelf(shelf, limits.models):
            raise JobError(why)
        folder = claim(shelf, safe(name), PRETRAINED)
        try:
            given = bounded(arguments, limits.minutes)
            record = Record(owner=owner, arguments=given, submitted=_next(shelf), address=where)
            launch(folder, record)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return _known(folder)


def resume(shelf: Path, job: Job, owner_token: str, limits: Limits, teacher: bool = False) -> None:
    """Put a job that was stopped or failed back into the queue, to go on from what it kept. Raises `JobError`."""
    shelf = shelf.absolute()
    with _said_plainly(shelf), gate(shelf):
        record = _allowed(job, owner_token, teacher, "resume")
        now = _known(job.folder)
        if now.active:
            raise JobError(f"“{job.name}” is already {now.phase}.")
        if now.phase == "finished":
            raise JobError(f"“{job.name}” has reached its end. Start a new training from it to go on.")
        _check_size(shelf, record.arguments, limits)
        wide = replace(limits, per_person=limits.queue, per_address=limits.queue) if teacher else limits
        _check_queue(shelf, record.owner, record.address, wide)
        arguments = bounded(record.arguments, limits.minutes)
        again = Record(owner=record.owner, arguments=arguments, submitted=_next(shelf), address=record.address)
        launch(job.folder, again)


def stop(job: Job, owner_token: str, teacher: bool = False) -> None:
    """Ask a job to save and end, which takes a moment; one that waits leaves the queue. Nothing if it is over. Raises `JobError`."""
    with _said_plainly(job.folder.parent):
        _allowed(job, owner_token, teacher, "stop")
        end = time.monotonic() + PATIENCE
        while files.living(job.folder) and time.monotonic() < end:
            if (record := files.read(job.folder)) and record.group:
                with suppress(ProcessLookupError):
                    os.killpg(record.group, signal.SIGTERM)
                return
            time.sleep(0.02)  # it is being started at this very moment


def delete(job: Job, owner_token: str, teacher: bool = False) -> None:
    """Remove a job's folder with all it kept. Raises `JobError`, also while it waits or runs."""
    with _said_plainly(job.folder.parent), gate(job.folder.parent):
        if not job.folder.exists():
            return
        _settled(job, owner_token, teacher, "delete")
        gone = job.folder.with_name(f".deleted-{os.getpid()}-{time.time_ns()}")
        gone.mkdir()
        try:
            job.folder.rename(gone / "job")  # one deeper than a checkpoint, so it is none from here on
        finally:
            shutil.rmtree(gone)


def rename(job: Job, new_name: str, owner_token: str, teacher: bool = False) -> Job:
    """Give a job's folder another name, made from free text. Raises `JobError`, also while it waits or runs."""
    shelf, name = job.folder.parent, safe(new_name)
    with _said_plainly(shelf), gate(shelf):
        record = _settled(job, owner_token, teacher, "rename")
        if name == job.name:
            return _known(job.folder)
        now = _known(job.folder)
        files.write(job.folder, replace(record, phase=now.phase, said=now.said))  # its log speaks of the old folder
        folder = claim(shelf, name, PRETRAINED)
        try:
            job.folder.rename(folder)  # takes the place of the empty folder
        except OSError:
            folder.rmdir()
            raise
    return _known(folder)


def may(job: Job, owner_token: str, teacher: bool) -> bool:
    """Whether that person may stop, resume, delete or rename the job: who started it, or the teacher."""
    return teacher or (owner_token != "" and hmac.compare_digest(job.owner, _digest(owner_token)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _job(folder: Path) -> Job | None:
    record = files.read(folder)
    if record and record.phase in files.ACTIVE and not files.living(folder):
        record = files.read(folder)  # a job writes its end down before it lets go of its lock
        if record and record.phase in files.ACTIVE and not files.living(folder):  # nor was it resumed meanwhile
            phase, said = lost(folder, record.phase)
            record = replace(record, phase=phase, said=said)
    if not record:
        return None
    return Job(
        name=folder.name, folder=folder, owner=record.owner, arguments=record.arguments, submitted=record.submitted,
        phase=record.phase, place=0, said=record.said,
    )  # fmt: skip


def _known(folder: Path) -> Job:
    """The job in that folder as it stands, with its place."""
    for job in find(folder.parent):
        if job.folder == folder:
            return job
    raise JobError(f"There is no job “{folder.name}” any more.")


def _allowed(job: Job, owner_token: str, teacher: bool, doing: str) -> Record:
    """The job's record as it is now: the folder may have become another's. Raises `JobError` if the person may not."""
    record = files.read(job.folder)
    if not record:
        raise JobError(f"There is no job “{job.name}” any more.")
    if not may(replace(job, owner=record.owner), owner_token, teacher):
        raise JobError(f"Only the person who started “{job.name}”, or the teacher, may {doing} it.")
    return record


def _settled(job: Job, owner_token: str, teacher: bool, doing: str) -> Record:
    """The record of a job whose processes are all gone. Raises `JobError` if it waits or runs."""
    record = _allowed(job, owner_token, teacher, doing)
    if record.phase in files.ACTIVE and files.living(job.folder):
        raise JobError(f"“{job.name}” is still {record.phase}. Stop it first, then {doing} it.")
    end = time.monotonic() + PATIENCE
    while files.living(job.folder) and time.monotonic() < end:
        time.sleep(0.01)  # it has written down how it ended and is about to go
    return record


def _check_size(shelf: Path, arguments: Sequence[str], limits: Limits) -> None:
    if not limits.training:
        raise JobError(OFF)
    given = options(arguments)
    if "from" not in given and (why := too_many(whole(given, "layers"), whole(given, "heads"))):
        raise JobError(f"{why} Choose fewer heads or layers.")
    size = parameters(arguments, (PRETRAINED, shelf))
    if size > limits.parameters:
        numbers = f"{size / 1e6:.1f} million parameters; at most {limits.parameters / 1e6:g} million"
        raise JobError(f"This model would have {numbers} are allowed here. Choose smaller sizes.")
    with suppress(OSError):  # no such folder yet
        free, needed = shutil.disk_usage(shelf).free, room(arguments, size)
        if free < needed:
            numbers = f"{free / 1e6:.0f} MB are free, and this training may take {needed / 1e6:.0f} MB"
            raise JobError(f"The disk is nearly full: {numbers}. Delete models that nobody needs, then try again.")


def _check_queue(shelf: Path, owner: str, address: str, limits: Limits) -> None:
    waiting = files.queue(shelf)
    mine = sum(record.owner == owner for _, record in waiting)
    if mine >= limits.per_person:
        raise JobError(f"You already have {_jobs(mine)} waiting or running. Wait for one to end, or stop one.")
    beside = sum(record.address == address for _, record in waiting) if address else 0
    if beside >= limits.per_address:
        raise JobError(f"From your network {_jobs(beside)} are waiting or running already. Wait for one to end.")
    if len(waiting) >= limits.queue:
        raise JobError(f"The queue is full: {_jobs(len(waiting))} are waiting or running. Try again later.")


def _jobs(count: int) -> str:
    return "one training" if count == 1 else f"{count} trainings"


def _next(shelf: Path) -> float:
    """The time, but after all submissions there are, whatever happened to the clock: the order of the queue hangs on it."""
    latest = max((record.submitted for _, record in files.queue(shelf)), default=0.0)
    return max(time.time(), latest + 1e-3)


@contextmanager
def _said_plainly(shelf: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a `JobError`."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise JobError(FULL_DISK) from error
        raise JobError(f"The folder of the models, “{shelf.name}”, cannot be changed: {error.strerror}.") from error
