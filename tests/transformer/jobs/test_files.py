"""Strange files on the shelf are passed over, and what a disk refuses is told and leaves nothing behind."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.transformer.jobs.watching import ended
from transformer import jobs
from transformer.jobs import Job, JobError
from transformer.jobs import files as jobs_files


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
