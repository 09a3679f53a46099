"""Which build of PyTorch is installed: never CUDA where there is no GPU, unless there is nothing else to be had."""

import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tools import install

FILE = Path("requirements.txt")


class Pip:
    """Writes down what it is asked for; an index answers, or it does not."""

    def __init__(self, answers: bool) -> None:
        self.answers, self.asked = answers, []

    def __call__(self, command: list[str]) -> Any:
        assert command[1:4] == ["-m", "pip", "install"]
        self.asked.append(command[4:])
        failed = "--index-url" in command and not self.answers
        return subprocess.CompletedProcess(command, int(failed))


def installing(
    patch: pytest.MonkeyPatch, answers: bool = True, system: str = "Linux", gpu: str | None = None, there: bool = False
) -> Pip:
    """What pip is asked for on such a machine."""
    pip = Pip(answers)
    patch.setattr(install, "subprocess", SimpleNamespace(run=pip, CompletedProcess=subprocess.CompletedProcess))
    patch.setattr(install.platform, "system", lambda: system)
    patch.setattr(shutil, "which", lambda name: gpu if name == "nvidia-smi" else None)
    patch.setattr(install, "installed", lambda _: there)
    install.main(FILE)
    return pip


def test_without_a_gpu_the_build_for_the_cpu_comes_from_pytorch_s_own_index(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, rest = installing(monkeypatch).asked
    assert first[-1] == f"torch=={install.pinned()}"
    assert first[first.index("--index-url") + 1] == install.CPU
    assert int(first[first.index("--timeout") + 1]) * (1 + int(first[first.index("--retries") + 1])) <= 10, "seconds"
    assert rest == ["--quiet", "--requirement", str(FILE)]
    assert "CPU" in capsys.readouterr().out


def test_where_that_does_not_answer_the_plain_build_is_taken_and_its_size_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert installing(monkeypatch, answers=False).asked[-1] == ["--quiet", "--requirement", str(FILE)]
    assert "2.9 GB" in capsys.readouterr().out


@pytest.mark.parametrize("machine", [{"gpu": "/usr/bin/nvidia-smi"}, {"system": "Darwin"}, {"there": True}], ids=str)
def test_the_plain_build_where_it_is_right_or_nothing_where_it_is_there(
    monkeypatch: pytest.MonkeyPatch, machine: dict[str, Any]
) -> None:
    assert installing(monkeypatch, **machine).asked == [["--quiet", "--requirement", str(FILE)]]


def test_the_installed_build_counts_whatever_it_is_called() -> None:
    assert install.installed(install.pinned())
    assert not install.installed("0.0.1")


def test_every_environment_of_the_makefile_is_made_so() -> None:
    makefile = (install.ROOT / "Makefile").read_text()
    assert makefile.count("tools/install.py requirements") == 3
    assert "pip install" not in makefile
