"""The queue of trainings: whatever happens to a job, to its processes, to the disk or to the app, it is told plainly and nothing kept is lost.

Most tests run the real queue around a stand-in for `python -m transformer train`, which does at once what the test wants; the last ones train.
"""

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import ROOT
from transformer import checkpoint, commands, jobs
from transformer.config import Config
from transformer.corpora import Pair
from transformer.jobs import Job, JobError, Limits
from transformer.jobs import files as jobs_files
from transformer.jobs import starting as jobs_starting
from transformer.jobs.limits import SIZES, bounded, parameters
from transformer.jobs.names import safe
from transformer.model import Transformer
from transformer.training.history import read as history
from transformer.training.recipe import Recipe

ANNA, BORA = "anna's secret", "bora's secret"
MANY = Limits(per_person=99, queue=99)

STAND_IN = '''
"""`python -m transformer train WHAT`: does WHAT, and notes its beginning and its end on the shelf."""
import os, signal, sys, time
from pathlib import Path

arguments = sys.argv[2:]
option = "--resume" if "--resume" in arguments else "--out"
folder = Path(arguments[arguments.index(option) + 1])
what = (folder / "again").read_text() if option == "--resume" else arguments[0]

def note(text):
    with open(folder.parent / "notes", "a") as file:
        file.write(f"{text} {folder.name}\\n")

def end(said, status):
    note("end")
    print(said, flush=True)
    os._exit(status)

def keep(*_):
    (folder / "model.safetensors").touch()
    (folder / "card.json").write_text("{}")

def stop(*_):
    end(f"Stopped and saved. Go on with: {folder}", 130)

signal.signal(signal.SIGTERM, stop if what != "deaf" else keep)
note("begin")
(folder / "seen").write_text(f"{os.getpid()} {os.getpriority(os.PRIO_PROCESS, 0)} {os.environ['OMP_NUM_THREADS']}")
print("mine:  10%|#         | of 3 min\\r", end="", file=sys.stderr)
if what.startswith("say "):
    print(what[4:])
    end("", 1)
if what == "shot early":
    os.kill(os.getpid(), signal.SIGKILL)
keep()
while what in ("wait", "deaf") and not (folder.parent / "go").exists():
    time.sleep(0.01)
if what == "shot":
    os.kill(os.getpid(), signal.SIGKILL)
if what == "crash":
    os.kill(os.getpid(), signal.SIGABRT)
note("end")
print(folder, flush=True)
if what == "shot late":
    os.kill(os.getpid(), signal.SIGKILL)
'''


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the real queue and the stand-in; its supervisor has little patience with a deaf training."""
    package = tmp_path / "repository" / "transformer"
    (package / "jobs").mkdir(parents=True)
    for file in (ROOT / "transformer" / "jobs").glob("*.py"):
        text = file.read_text(encoding="utf-8").replace("PATIENCE = 90", "PATIENCE = 0.5")
        (package / "jobs" / file.name).write_text(text, encoding="utf-8")
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(STAND_IN)
    monkeypatch.setattr(jobs_starting, "ROOT", package.parent)
    return package.parent


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Path]:
    """Where the runs of one test are; their processes end with it."""
    shelf = tmp_path / "runs"
    yield shelf
    for folder in jobs_files.folders(shelf):
        record = jobs_files.read(folder)
        while record and record.group and jobs_files.living(folder):
            os.killpg(record.group, signal.SIGKILL)
            time.sleep(0.01)


@pytest.fixture
def begin(stand_in: Path, shelf: Path) -> Callable[..., Job]:
    """Submits a job that does what it is told."""

    def submit(what: str, name: str = "mine", owner: str = ANNA, limits: Limits = MANY) -> Job:
        return jobs.submit(shelf, name, [what], owner, limits)

    return submit


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
    return (shelf / "notes").read_text().splitlines()


# Names


@pytest.mark.parametrize(
    ("typed", "folder"),
    [
        ("../../x", "x"), ("/etc/passwd", "etc-passwd"), ("CON", "CON-1"), ("", "model"), ("  .. ", "model"), ("😀", "model"),
        ("한국어 모델", "한국어-모델"), ("한국어", "한국어"), ("mine@120", "mine-120"), ("-rf", "rf"),
        (".hidden", "hidden"), ("a\0b\nc", "a-b-c"), ("Été_2", "Été_2"), ("हिन्दी", "हिन्दी"), ("x" * 300, "x" * 60), ("<b>ㅋ</b>", "b-ㅋ-b"),
    ],
)  # fmt: skip
def test_a_typed_name_becomes_a_folder_name(typed: str, folder: str) -> None:
    assert safe(typed) == folder


@given(st.text(max_size=300))
def test_whatever_is_typed_the_name_is_one_good_folder_on_any_system(typed: str) -> None:
    name = safe(typed)
    assert Path(name).name == name == safe(name)
    assert 0 < len(f"{name}-99".encode()) <= 255
    assert not set(name) & set(' ./\\:*?"<>|@\0')
    assert name[0] not in "-."


def test_a_name_that_is_taken_gets_a_number(shelf: Path, begin: Callable[..., Job]) -> None:
    shelf.mkdir()
    (shelf / "mine").write_text("a file, not a run")
    (shelf / "mine-2").mkdir()
    assert begin("quick").name == "mine-3"
    assert begin("quick", "tatoeba en fr").name == "tatoeba-en-fr-2", "a shipped model would hide it"


# One job


def test_a_job_runs_in_processes_of_its_own_and_finishes(shelf: Path, begin: Callable[..., Job]) -> None:
    job = begin("wait", "Our first 모델")
    assert (job.name, job.folder, job.phase, job.place) == ("Our-first-모델", shelf / "Our-first-모델", "waiting", 1)
    assert ANNA not in (job.folder / "job.json").read_text()
    at_work(job)
    assert (now(job).phase, now(job).place) == ("running", 0)
    assert str(os.getpid()) not in {line.split()[3] for line in stats(job)}, (
        "nobody's child: the app need not wait for it"
    )
    (shelf / "go").touch()
    assert replace(ended(job), phase="waiting", place=1) == job
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


def resumed(job: Job, owner: str) -> Job:
    jobs.resume(job.folder.parent, job, owner, MANY)
    return now(job)


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


# Limits


def test_each_person_may_have_so_many_jobs(shelf: Path, begin: Callable[..., Job]) -> None:
    limits = Limits(per_person=1)
    job = begin("wait", limits=limits)
    with pytest.raises(JobError, match="You already have one training waiting or running"):
        begin("wait", limits=limits)
    other = begin("wait", owner=BORA, limits=limits)
    jobs.stop(other, BORA)
    ended(other)
    again = begin("wait", owner=BORA, limits=limits)
    with pytest.raises(JobError, match="You already have one"):
        jobs.resume(shelf, other, BORA, limits)
    jobs.resume(shelf, other, "", limits, teacher=True)
    assert {now(each).active for each in (job, other, again)} == {True}


@pytest.mark.parametrize(
    ("word", "allowed"), [("off", False), ("OFF ", False), ("0", False), ("of", False), ("on", True), ("", True)]
)
def test_training_can_be_switched_off(
    word: str, allowed: bool, shelf: Path, begin: Callable[..., Job], monkeypatch
) -> None:
    monkeypatch.setenv("ATLAS_TRAINING", word)
    limits = Limits.from_environment()
    assert limits.training == allowed
    if not allowed:
        with pytest.raises(JobError, match="Training is switched off on this server"):
            begin("wait", limits=limits)
        assert not shelf.exists()


def test_limits_come_from_the_environment(monkeypatch, caplog) -> None:
    assert Limits.from_environment() == Limits()
    for name, value in {"MINUTES": "2.5", "PARAMETERS": "3e6", "QUEUE": "7", "PER_PERSON": "3"}.items():
        monkeypatch.setenv(f"ATLAS_TRAINING_{name}", value)
    assert Limits.from_environment() == Limits(minutes=2.5, parameters=3_000_000, queue=7, per_person=3)
    monkeypatch.setenv("ATLAS_TRAINING_QUEUE", "0")
    assert not Limits.from_environment().training
    for nonsense in ("ten", "nan", "inf", "1h"):
        monkeypatch.setenv("ATLAS_TRAINING_QUEUE", nonsense)
        assert Limits.from_environment().queue == 12
        assert "ATLAS_TRAINING_QUEUE" in caplog.text


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("x --epochs 3", "x --epochs 3 --minutes 60"), ("x --minutes 5", "x --minutes 5"), ("--minutes 90 x", "x --minutes 60"),
        ("x --minutes=61.5 --seed 2", "x --seed 2 --minutes 60"), ("x --minutes 1e9 --minutes 0.5", "x --minutes 0.5"),
        ("x --minutes nan", "x --minutes 60"), ("x --minutes inf", "x --minutes 60"), ("x --minutes", "x --minutes 60"),
    ],
)  # fmt: skip
def test_the_minutes_of_a_job_are_bounded(asked: str, given: str) -> None:
    assert bounded(asked.split(), 60) == tuple(given.split())


def test_the_size_of_a_job_is_bounded(shelf: Path, begin: Callable[..., Job]) -> None:
    recipe = Recipe(corpus="x", epochs=1)
    assert {name: getattr(recipe, name.replace("-", "_")) for name in SIZES} == SIZES
    sizes = {"d_model": 26, "heads": 2, "encoder_layers": 5, "decoder_layers": 5, "d_ff": 17}
    asked = "x --vocabulary-size=311 --d-model 26 --heads 2 --layers 5 --d-ff 17".split()
    count = Transformer(Config(vocabulary_size=311, **sizes)).number_of_parameters
    assert parameters(asked, []) == count
    with pytest.raises(
        JobError, match=r"This model would have .* million parameters; at most 0.01 million are allowed"
    ):
        jobs.submit(shelf, "large", asked, ANNA, Limits(parameters=10_000))
    with pytest.raises(JobError, match="million parameters"):
        jobs.submit(shelf, "from", ["x", "--from", "tatoeba-en-fr@7"], ANNA, Limits(parameters=10_000))
    assert not shelf.exists()


# Rename, delete


def test_a_job_at_work_is_neither_renamed_nor_deleted(begin: Callable[..., Job]) -> None:
    running, waiting = begin("wait", "one"), begin("wait", "two")
    at_work(running)
    for job, phase in ((running, "running"), (waiting, "waiting")):
        with pytest.raises(JobError, match=f"“{job.name}” is still {phase}. Stop it first, then delete it."):
            jobs.delete(job, ANNA)
        with pytest.raises(JobError, match=f"“{job.name}” is still {phase}. Stop it first, then rename it."):
            jobs.rename(job, "x", ANNA)
    assert (now(running).phase, now(waiting).phase) == ("running", "waiting")


def test_a_finished_job_is_renamed_and_deleted(shelf: Path, begin: Callable[..., Job]) -> None:
    job, other = ended(begin("quick", "one")), ended(begin("quick", "two"))
    moved = jobs.rename(job, "../둘 two", ANNA)
    assert (moved.name, moved.folder, moved.phase) == ("둘-two", shelf / "둘-two", "finished")
    assert jobs.rename(moved, "two", ANNA).name == "two-2"
    assert (other.folder / "card.json").exists()
    with pytest.raises(JobError, match="There is no job “one” any more"):
        jobs.rename(job, "x", ANNA)
    jobs.delete(job, ANNA)  # gone already
    jobs.delete(other, "", teacher=True)
    assert [each.name for each in jobs.find(shelf)] == ["two-2"]
    assert {each.name for each in shelf.iterdir() if each.is_dir()} == {"two-2"}


def test_who_knew_an_earlier_job_of_that_name_has_no_right_to_the_new_one(begin: Callable[..., Job]) -> None:
    old = ended(begin("quick"))
    jobs.delete(old, ANNA)
    ended(begin("quick", owner=BORA))
    with pytest.raises(JobError, match="Only the person who started"):
        jobs.delete(old, ANNA)


# Strange files, full disks, read-only folders


def test_strange_files_on_the_shelf_are_passed_over(shelf: Path, begin: Callable[..., Job], tmp_path: Path) -> None:
    good = ended(begin("quick"))
    text = (good.folder / "job.json").read_text()
    fields = json.loads(text)
    strange = [b"", b"{", b"[]", b"3", b"\xff\x00", b"[" * 100_000, text.encode()[:-1], b" " * (3 << 20)]
    wrong = [
        {"submitted": "x"},
        {"submitted": float("nan")},
        {"phase": "dead"},
        {"phase": []},
        {"arguments": None},
        {"arguments": [3]},
    ]
    wrong += [{"owner": 3}, {"said": {}}, {"group": "1"}, {"more": 1}]
    strange += [json.dumps(fields | change).encode() for change in wrong]
    for number, content in enumerate(strange):
        (shelf / f"strange-{number}").mkdir()
        (shelf / f"strange-{number}" / "job.json").write_bytes(content)
    (shelf / "folder" / "job.json").mkdir(parents=True)
    (shelf / "pipe").mkdir()
    os.mkfifo(shelf / "pipe" / "job.json")
    (shelf / "loop").symlink_to(shelf)
    (shelf / "link").symlink_to(good.folder)
    (shelf / "lost").symlink_to(tmp_path / "nowhere")
    (shelf / "file").write_bytes(b"\x00")
    shutil.copytree(good.folder, shelf / ".hidden")
    assert jobs.find(shelf) == [good]
    assert ended(begin("quick", "next")).phase == "finished"
    assert jobs.find(tmp_path / "nowhere") == jobs.find(shelf / "file") == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "The disk is full."),
        (errno.EDQUOT, "The disk is full."),
        (errno.EROFS, "“runs”, cannot be changed: Read-only"),
    ],
)
@pytest.mark.parametrize("where", ["mkdir", "open", "write_bytes"])
def test_a_start_that_cannot_be_written_leaves_nothing(
    number: int, said: str, where: str, shelf: Path, begin: Callable[..., Job], monkeypatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    shelf.mkdir()
    monkeypatch.setattr(*((os, "open") if where == "open" else (Path, where)), refuse)
    with pytest.raises(JobError, match=said):
        begin("wait")
    assert [each.name for each in shelf.iterdir() if each.is_dir()] == []


def test_on_a_full_disk_the_record_is_written_over_the_old_one(begin: Callable[..., Job], monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    job = ended(begin("quick"))
    record = jobs_files.read(job.folder)
    assert record
    monkeypatch.setattr(Path, "write_bytes", full)
    for said in ("The disk is full. " * 5, "", "x"):
        jobs_files.write(job.folder, replace(record, said=said))
        assert jobs_files.read(job.folder) == replace(record, said=said)


# Real trainings


@pytest.fixture(scope="module")
def table(pairs: tuple[Pair, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of sixty pairs."""
    path = tmp_path_factory.mktemp("corpus") / "pairs.tsv"
    path.write_text("".join(f"{pair.source}\t{pair.target}\n" for pair in pairs[:60]), encoding="utf-8")
    return path


@pytest.fixture
def eager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real thing, but for its niceness: other tests at the same time would make it wait."""
    package = tmp_path / "eager" / "transformer"
    shutil.copytree(ROOT / "transformer", package, ignore=shutil.ignore_patterns("__pycache__"))
    file = package / "jobs" / "supervisor.py"
    file.write_text(file.read_text(encoding="utf-8").replace("NICENESS = 10", "NICENESS = 0"), encoding="utf-8")
    monkeypatch.setattr(jobs_starting, "ROOT", package.parent)
    return package.parent


def real(table: Path) -> list[str]:
    """The arguments of a small training that does not end by itself."""
    sizes = "--d-model 16 --layers 1 --heads 2 --d-ff 16 --vocabulary-size 400 --validation-pairs 1 --snapshots 3"
    return [str(table), *sizes.split(), "--epochs", "1000000"]


@pytest.mark.slow
def test_a_real_training_is_killed_before_its_first_file_and_in_the_middle_of_a_write(
    shelf: Path, table: Path, eager: Path, monkeypatch
) -> None:
    """What it kept can be used, and counts: after a resume its steps go on from there."""
    monkeypatch.setenv("ATLAS_SAVE_SECONDS", "0.01")
    job = jobs.submit(shelf, "mine", real(table), ANNA, Limits())
    until(lambda: any("train" in command.split("\0") for command in members(job).values()))
    shoot(job, "train")
    assert ended(job).said.startswith("It was killed by the system")
    assert not list(job.folder.glob("*.safetensors"))

    jobs.resume(shelf, job, ANNA, Limits())
    until(lambda: (job.folder / "state.safetensors").exists())
    until(lambda: any(job.folder.glob(".*.part")))
    shoot(job, "train")
    assert ended(job).phase == "failed"
    assert now(job).said.startswith("It was killed by the system")
    assert now(job).said.endswith("Its last snapshot can be used.")
    kept = checkpoint.load(job.folder).card["training"].get("steps", 0)

    jobs.resume(shelf, job, ANNA, Limits())
    until(lambda: not now(job).active or any(entry.step > kept + 5 for entry in history(job.folder)))
    jobs.stop(job, ANNA)
    assert ended(job).phase == "stopped", now(job)
    assert checkpoint.load(job.folder).card["training"]["steps"] > kept
    assert not list(job.folder.glob(".*.part"))


IN_A_SMALL_DISK = """
import sys, time, os
from pathlib import Path
from transformer import jobs
shelf, table = Path(sys.argv[1]), sys.argv[2]
ME, LIMITS = "me", jobs.Limits()

def told(act, *arguments):
    try:
        return act(*arguments)
    except jobs.JobError as error:
        print(error, flush=True)

def ended():
    while jobs.find(shelf)[0].active:
        time.sleep(0.05)
    return jobs.find(shelf)[0]

sizes = "--d-model 16 --layers 1 --heads 2 --d-ff 16 --vocabulary-size 400 --epochs 2".split()
job = jobs.submit(shelf, "mine", [table, *sizes], ME, LIMITS)
with open(shelf / "ballast", "wb", buffering=0) as file:  # before it writes its first file
    try:
        while True:
            file.write(bytes(4096))
    except OSError:
        pass
print(ended().phase, ended().said)
told(jobs.submit, shelf, "more", [table], ME, LIMITS)
(shelf / "ballast").unlink()
told(jobs.resume, shelf, job, ME, LIMITS)
told(jobs.stop, job, ME)
print(ended().phase)
while os.system(f"mount -o remount,ro {shelf} 2>/dev/null"):  # its last process is about to go
    time.sleep(0.05)
told(jobs.submit, shelf, "more", [table, *sizes], ME, LIMITS)
told(jobs.delete, ended(), ME)
told(jobs.rename, ended(), "x", ME)
print(len(jobs.find(shelf)))
"""


@pytest.mark.slow
def test_a_disk_that_is_really_full_and_one_that_is_really_read_only(shelf: Path, table: Path, eager: Path) -> None:
    """On a file system of 14 MB that nobody else can see, with a real training."""
    shelf.mkdir()
    small = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        'mount -t tmpfs -o size=14m none "$0" && exec "$@"',
        str(shelf),
    ]
    if not shutil.which("unshare") or subprocess.run([*small, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let its users mount a file system of their own")
    command = [*small, sys.executable, "-c", IN_A_SMALL_DISK, str(shelf), str(table)]
    done = subprocess.run(command, cwd=eager, capture_output=True, text=True, check=False, timeout=300)
    said = done.stdout.splitlines()
    assert said[0] == "failed The disk is full. Delete models that nobody needs, then resume.", done
    assert said[1].startswith("The disk is nearly full: 0 MB are free, and this training may take ")
    assert said[2] == "stopped"
    assert said[3:6] == ["The folder of the models, “runs”, cannot be changed: Read-only file system."] * 3
    assert said[6:] == ["1"]


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


def test_the_queue_needs_no_torch() -> None:
    """The process beside each training must be small."""
    script = "import sys; from transformer import jobs; from transformer.jobs import supervisor; print({'torch', 'numpy'} & {*sys.modules})"
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "set()\n"
