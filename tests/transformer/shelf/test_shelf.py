"""Who may rename and delete which model, and that doing so leaves everything else as it was."""

import os
import time
from pathlib import Path

import pytest

from tests.small_models import small_checkpoint
from transformer import checkpoint, jobs
from transformer.jobs import files as jobs_files
from transformer.jobs.files import Record
from transformer.shelf import archive, ownership
from transformer.shelf.ownership import ShelfError
from transformer.tokenizer import Tokenizer

MINE, OTHERS = "a" * 40, "b" * 40


@pytest.fixture
def runs(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shipped model, and on the shelf one of a terminal, one uploaded and one of a training job, both mine."""
    monkeypatch.setattr(checkpoint, "FOLDERS", (tmp_path / "pretrained", tmp_path / "runs"))
    monkeypatch.setattr(jobs, "PRETRAINED", tmp_path / "pretrained")
    small_checkpoint(tmp_path / "pretrained" / "shipped", tokenizer)
    runs = tmp_path / "runs"
    for name in ("terminal", "uploaded", "job"):
        small_checkpoint(runs / name, tokenizer)
    (runs / "uploaded" / archive.OWNER).write_text(f'{{"owner": "{archive.digest(MINE)}"}}')
    record = Record(owner=archive.digest(MINE), arguments=("grammar-en-fr",), submitted=1.0, phase="finished")
    jobs_files.write(runs / "job", record)
    return runs


def everything(runs: Path) -> dict[str, bytes]:
    """All files there are, with what they hold, but for the queue's own lock."""
    top = runs.parent
    files = (path for path in sorted(top.rglob("*")) if path.is_file() and path.name != ".jobs.lock")
    return {str(path.relative_to(top)): path.read_bytes() for path in files}


# (folder, token, teacher, here) -> allowed
RIGHTS = [
    ("uploaded", MINE, False, False, True), ("uploaded", OTHERS, False, False, False), ("uploaded", "", False, False, False),
    ("uploaded", OTHERS, True, False, True), ("uploaded", OTHERS, False, True, False), ("uploaded", "", True, False, True),
    ("job", MINE, False, False, True), ("job", OTHERS, False, False, False), ("job", OTHERS, False, True, False),
    ("job", "", False, True, False), ("job", "", True, False, True),
    ("terminal", MINE, False, False, False), ("terminal", "", False, True, True), ("terminal", "", True, False, True),
]  # fmt: skip


@pytest.mark.parametrize(("name", "token", "teacher", "here", "allowed"), RIGHTS)
def test_only_who_may_can_rename_and_delete(
    runs: Path, name: str, token: str, teacher: bool, here: bool, allowed: bool
) -> None:
    who, before = (token, teacher, here), everything(runs)
    assert ownership.may(runs / name, *who) is allowed
    if not allowed:
        for act in (lambda: ownership.rename(runs / name, "new", *who), lambda: ownership.delete(runs / name, *who)):
            with pytest.raises(ShelfError, match="Only the person who"):
                act()
        assert everything(runs) == before
        return
    new = ownership.rename(runs / name, "new", *who)
    assert new == runs / "new"
    assert list(checkpoint.available()) == ["shipped", *sorted({"job", "terminal", "uploaded", "new"} - {name})]
    assert checkpoint.load("new").name == "new"
    assert ownership.may(new, *who)
    ownership.delete(new, *who)
    assert everything(runs) == {path: held for path, held in before.items() if not path.startswith(f"runs/{name}/")}
    assert not [path for path in runs.iterdir() if path.name.startswith(".") and path.is_dir()]


@pytest.mark.parametrize("teacher", [True, False])
def test_nobody_changes_a_shipped_model(runs: Path, teacher: bool) -> None:
    folder, before = runs.parent / "pretrained" / "shipped", everything(runs)
    assert ownership.is_shipped(folder)
    assert not ownership.may(folder, MINE, teacher, True)
    for act in (
        lambda: ownership.rename(folder, "new", MINE, teacher, True),
        lambda: ownership.delete(folder, MINE, teacher, True),
    ):
        with pytest.raises(ShelfError, match="stays as it is"):
            act()
    assert everything(runs) == before


@pytest.mark.parametrize("name", ["uploaded", "job", "terminal"])
def test_a_name_that_is_taken_gets_a_number_and_an_unsafe_one_is_made_safe(runs: Path, name: str) -> None:
    folder = runs / name
    for asked, given in (
        ("shipped", "shipped-2"), ("../../etc", "etc"), ("우리 반 <b>", "우리-반-b"), ("mine@120", "mine-120"), ("\x00/.", "model"),
        ("x" * 300, "x" * 60), ("e\u0301te\u0301", "\u00e9t\u00e9"),
    ):  # fmt: skip
        folder = ownership.rename(folder, asked, MINE, True, True)
        assert folder == runs / given
        assert checkpoint.load(given).name == given
    other = {"uploaded": "job", "job": "terminal", "terminal": "uploaded"}[name]
    assert ownership.rename(folder, other, MINE, True, True) == runs / f"{other}-2"
    assert len(checkpoint.available()) == 4


def test_the_same_name_and_no_name_change_nothing(runs: Path) -> None:
    before = everything(runs)
    assert ownership.rename(runs / "uploaded", "uploaded", MINE, False, False) == runs / "uploaded"
    for name in ("", "   "):
        with pytest.raises(ShelfError, match="Type a name first"):
            ownership.rename(runs / "uploaded", name, MINE, False, False)
    assert everything(runs) == before


@pytest.mark.parametrize("name", ["uploaded", "job", "terminal"])
def test_two_who_delete_at_once(runs: Path, name: str) -> None:
    """The second is told that it is gone, or nothing happens."""
    ownership.delete(runs / name, MINE, True, True)
    with pytest.raises(ShelfError, match=f"no model “{name}” any more"):
        ownership.delete(runs / name, MINE, True, True)
    with pytest.raises(ShelfError, match=f"no model “{name}” any more"):
        ownership.rename(runs / name, "new", MINE, True, True)


def test_a_training_in_a_terminal_is_left_alone(runs: Path) -> None:
    log = runs / "terminal" / "history.jsonl"
    log.write_text("{}\n")
    for act in (
        lambda: ownership.rename(runs / "terminal", "new", "", False, True),
        lambda: ownership.delete(runs / "terminal", "", False, True),
    ):
        with pytest.raises(ShelfError, match="seems to be in training"):
            act()
    os.utime(log, (time.time() - 60,) * 2)
    ownership.delete(runs / "terminal", "", False, True)
    assert not (runs / "terminal").exists()


def test_a_training_of_the_queue_is_left_alone(runs: Path) -> None:
    record = Record(owner=archive.digest(MINE), arguments=("grammar-en-fr",), submitted=1.0, phase="running")
    jobs_files.write(runs / "job", record)
    held = jobs_files.lock(runs / "job")
    try:
        for act in (
            lambda: ownership.rename(runs / "job", "new", MINE, False, False),
            lambda: ownership.delete(runs / "job", MINE, False, False),
        ):
            with pytest.raises(ShelfError, match=r"still running\. Stop it first"):
                act()
    finally:
        os.close(held)
    assert checkpoint.load("job").name == "job"


@pytest.mark.parametrize("name", ["uploaded", "job", "terminal"])
def test_what_the_disk_refuses_is_one_sentence_without_a_path(
    runs: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(runs))

    before = everything(runs)
    monkeypatch.setattr(ownership.os, "rename", refused)
    monkeypatch.setattr(Path, "rename", refused)
    for act in (
        lambda: ownership.rename(runs / name, "new", MINE, True, True),
        lambda: ownership.delete(runs / name, MINE, True, True),
    ):
        with pytest.raises(ShelfError, match="Permission denied") as refusal:
            act()
        assert str(runs) not in str(refusal.value)
    left = everything(runs)
    assert {path: left[path] for path in before if path in left} == {
        path: before[path] for path in before if path in left
    }
    assert {path.name for path in runs.iterdir() if path.is_dir()} == {"uploaded", "job", "terminal"}


def test_an_owner_that_is_nonsense_is_nobody(runs: Path) -> None:
    file = runs / "uploaded" / archive.OWNER
    for nonsense in ("", "[1", "7", "null", '{"owner": null}', "\xff"):
        file.write_text(nonsense, encoding="latin-1")
        assert archive.owner(runs / "uploaded") == ""
        assert not ownership.may(runs / "uploaded", MINE, False, False)
        assert ownership.may(runs / "uploaded", MINE, True, False)


def test_the_owner_is_written_as_jobs_write_it(runs: Path) -> None:
    assert jobs.find(runs)[0].owner == archive.digest(MINE)
    assert MINE not in (runs / "uploaded" / archive.OWNER).read_text()
