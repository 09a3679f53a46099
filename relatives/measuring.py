"""The table's layers on the clock: time and memory of one layer, forward and backward, by length n and width d, on one thread.

    python -m relatives.measuring --out FILE

writes a line of JSON with the machine, then one for each point as it comes. Milliseconds are the median of several runs after a first one
that does not count; memory is what autograd keeps for the backward pass. `read` takes such a file in, as far as it is sound.
"""

import argparse
import json
import math
import os
import platform
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import torch
from torch import Tensor, nn

from relatives.table_one import HEADS, KERNEL, KINDS, layer

RECORDED = Path(__file__).with_name("recorded") / "table_one.jsonl"  # made by the command above
LENGTHS = tuple(2**power for power in range(3, 12))  # 8 ... 2048
WIDTHS = (64, 32, 128, 256, 512)  # the first is what a page shows first
RUNS = 15  # of a point at most
SECONDS = 0.5  # for a point; the slowest ones take a little longer, because they run twice at least
DILATED = 1  # which layer of a dilated stack is timed: the second, whose filters are `KERNEL` apart
THREADS = 1
FIELDS = {"n": int, "d": int, "forward": float, "backward": float, "saved": int, "matrix": int, "runs": int}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One layer of a kind at one size, for one sequence."""

    kind: str
    n: int  # positions
    d: int  # numbers of a vector
    forward: float  # seconds
    backward: float  # seconds
    saved: int  # bytes that autograd keeps for the backward pass, without the weights
    matrix: int  # bytes of the n x n matrices of weights, of all heads; 0 where there are none
    runs: int  # whose median the seconds are

    @property
    def seconds(self) -> float:
        """Forward and backward."""
        return self.forward + self.backward


@dataclass(frozen=True, slots=True)
class Record:
    """What a file of measurements holds."""

    machine: dict[str, str]  # processor, threads, torch, date
    total: int  # points that the run had before it
    points: list[Point] = field(default_factory=list)
    spoilt: int = 0  # lines that are none of ours


def measure(kind: str, n: int, d: int, seconds: float = SECONDS) -> Point:
    """Run one layer forward and backward until `seconds` are over, twice at least and `RUNS` times at most."""
    one, x = layer(kind, d, DILATED), torch.randn(1, n, d, requires_grad=True)
    upstream = torch.randn(1, n, d)
    saved = kept(one, x)
    once(one, x, upstream)
    taken: list[tuple[float, float]] = []
    while len(taken) < 2 or (len(taken) < RUNS and sum(map(sum, taken)) < seconds):
        taken.append(once(one, x, upstream))
    forward, backward = (statistics.median(times) for times in zip(*taken, strict=True))
    matrix = HEADS * n * n * x.element_size() if kind == "attention" else 0
    return Point(kind=kind, n=n, d=d, forward=forward, backward=backward, saved=saved, matrix=matrix, runs=len(taken))


def once(one: nn.Module, x: Tensor, upstream: Tensor) -> tuple[float, float]:
    """Seconds of one forward pass, and of the backward pass from the gradient `upstream` of its output."""
    one.zero_grad(set_to_none=True)
    x.grad = None
    start = time.perf_counter()
    output = one(x)
    between = time.perf_counter()
    output.backward(upstream)
    return between - start, time.perf_counter() - between


def kept(one: nn.Module, x: Tensor) -> int:
    """The bytes that autograd keeps from the forward pass for the backward pass, each piece of memory counted once, weights left out."""
    weights = {weight.untyped_storage().data_ptr() for weight in one.parameters()}
    found: dict[int, int] = {}

    def pack(tensor: Tensor) -> Tensor:
        memory = tensor.untyped_storage()
        if memory.data_ptr() not in weights:
            found[memory.data_ptr()] = memory.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        _output = one(x)  # held, so that no memory is given to two tensors
    return sum(found.values())


def everything(lengths: Sequence[int] = LENGTHS, widths: Sequence[int] = WIDTHS) -> Iterator[Point]:
    """All points, short sequences of one width first, so that the curves grow."""
    torch.set_num_threads(THREADS)
    for d in widths:
        for n in lengths:
            for kind in KINDS:
                yield measure(kind, n, d)


def machine() -> dict[str, str]:
    """On what this runs."""
    return {
        "processor": processor(), "threads": str(THREADS), "torch": str(torch.__version__),
        "date": datetime.now().astimezone().date().isoformat(),
    }  # fmt: skip


def processor() -> str:
    """The processor by its name, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def read(file: Path) -> Record | None:
    """What a file holds; lines that are damaged are counted and passed over. `None` if there is no file, or no machine in its first line."""
    try:
        first, *lines = file.read_bytes().splitlines() or [b""]
    except OSError:
        return None
    head = parsed(first)
    named, total = head.get("machine"), head.get("total")
    if not isinstance(named, dict) or type(total) is not int:
        return None
    points = [point(parsed(line)) for line in lines]
    found = {(each.kind, each.n, each.d): each for each in points if each}
    told = {str(name): str(value) for name, value in named.items()}
    return Record(told, total, list(found.values()), sum(each is None for each in points))


def parsed(line: bytes) -> dict[str, object]:
    """The object of a line; empty if it is none."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def point(told: dict[str, object]) -> Point | None:
    """A point, if all its numbers are there and can be drawn."""
    numbers = {name: told.get(name) for name in FIELDS}
    sound = all(type(value) in (kind, int) for value, kind in zip(numbers.values(), FIELDS.values(), strict=True))
    if told.get("kind") not in KINDS or told.keys() != {"kind", *FIELDS} or not sound:
        return None
    found = Point(**told)  # type: ignore[arg-type]
    drawn = (found.forward, found.backward, found.saved, found.n, found.d)
    return found if all(0 < value < math.inf for value in drawn) and found.matrix >= 0 else None


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m relatives.measuring", description=__doc__)
    parser.add_argument("--out", type=Path, default=RECORDED, help="where the lines go")
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS, help="n: positions of the sequence")
    parser.add_argument("--widths", type=int, nargs="+", default=WIDTHS, help=f"d: multiples of {HEADS}, the heads")
    parser.add_argument(
        "--attended", action="store_true", help="stop, and leave nothing, once whoever started this is gone"
    )
    asked = parser.parse_args(arguments)
    if min(asked.lengths) < 1 or min(asked.widths) < 1 or any(d % HEADS for d in asked.widths):
        parser.error(f"--lengths must be positive, --widths positive multiples of {HEADS}")
    total = len(asked.lengths) * len(asked.widths) * len(KINDS)
    head = {"machine": machine(), "total": total, "heads": HEADS, "kernel": KERNEL}
    parent = os.getppid()
    with asked.out.open("w", encoding="utf-8") as file:
        print(json.dumps(head), file=file, flush=True)
        for found in everything(asked.lengths, asked.widths):
            print(json.dumps(asdict(found)), file=file, flush=True)
            if asked.attended and os.getppid() != parent:
                asked.out.unlink(missing_ok=True)
                break


if __name__ == "__main__":
    main()
