"""Install the requirements of a file: `python tools/install.py requirements.txt`, with the Python of the environment they are for.

PyTorch comes first, in the build that the machine can use. On Linux the plain build brings CUDA along; where there is no NVIDIA
GPU, the build for the CPU is taken from PyTorch's own index, and the plain one only if that cannot be reached.
"""

import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CPU = "https://download.pytorch.org/whl/cpu"
PATIENCE = ("--timeout", "5", "--retries", "1")  # seconds, and tries after the first


def main(file: Path, index: str = CPU) -> None:
    """Install them. Raises `subprocess.CalledProcessError` if pip cannot."""
    torch = pinned()
    if not installed(torch) and small_build():
        print(f"PyTorch: the build for the CPU (a fifth of a gigabyte to load), from {index}", flush=True)
        if pip("--no-deps", "--index-url", index, *PATIENCE, f"torch=={torch}").returncode:
            print(
                "PyTorch's own index does not answer, or has no such build: the plain build instead. Where that is the one with CUDA, "
                "2.9 GB are loaded, 5.4 GB installed.", flush=True,
            )  # fmt: skip
    pip("--requirement", str(file)).check_returncode()


def pinned() -> str:
    """The version of PyTorch that the app needs."""
    return re.findall(r"^torch==(\S+)$", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)[0]


def installed(torch: str) -> bool:
    """Whether that version is there already, in whatever build."""
    try:
        return version("torch").partition("+")[0] == torch
    except PackageNotFoundError:
        return False


def small_build() -> bool:
    """Whether the plain build would bring what this machine cannot use."""
    return platform.system() == "Linux" and not shutil.which("nvidia-smi")


def pip(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """`pip install`."""
    return subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *arguments])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
