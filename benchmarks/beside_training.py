"""What a learner waits for while a training job runs: the clicks of `benchmarks.screen` without a job, and then with one."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.report import Row
from benchmarks.screen import WAITS, Wait, answered, browser
from benchmarks.server import Server
from transformer import jobs
from transformer.training import history

NAMES = ("another head, 8 maps", "another head, lines", "a cell's arithmetic, one head", "a new sentence")
MOST = 2.0  # times the wait without a job
JOB = "grammar-en-fr --minutes 30 --vocabulary-size 2400 --d-model 128 --layers 2 --heads 4 --d-ff 256 --batch-tokens 1500"
NOTE = (
    "The server, the browser and the job share the machine's cores; the job was started as the app starts it: niced, one thread "
    "less than cores. Median of 20; the bound is twice the wait of the same click before the job began."
)


def measure(quick: bool) -> list[Row]:
    """Wait, start a job, wait again."""
    times = 4 if quick else 20
    waits = [wait for wait in WAITS if wait.name in NAMES]
    with tempfile.TemporaryDirectory() as shelf, browser() as chromium, Server(ATLAS_RUNS=shelf) as server:
        server.wait()
        alone = [answered(chromium, server, wait, times) for wait in waits]
        with training(Path(shelf)):
            beside = [answered(chromium, server, wait, times) for wait in waits]
    return [row(wait, *both) for wait, *both in zip(waits, alone, beside, strict=True)]


def row(wait: Wait, alone: list[float], beside: list[float]) -> Row:
    """The wait beside a job, and how it compares."""
    bound, middle = MOST * median(alone), median(beside)
    return Row(
        name=f"painted beside a training job: {wait.name}", ours=middle, unit="ms",
        samples={"ours": beside, "without a job": alone}, bound=f"at most {bound:.0f} ms ({MOST:g} x {median(alone):.0f})",
        met=middle <= bound, note=NOTE,
    )  # fmt: skip


@contextmanager
def training(shelf: Path) -> Iterator[None]:
    """A job of the queue that is in the middle of its work."""
    job = jobs.submit(shelf, "bench", JOB.split(), "bench", jobs.Limits())
    until = time.monotonic() + 120
    while not (entries := history.read(job.folder)) or entries[-1].step < 20:
        if time.monotonic() > until:
            raise RuntimeError(
                f"The job did not begin: {(job.folder / 'job.log').read_text('utf-8', 'replace')[-500:]}"
            )
        time.sleep(0.2)
    try:
        yield
    finally:
        jobs.stop(job, "bench")
