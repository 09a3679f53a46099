"""The app as a process of its own, on two cores, and how much memory it takes."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from types import TracebackType
from urllib.error import URLError
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped,import-not-found]

CORES = 2


class Server:
    """`with Server() as server:` the app answers at `server.address`. `started` is when its process was started."""

    def __init__(self) -> None:
        port = free_port()
        self.address = f"127.0.0.1:{port}"
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            "--server.port",
            str(port),
            "--server.headless",
            "true",
        ]
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115
        environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
        self.started = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT, env=environment)
        os.sched_setaffinity(self.process.pid, sorted(os.sched_getaffinity(0))[:CORES])

    def wait(self, seconds: float = 300) -> None:
        """Until it answers. Raises `RuntimeError` with what it said if it does not."""
        while time.perf_counter() < self.started + seconds and self.process.poll() is None:
            try:
                if urlopen(f"http://{self.address}/_stcore/health", timeout=1).status == 200:
                    return
            except (URLError, OSError):
                time.sleep(0.02)
        self.log.seek(0)
        raise RuntimeError(f"The app did not start: {self.log.read()[-2000:]}")

    def memory(self) -> float:
        """Resident memory in MiB, of the server and of what it started."""
        processes = [(server := psutil.Process(self.process.pid)), *server.children(recursive=True)]
        return float(sum(process.memory_info().rss for process in processes)) / 2**20

    def __enter__(self) -> "Server":
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
