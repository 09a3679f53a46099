"""The queue as people see it: which trainings there are, how far each is, and what may be done with it."""

import time
from pathlib import Path

import streamlit as st

from transformer import checkpoint, jobs
from transformer.jobs import Job
from transformer.training import history
from transformer.training.history import Entry, Gradients
from ui.text import translate as _
from ui.training import people

FRESH = 0.8  # seconds for which all who look share one look at the disk
_seen: dict[Path, tuple[float, list[Job]]] = {}


def found() -> list[Job]:
    """All trainings that were started through the queue, the newest first."""
    shelf = checkpoint.FOLDERS[-1]
    when, known = _seen.get(shelf, (float("-inf"), []))
    if time.monotonic() - when > FRESH:
        known = jobs.find(shelf)
        _seen[shelf] = time.monotonic(), known
    return known


def forget() -> None:
    """Look at the disk next time: something was just done."""
    _seen.clear()


def moving() -> list[Job]:
    """Those that wait or run."""
    return [job for job in found() if job.phase in ("waiting", "running")]


def mine() -> list[Job]:
    """Those of whoever asks that wait or run. Somebody without a secret has none, and no disk is asked."""
    person = people.known()
    return [job for job in moving() if jobs.may(job, person.token, False)] if person.token else []


def entries(job: Job) -> list[Entry]:
    """What was measured so far."""
    return _entries(job.folder, *written(job))


@st.cache_resource(max_entries=32, show_spinner=False)
def _entries(folder: Path, when: int, size: int) -> list[Entry]:  # noqa: ARG001, which tell old from new
    return history.read(folder)


def gradients(job: Job) -> list[Gradients]:
    """What was recorded of its gradients so far; nothing by older code."""
    return _gradients(job.folder, *written(job))


@st.cache_resource(max_entries=8, show_spinner=False)
def _gradients(folder: Path, when: int, size: int) -> list[Gradients]:  # noqa: ARG001, which tell old from new
    return history.gradients(folder)


def written(job: Job) -> tuple[int, int]:
    """When its history was written last, in nanoseconds, and how long it is; 0 and 0 if there is none yet."""
    try:
        told = (job.folder / history.FILE).stat()
    except OSError:
        return 0, 0
    return told.st_mtime_ns, told.st_size


def words(job: Job) -> str:
    """How far it is: `running, 43 %, 0:25 left`."""
    if job.phase == "waiting":
        return _("waiting, place {place} in the queue").format(place=job.place)
    if job.phase == "running":
        if not (known := entries(job)):
            return _("running: reading the corpus and learning its pieces")
        last = known[-1]
        return _("running, {share:.0f} %, {left} left").format(share=100 * last.share, left=clock(last.seconds_left))
    return phase(job)


def phase(job: Job) -> str:
    """In one word."""
    words = {
        "waiting": _("waiting"), "running": _("running"), "finished": _("finished"), "stopped": _("stopped"),
        "failed": _("failed"),
    }  # fmt: skip
    return words[job.phase]


def share(job: Job) -> float:
    """How much of it is done, from 0 to 1."""
    if job.phase == "finished":
        return 1.0
    known = entries(job) if job.phase != "waiting" else []
    return min(1.0, max(0.0, known[-1].share)) if known else 0.0


def clock(seconds: float) -> str:
    """`0:25`, `12:05`, `1:02:00`."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def about(seconds: float) -> str:
    """`40 seconds`, `3 minutes`, `1.5 hours`: as exactly as an estimate can be."""
    if seconds < 90:
        return _("{count} seconds").format(count=max(5, 5 * round(seconds / 5)))
    if seconds < 90 * 60:
        return _("{count} minutes").format(count=round(seconds / 60))
    return _("{count:.1f} hours").format(count=seconds / 3600)
