"""The real queue around a stand-in for `python -m transformer train`, which does at once what the test wants."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import ROOT
from tests.transformer.jobs.watching import ANNA, MANY
from transformer import jobs
from transformer.jobs import Job, Limits
from transformer.jobs import files as jobs_files
from transformer.jobs import starting as jobs_starting

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
