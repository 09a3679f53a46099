"""The app as a process of its own, for tests in a browser and for benchmarks."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent


class Server:
    """`with Server() as server:` the app answers at `server.address`. `started` is when its process was started.

    `folder` is the checkout; `before` stands before the command, such as `nice`; `port` is any that is free; keywords are more of its
    environment, such as `ATLAS_RUNS`.
    """

    def __init__(self, folder: Path = ROOT, before: tuple[str, ...] = (), port: int = 0, **environment: str) -> None:
        port = port or free_port()
        self.address = f"127.0.0.1:{port}"
        app = [*before, sys.executable, "-m", "streamlit", "run", "app.py"]
        command = [*app, "--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true"]
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command, cwd=folder, stdout=self.log, stderr=subprocess.STDOUT,
            env={**os.environ, "CUDA_VISIBLE_DEVICES": "", **environment},
        )  # fmt: skip

    def wait(self, seconds: float = 300) -> None:
        """Until it answers. Raises `RuntimeError` with what it said if it does not."""
        while time.perf_counter() < self.started + seconds and self.process.poll() is None:
            try:
                if urlopen(f"http://{self.address}/_stcore/health", timeout=1).status == 200:
                    return
            except (URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError(f"The app did not start: {self.said()[-2000:]}")

    def said(self) -> str:
        """What it has written so far."""
        self.log.seek(0)
        return self.log.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
