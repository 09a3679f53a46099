"""The commands that README shows: each is understood as it stands, and those that need no hour and no network are run."""

import re
import shlex
import subprocess
import sys

import pytest

from tests import ROOT
from transformer import checkpoint
from transformer.commands import parser

LINES = re.findall(r"^    python -m transformer (.*)$", (ROOT / "README.md").read_text("utf-8"), flags=re.MULTILINE)


def words(line: str) -> list[str]:
    """The arguments of a line, and what stands behind the sign of a comment."""
    return shlex.split(line.partition(" < ")[0], comments=True)


@pytest.mark.parametrize("line", LINES)
def test_every_command_is_understood(line: str) -> None:
    args = parser().parse_args(words(line))
    name = getattr(args, "checkpoint", None) or getattr(args, "base", None)
    if name:
        folder, moment = checkpoint.parted(name)
        assert str(folder) in checkpoint.available()
        assert moment is None or moment in checkpoint.moments(checkpoint.folder_of(folder))


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("translate") and "# Je" in line])
def test_a_translation_is_what_the_comment_says(line: str) -> None:
    command = [sys.executable, "-m", "transformer", *words(line)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == line.partition("# ")[2].strip()


def test_a_snapshot_that_is_not_there_is_answered_with_the_nearest() -> None:
    command = [sys.executable, "-m", "transformer", "translate", "I see him.", "--checkpoint", "grammar-en-fr@548"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "grammar-en-fr@482 and grammar-en-fr@597" in ended.stderr
