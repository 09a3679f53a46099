"""The app on two cores, and how much memory it takes."""

import os

import psutil  # type: ignore[import-untyped,import-not-found]

from tools import server

CORES = 2


class Server(server.Server):
    """The app as `tools.server` starts it, on the first two cores."""

    def __init__(self, **environment: str) -> None:
        super().__init__(server.ROOT, (), 0, **environment)
        os.sched_setaffinity(self.process.pid, sorted(os.sched_getaffinity(0))[:CORES])

    def memory(self) -> float:
        """Resident memory in MiB, of the server and of what it started."""
        processes = [(top := psutil.Process(self.process.pid)), *top.children(recursive=True)]
        return float(sum(process.memory_info().rss for process in processes)) / 2**20
