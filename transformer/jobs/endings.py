"""How a job ended, in a sentence for the person who started it."""

import re
import shutil
import signal
from contextlib import suppress
from pathlib import Path

from transformer.jobs.files import CARD, LOG, WEIGHTS, Phase

TAIL = 16_384  # bytes of the log that are looked at
STARTED = "$ python -m transformer train"  # how the supervisor begins each attempt in the log
BAR = re.compile(r"\d+%\|")
SAVED = "Stopped and saved."
FULL = 100_000  # bytes free, or less
LONGEST = 400  # letters of a sentence
POLITE = (-signal.SIGTERM, -signal.SIGINT, 130)  # asked to end: 130 if it could still save

DISK = "The disk is full. Delete models that nobody needs, then resume."
MEMORY = "The machine ran out of memory. A smaller model needs less."
KILLED = "It was killed by the system; most likely the machine ran out of memory. A smaller model needs less."
READ_ONLY = "Its folder cannot be written to."
OUTSIDE = "Its process was ended from outside, as when the machine is switched off. Resume to go on."
NEVER_BEGAN = "It was ended from outside before its turn came. Resume to put it into the queue again."
SIGNS = (  # what a log holds, and what it means
    (re.compile(r"no space left on device|disk quota exceeded|os error 28\b", re.I), DISK),
    (re.compile(r"MemoryError|can't allocate memory|cannot allocate memory|out of memory|bad_alloc", re.I), MEMORY),
    (re.compile(r"read-only file system|permission denied", re.I), READ_ONLY),
)


def ending(folder: Path, code: int, asked: bool) -> tuple[Phase, str]:
    """The phase after the training process ended with `code` (negative: by a signal), and why if it failed."""
    lines = log(folder)
    if code == 0 or _told_its_end(folder, lines):
        return "finished", ""
    if asked or code in POLITE:
        return "stopped", ""
    if code == -signal.SIGKILL:
        return "failed", _joined(KILLED, folder)
    return "failed", _joined(reason(lines) or _full(folder) or _unexplained(lines, code), folder)


def unstarted(folder: Path, error: Exception) -> tuple[Phase, str]:
    """The same for a training process that could not be started."""
    return "failed", _joined(reason([str(error)]) or f"It could not be started: {error}.", folder)


def lost(folder: Path, phase: Phase) -> tuple[Phase, str]:
    """The same for a job whose processes are all gone and nobody was left to write down how: its log may tell."""
    lines = log(folder)
    if phase == "waiting":
        return "failed", NEVER_BEGAN
    if _told_its_end(folder, lines):
        return "finished", ""
    if lines and lines[-1].startswith(SAVED):
        return "stopped", ""
    return "failed", _joined(reason(lines) or _full(folder) or OUTSIDE, folder)


def reason(lines: list[str]) -> str:
    """What the last line of the log says, if it is one of the faults that every machine has; else nothing."""
    return next((sentence for sign, sentence in SIGNS if lines and sign.search(lines[-1])), "")


def log(folder: Path) -> list[str]:
    """The lines that the last attempt left in the log, without progress bars and empty ones."""
    try:
        with (folder / LOG).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - TAIL))
            text = file.read(TAIL).decode("utf-8", errors="replace")
    except OSError:
        return []
    lines = [line.strip() for line in re.split(r"[\r\n]+", text)]
    starts = [place for place, line in enumerate(lines) if line.startswith(STARTED)]
    return [line for line in lines[starts[-1] + 1 if starts else 0 :] if line and not BAR.search(line)]


def _joined(why: str, folder: Path) -> str:
    """Why it failed, and what remains, if anything does."""
    kept = (folder / WEIGHTS).is_file() and (folder / CARD).is_file()
    return f"{why} Its last snapshot can be used." if kept else why


def _full(folder: Path) -> str:
    """A disk so full that not even the log could say so."""
    with suppress(OSError):
        if shutil.disk_usage(folder).free < FULL:
            return DISK
    return ""


def _told_its_end(folder: Path, lines: list[str]) -> bool:
    """Whether the last line is what `train` prints when all is done: its folder."""
    return bool(lines) and lines[-1] == str(folder)


def _unexplained(lines: list[str], code: int) -> str:
    """A failure in the command's own words, or a crash by the name of its signal."""
    if code < 0:
        return f"It crashed ({signal.strsignal(-code) or -code})."
    if not lines:
        return f"It ended with status {code} and said nothing."
    said = lines[-1].removeprefix("python -m transformer train: error: ")
    said = said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
    said = said if said.endswith((".", "!", "?", "…", "`")) else f"{said}."
    crashed = any(line.startswith("Traceback (most recent call last)") for line in lines)
    return f"The program failed: {said}" if crashed else said
