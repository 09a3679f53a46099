"""A job's folder is named as a person typed it, safely, and never twice; it is renamed and deleted only when at rest."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transformer.jobs.watching import ANNA, BORA, at_work, ended, now
from transformer import jobs
from transformer.jobs import Job, JobError
from transformer.jobs.names import safe

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
