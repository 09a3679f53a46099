"""The price of the trace: our `forward`, which hands out every tensor, next to `nn.Transformer`, which hands out the last one."""

import ctypes
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contestant import take_turns
from benchmarks.report import Row

CASES = {  # what is run, with how many threads
    "one sentence, evaluating": ("sentence", False, 1),
    "a batch of 3000 pieces, evaluating": ("batch", False, 2),
    "a batch of 3000 pieces, training forward and backward": ("batch", True, 2),
}
Measured = dict[str, float]
NOTE = (
    "float32, same batch, default allocator for both. Memory: how far the process grows above its size before the pass, all "
    "tensors of the trace held. When evaluating, nn.Transformer takes its fused encoder path."
)


def measure(quick: bool) -> list[Row]:
    """Time and memory for each of the cases. There is no bound: the price is to be known."""
    rows = []
    for name, (what, training, threads) in CASES.items():
        options = {
            "what": what,
            "training": training,
            "threads": threads,
            "repeats": 20 if what == "sentence" and not quick else 1,
        }
        contestants: dict[str, tuple[str, dict[str, Any]]] = {
            who: (f"benchmarks.trace:{who}", options) for who in ("ours", "peer")
        }  # fmt: skip
        samples = take_turns(contestants, rounds=1 if quick else 9)
        rows += [row(name, "milliseconds", "ms", samples), row(name, "mebibytes", "MiB", samples)]
    return rows


def row(name: str, what: str, unit: str, samples: dict[str, list[Measured]]) -> Row:
    """One of the measurements of a case, ours next to nn.Transformer's."""
    ours, peer = ([turn[what] for turn in samples[who]] for who in ("ours", "peer"))
    label = "time" if unit == "ms" else "memory"
    return Row(name=f"forward with its trace, {name}: {label}, nn.Transformer", ours=median(ours), peer=median(peer), unit=unit,
               note=NOTE, samples={"ours": ours, "peer": peer})  # fmt: skip


def ours(**options: Any) -> Callable[[], Measured]:
    """Our model; the result of a pass is its whole trace."""
    from benchmarks import models

    return timed(models.ours(), lambda trace: trace.logits, **options)


def peer(**options: Any) -> Callable[[], Measured]:
    """`nn.Transformer`; the result of a pass is its logits."""
    from benchmarks import models

    return timed(models.TorchTransformer(), lambda logits: logits, **options)


def timed(
    model: Any, logits: Callable[[Any], Any], what: str, training: bool, threads: int, repeats: int
) -> Callable[[], Measured]:
    """A round: the time of one pass (the mean of `repeats`), then one more whose memory is watched."""
    import torch

    from benchmarks import models

    torch.set_num_threads(threads)
    model.train(training)
    batch = models.batches(4)[0]
    source, target = (batch.source, batch.target) if what == "batch" else (batch.source[:1], batch.target[:1])

    def forward() -> None:
        with torch.inference_mode(not training):
            result = model(source, target)
            if training:
                logits(result).sum().backward()
        model.zero_grad()

    def play() -> Measured:
        start = time.perf_counter()
        for _ in range(repeats):
            forward()
        seconds = (time.perf_counter() - start) / repeats
        return {"milliseconds": 1000 * seconds, "mebibytes": peak(forward) / 2**20}

    return play


def peak(work: Callable[[], None]) -> int:
    """By how many bytes this process grows while it works, beyond what it holds before. Linux counts the highest mark."""
    ctypes.CDLL("libc.so.6").malloc_trim(0)  # give back what earlier work left
    before = status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest mark so far
    work()
    return status("VmHWM") - before


def status(name: str) -> int:
    """A line of /proc/self/status, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(name)).split()[1])
