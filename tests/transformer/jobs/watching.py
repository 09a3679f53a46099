"""Two people, and what a test needs to watch a job: wait for it, look at its processes, shoot them."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from transformer import jobs
from transformer.jobs import Job, Limits
from transformer.jobs import files as jobs_files

ANNA, BORA = "anna's secret", "bora's secret"
MANY = Limits(per_person=99, queue=99)


def now(job: Job) -> Job:
    """The job as it stands."""
    return next(each for each in jobs.find(job.folder.parent) if each.folder == job.folder)


def until(met: Callable[[], object], seconds: float = 240) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def ended(job: Job) -> Job:
    """The job when it is over."""
    until(lambda: not now(job).active and not jobs_files.living(job.folder))
    return now(job)


def at_work(job: Job) -> int:
    """Wait until the stand-in of a job that waits for `go` is at work; its process id."""
    until(lambda: (job.folder / "card.json").exists())
    return int((job.folder / "seen").read_text().split()[0])


def members(job: Job) -> dict[int, str]:
    """The processes of a job's group, with their commands."""
    record, found = jobs_files.read(job.folder), {}
    assert record
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == record.group and fields[0] != "Z":
                found[int(stat.parent.name)] = (stat.parent / "cmdline").read_text()
        except OSError:
            continue
    return found


def shoot(job: Job, word: str) -> None:
    """SIGKILL for the processes of a job whose command holds that word, and for no other."""
    for process, command in members(job).items():
        if word in command.split("\0"):
            os.kill(process, signal.SIGKILL)


def notes(shelf: Path) -> list[str]:
    """What the stand-ins noted of their beginnings and ends."""
    return (shelf / "notes").read_text().splitlines()


def resumed(job: Job, owner: str) -> Job:
    """The job, put into the queue again."""
    jobs.resume(job.folder.parent, job, owner, MANY)
    return now(job)
