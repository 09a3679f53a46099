"""A job: whatever happens to it, to its processes or to the app, it is told plainly and nothing kept is lost."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests import ROOT
from tests.transformer.jobs.watching import ANNA, BORA, at_work, ended, members, notes, now, resumed, until
from transformer import jobs
from transformer.jobs import Job, JobError

# One job


def test_a_job_runs_in_processes_of_its_own_and_finishes(shelf: Path, begin: Callable[..., Job]) -> None:
    job = begin("wait", "Our first 모델")
    assert (job.name, job.folder) == ("Our-first-모델", shelf / "Our-first-모델")
    assert (job.phase, job.place) in (("waiting", 1), ("running", 0)), "its supervisor may be quicker than we are"
    assert ANNA not in (job.folder / "job.json").read_text()
    at_work(job)
    assert (now(job).phase, now(job).place) == ("running", 0)
    assert str(os.getpid()) not in {line.split()[3] for line in stats(job)}, (
        "nobody's child: the app need not wait for it"
    )
    (shelf / "go").touch()
    assert replace(ended(job), phase=job.phase, place=job.place) == job
    assert now(job).phase == "finished"
    assert (job.folder / "job.log").read_text().startswith("$ python -m transformer train wait --minutes 60 --out '/")


def stats(job: Job) -> list[str]:
    return [Path(f"/proc/{process}/stat").read_text() for process in members(job)]


def test_a_job_gives_way_to_the_app(begin: Callable[..., Job]) -> None:
    job = begin("wait")
    at_work(job)
    _, niceness, threads = map(int, (job.folder / "seen").read_text().split())
    assert niceness == os.getpriority(os.PRIO_PROCESS, 0) + 10
    assert threads == max(1, min(8, len(os.sched_getaffinity(0)) - 1))
    training = next(process for process, command in members(job).items() if "train" in command.split("\0"))
    assert Path(f"/proc/{training}/oom_score_adj").read_text() == "500\n"
    if (autogroup := Path(f"/proc/{training}/autogroup")).exists() and autogroup.read_text():
        assert autogroup.read_text().endswith("nice 10\n")


def test_the_app_ends_and_the_job_goes_on(shelf: Path, stand_in: Path) -> None:
    """The app's process is killed with all of its group, as by a restart."""
    script = "import sys, time; from pathlib import Path; from transformer import jobs; "
    script += "jobs.submit(Path(sys.argv[1]), 'mine', ['wait'], 'me', jobs.Limits()); print('done', flush=True); time.sleep(99)"
    app = subprocess.Popen(
        [sys.executable, "-c", script, shelf], cwd=stand_in, stdout=subprocess.PIPE, start_new_session=True
    )
    assert app.stdout
    app.stdout.readline()
    os.killpg(app.pid, signal.SIGKILL)
    app.communicate()
    [job] = jobs.find(shelf)
    at_work(job)
    (shelf / "go").touch()
    assert ended(job).phase == "finished"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("shot early", "It was killed by the system; most likely the machine ran out of memory. A smaller model needs less."),
        ("shot", "It was killed by the system; .* Its last snapshot can be used."),
        ("crash", r"It crashed \(Aborted\). Its last snapshot can be used."),
        ("say OSError: [Errno 28] No space left on device", "The disk is full. .*"),
        ("say SafetensorError: I/O error: No space left on device (os error 28)", "The disk is full. .*"),
        ("say RuntimeError: DefaultCPUAllocator: can't allocate memory", "The machine ran out of memory. .*"),
        ("say runs/mine: Permission denied.", "Its folder cannot be written to."),
        ("say There is no corpus named 'x'.", "There is no corpus named 'x'."),
        ("say Traceback (most recent call last):\nKeyError: 3", "The program failed: KeyError: 3."),
        ("say " + "long " * 999, "(long )+.*…"),
        ("say ", "It ended with status 1 and said nothing."),
    ],
)  # fmt: skip
def test_a_job_that_fails_says_why(what: str, said: str, begin: Callable[..., Job]) -> None:
    job = ended(begin(what))
    assert job.phase == "failed"
    assert re.fullmatch(said, job.said), job.said
    assert len(job.said) < 500


def test_killed_at_the_very_end_it_is_finished(begin: Callable[..., Job]) -> None:
    """All was saved, and it said so."""
    assert ended(begin("shot late")).phase == "finished"


# Stop, resume


def test_nobody_stops_another_s_job_but_the_teacher(begin: Callable[..., Job]) -> None:
    job = begin("wait")
    at_work(job)
    for stranger in (BORA, ""):
        for act in (jobs.stop, jobs.delete, renamed, resumed):
            with pytest.raises(JobError, match="Only the person who started “mine”, or the teacher, may"):
                act(job, stranger)
        assert not jobs.may(job, stranger, teacher=False)
    assert now(job).phase == "running"
    assert jobs.may(job, ANNA, teacher=False)
    jobs.stop(job, BORA, teacher=True)
    assert (ended(job).phase, now(job).said) == ("stopped", "")


def renamed(job: Job, owner: str) -> Job:
    return jobs.rename(job, "other", owner)


def test_a_stopped_job_goes_on_where_it_was(shelf: Path, begin: Callable[..., Job]) -> None:
    job = begin("wait")
    at_work(job)
    jobs.stop(job, ANNA)
    assert ended(job).phase == "stopped"
    (job.folder / "again").write_text("quick")
    assert resumed(job, ANNA).phase in ("waiting", "running")
    assert ended(job).phase == "finished"
    assert f"train --resume {job.folder} --minutes 60\n" in (job.folder / "job.log").read_text()
    assert notes(shelf) == ["begin mine", "end mine"] * 2
    with pytest.raises(JobError, match="“mine” has reached its end"):
        resumed(job, ANNA)


@pytest.mark.parametrize(("what", "option"), [("shot early", "--out"), ("shot", "--resume")])
def test_a_killed_job_begins_anew_or_goes_on(what: str, option: str, begin: Callable[..., Job]) -> None:
    """With what it kept, if it had kept anything. What is said of the last attempt is not what an earlier one said."""
    job = ended(begin(what))
    (job.folder / "again").write_text("wait")
    resumed(job, ANNA)
    if option == "--out":
        assert ended(job).said == job.said
    else:
        until(lambda: option in (job.folder / "job.log").read_text())
        with pytest.raises(JobError, match="“mine” is already running"):
            resumed(job, ANNA)
    assert option in (job.folder / "job.log").read_text().rpartition("$ ")[2]


def test_a_stop_at_the_very_beginning_is_heard(begin: Callable[..., Job]) -> None:
    for pause in (0, 0.003, 0.01, 0.03, 0.05, 0.08, 0.15):
        job = begin("wait")
        time.sleep(pause)
        jobs.stop(job, ANNA)
        assert ended(job).phase == "stopped", pause
        jobs.stop(job, ANNA)  # too late, and no harm


def test_a_training_that_does_not_listen_is_killed_after_a_while(begin: Callable[..., Job]) -> None:
    job = begin("deaf")
    at_work(job)
    jobs.stop(job, ANNA)
    assert ended(job).phase == "stopped"


def test_the_queue_needs_no_torch() -> None:
    """The process beside each training must be small."""
    script = "import sys; from transformer import jobs; from transformer.jobs import supervisor; print({'torch', 'numpy'} & {*sys.modules})"
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "set()\n"
