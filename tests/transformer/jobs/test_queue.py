"""The queue: one job at a time in order of submission, whatever becomes of a supervisor; and at a terminal."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.transformer.jobs.watching import ANNA, at_work, ended, notes, now, resumed, shoot
from transformer import checkpoint, commands, jobs
from transformer.jobs import Job, Limits

# The supervisor itself


def test_without_its_supervisor_a_training_goes_on_and_can_be_stopped(shelf: Path, begin: Callable[..., Job]) -> None:
    one, two, three = (begin("wait", name) for name in ("one", "two", "three"))
    at_work(one)
    shoot(one, "transformer.jobs.supervisor")
    time.sleep(0.3)
    assert [(job.phase, job.place) for job in reversed(jobs.find(shelf))] == [
        ("running", 0),
        ("waiting", 1),
        ("waiting", 2),
    ]
    jobs.stop(one, ANNA)
    assert ended(one).phase == "stopped"
    at_work(two)
    shoot(two, "transformer.jobs.supervisor")
    (shelf / "go").touch()
    assert (ended(two).phase, ended(three).phase) == ("finished", "finished")
    assert jobs.rename(two, "second", ANNA).phase == "finished"


def test_when_all_is_killed_at_once_the_job_says_so_and_the_next_begins(begin: Callable[..., Job]) -> None:
    """As by a machine that is switched off, but for the others."""
    one, two = begin("wait", "one"), begin("wait", "two")
    at_work(one)
    shoot(one, "transformer.jobs.supervisor")
    shoot(one, "train")
    assert ended(one).phase == "failed"
    assert now(one).said.startswith("Its process was ended from outside")
    assert now(one).said.endswith("can be used.")
    at_work(two)
    (one.folder / "again").write_text("quick")
    assert resumed(one, ANNA).place == 1
    shoot(one, "transformer.jobs.supervisor")
    assert ended(one).said == "It was ended from outside before its turn came. Resume to put it into the queue again."
    assert now(two).phase == "running"


# The queue


def test_jobs_run_one_at_a_time_in_order_of_submission(shelf: Path, begin: Callable[..., Job]) -> None:
    names = ["b", "a", "d", "c"]
    queue = [begin("wait", name) for name in names]
    at_work(queue[0])
    assert [now(job).place for job in queue] == [0, 1, 2, 3]
    assert [job.name for job in jobs.find(shelf)] == names[::-1]
    jobs.stop(queue[1], ANNA)
    assert ended(queue[1]).phase == "stopped"
    assert [now(job).place for job in queue] == [0, 0, 1, 2]
    assert resumed(queue[1], ANNA).place == 3, "who resumes joins the queue at its end"
    (shelf / "go").touch()
    assert {ended(job).phase for job in queue} == {"finished"}
    assert notes(shelf) == [f"{what} {name}" for name in "bdca" for what in ("begin", "end")]


def test_people_who_start_at_once_get_a_job_each_and_the_limits_hold(shelf: Path, stand_in: Path) -> None:
    """Five people of three servers press the button together, under one name, where four jobs are allowed."""
    script = "import sys; from pathlib import Path; from transformer import jobs\ntry:\n"
    script += "    print(jobs.submit(Path(sys.argv[1]), 'mine', ['quick'], sys.argv[2], jobs.Limits(queue=4)).name)\n"
    script += "except jobs.JobError as error: print(error)"
    first = jobs.submit(shelf, "first", ["wait"], "teacher", Limits())
    at_work(first)

    def press(who: str) -> str:
        command = [sys.executable, "-c", script, str(shelf), who]
        return subprocess.run(command, cwd=stand_in, capture_output=True, text=True, check=True).stdout.strip()

    with ThreadPoolExecutor() as people:
        answers = sorted(people.map(press, "abcde"))
    full = "The queue is full: 4 trainings are waiting or running. Try again later."
    assert answers == [full, full, "mine", "mine-2", "mine-3"]
    (shelf / "go").touch()
    assert {ended(job).phase for job in jobs.find(shelf)} == {"finished"}
    waited = [f"{what} {job.name}" for job in reversed(jobs.find(shelf)) for what in ("begin", "end")]
    assert notes(shelf) == waited, "one after the other"


def test_a_clock_that_is_set_back_does_not_change_the_order(
    shelf: Path, begin: Callable[..., Job], monkeypatch
) -> None:
    begin("wait", "one")
    monkeypatch.setattr(time, "time", lambda: 1.0)
    two = begin("wait", "two")
    assert two.place == 1 or now(two).place == 1
    assert [job.name for job in jobs.find(shelf)] == ["two", "one"]


# The command line


def test_the_command_lists_the_jobs_and_stops_one(shelf: Path, begin: Callable[..., Job], monkeypatch, capsys) -> None:
    monkeypatch.setattr(checkpoint, "FOLDERS", (shelf.parent / "pretrained", shelf))
    assert commands.main(["jobs"]) == commands.FINE
    assert capsys.readouterr().out == "None yet.\n"
    bad, job, _ = ended(begin("say Why not.", "bad")), begin("wait", "one"), begin("wait", "two")
    at_work(job)
    assert commands.main(["jobs"]) == commands.FINE
    words = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[:2] for line in words] == [["two", "waiting"], ["one", "running"], ["bad", "failed"]]
    assert words[0][2:] == ["place", "1"]
    assert words[2][2:] == bad.said.split()
    assert commands.main(["jobs", "--stop", "three"]) == commands.FAILED
    assert capsys.readouterr().err == "There is no job 'three' here. To be stopped: two, one.\n"
    assert commands.main(["jobs", "--stop", "one"]) == commands.FINE
    assert ended(job).phase == "stopped"
