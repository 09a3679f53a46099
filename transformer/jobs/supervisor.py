"""The process beside a training process: it waits for the job's turn, starts the training, and writes down how it ended.

`python -m transformer.jobs.supervisor FOLDER LOCK` is started by `transformer.jobs`, which hands it the job's lock as the open descriptor LOCK.
It leaves the process that started it at once, lives as long as the job, and needs the standard library only, some 12 MB.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from transformer.jobs import files
from transformer.jobs.endings import STARTED, ending, unstarted
from transformer.jobs.files import CARD, LOG, Phase, Record
from transformer.jobs.limits import options

ROOT = Path(__file__).resolve().parents[2]
LOOK = 0.2  # seconds between two looks at the job ahead, or for a request to stop
PATIENCE = 90  # seconds in which a training process must save and end when it is asked to
NICENESS = 10
LARGE, MOST_THREADS = (
    500,
    8,
)  # oom_score_adj: if memory runs out, the training goes first; threads beyond which a small model gains nothing


class Asked:
    """True once somebody asked the job to stop."""

    def __init__(self) -> None:
        self.at: float | None = None
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})  # blocked by our parent, so that none was lost

    def _ask(self, *_: object) -> None:
        self.at = self.at or time.monotonic()

    def __bool__(self) -> bool:
        return self.at is not None


def main(folder: Path, lock: int) -> None:
    """Leave the parent, then see the job in `folder` through; `lock` stays open to the end."""
    record = files.read(folder)
    if not record:
        raise SystemExit(f"{folder} is not a job.")
    record = replace(record, group=os.getpid())
    files.write(folder, record)
    if os.fork():
        os._exit(0)  # our child is nobody's child now: no app has to wait for it
    asked = Asked()
    give_way()
    if not wait_for_turn(folder, record, asked):
        files.write(folder, replace(record, phase="stopped"))
        return
    files.write(folder, record := replace(record, phase="running"))
    phase, said = train(folder, record, lock, asked)
    files.write(folder, replace(record, phase=phase, said=said))


def give_way() -> None:
    """Let everybody else go first on the processors. A session is a group of its own for Linux, and niceness counts within it only."""
    with suppress(OSError):
        os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))


def wait_for_turn(folder: Path, record: Record, asked: Asked) -> bool:
    """Return True when no older job is left, or False when the job is to stop before that."""
    while not asked:
        ahead = [each for each in files.queue(folder.parent) if each[1].submitted < record.submitted]
        if not ahead:
            return True
        last, its = ahead[-1]
        while not asked and files.living(last) and (found := files.read(last)) and found.submitted == its.submitted:
            time.sleep(LOOK)  # that one is gone, or was resumed and waits behind us
    return False


def train(folder: Path, record: Record, lock: int, asked: Asked) -> tuple[Phase, str]:
    """Run the training to its end; the phase it ended in, and why if it failed."""
    arguments = arguments_of(folder, record)
    try:
        with (folder / LOG).open("ab", buffering=0) as log:
            log.write(f"{STARTED} {shlex.join(arguments)}\n".encode(errors="replace"))
            process = subprocess.Popen(
                [sys.executable, "-m", "transformer", "train", *arguments], cwd=ROOT, env=environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, pass_fds=(lock,),
            )  # fmt: skip
    except (OSError, ValueError) as error:  # such as no memory for another process
        return unstarted(folder, error)
    with suppress(OSError):
        Path(f"/proc/{process.pid}/oom_score_adj").write_text(str(LARGE))
    return ending(folder, waited(process, asked), bool(asked))


def arguments_of(folder: Path, record: Record) -> list[str]:
    """The job's own, or those to go on if the folder already holds a checkpoint."""
    if not (folder / CARD).exists():
        return [*record.arguments, "--out", str(folder)]
    minutes = options(record.arguments).get("minutes")  # bounded anew when it was resumed
    return ["--resume", str(folder), *(["--minutes", minutes] if minutes else [])]


def environment() -> dict[str, str]:
    """One core is left to everybody else: threads that wait for a busy core slow each other down."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return os.environ | {"OMP_NUM_THREADS": str(max(1, min(MOST_THREADS, cores - 1)))}


def waited(process: "subprocess.Popen[bytes]", asked: Asked) -> int:
    """Wait for the training to end, passing on a request to stop; one that does not listen is killed after a while."""
    told = False
    while True:
        with suppress(subprocess.TimeoutExpired):
            return process.wait(LOOK)
        if asked.at and not told:
            process.terminate()
            told = True
        if asked.at and time.monotonic() - asked.at > PATIENCE:
            process.kill()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
