"""Real trainings, killed in the middle of a write, on a disk that is full and on one that is read-only."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.transformer.jobs.watching import ANNA, ended, members, now, shoot, until
from transformer import checkpoint, jobs
from transformer.jobs import Limits
from transformer.jobs import starting as jobs_starting
from transformer.training.history import read as history


@pytest.fixture
def eager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real thing, but for its niceness: other tests at the same time would make it wait."""
    package = tmp_path / "eager" / "transformer"
    for name in ("transformer", "relatives", "systems"):  # the kinds of model are looked up in the others
        shutil.copytree(ROOT / name, package.parent / name, ignore=shutil.ignore_patterns("__pycache__"))
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
