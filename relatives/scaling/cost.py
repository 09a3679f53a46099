"""What the three score functions cost on this machine: seconds, and the memory that they need at most.

Section 3.2.1 of arXiv 1706.03762: additive attention and the dot product are alike in theory, but the dot product "is much faster and
more space-efficient in practice, since it can be implemented using highly optimized matrix multiplication code". The additive score
needs a row of tanh for each pair of positions, heads x n x n x d_k numbers in memory, before v sums them up.
"""

import math
import platform
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

HEADS, D_K = 8, 64  # of the paper's base model
LENGTHS = (8, 16, 32, 64, 128, 256)  # n, queries and keys
ENOUGH, MOST = 0.12, 25  # seconds, and times, that one is repeated

Score = Callable[[Tensor, Tensor, Tensor], Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One function at one length."""

    function: str
    n: int
    seconds: float  # the median of its repetitions
    bytes: int  # the most that was held at a time, beside queries, keys and v


def additive(queries: Tensor, keys: Tensor, v: Tensor) -> Tensor:
    """v . tanh(q + k) of `queries`, `keys (head, position, d_k)`, `v (d_k)`: `(head, query, key)`. Bahdanau et al. 2015, arXiv 1409.0473."""
    return (queries[:, :, None] + keys[:, None]).tanh() @ v


def dot(queries: Tensor, keys: Tensor, _v: Tensor) -> Tensor:
    """q . k: one product of two matrices. Luong et al. 2015, arXiv 1508.04025, section 3.1."""
    return queries @ keys.mT


def scaled(queries: Tensor, keys: Tensor, _v: Tensor) -> Tensor:
    """q . k / sqrt(d_k). arXiv 1706.03762, section 3.2.1, Eq. 1."""
    return queries @ keys.mT / math.sqrt(queries.size(-1))


FUNCTIONS: Mapping[str, Score] = {"additive": additive, "dot": dot, "scaled": scaled}


class Ledger(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the bytes of the tensors that operations make, while they are alive: `most` is the largest sum."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.now = self.most = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run an operation; what it made anew, not a view of what was there, is on the account until it is let go."""
        given = {each.untyped_storage().data_ptr() for each in tree_leaves((args, kwargs)) if isinstance(each, Tensor)}
        made = func(*args, **(kwargs or {}))
        for each in tree_leaves(made):
            if isinstance(each, Tensor) and each.untyped_storage().data_ptr() not in given:
                size = each.untyped_storage().nbytes()
                self.now += size
                self.most = max(self.most, self.now)
                weakref.finalize(each, self.gone, size)
        return made

    def gone(self, size: int) -> None:
        """A tensor was let go."""
        self.now -= size


def inputs(n: int) -> tuple[Tensor, Tensor, Tensor]:
    """Queries and keys `(head, position, d_k)`, and v `(d_k)`."""
    lots = torch.Generator().manual_seed(1)
    return (
        torch.randn(HEADS, n, D_K, generator=lots),
        torch.randn(HEADS, n, D_K, generator=lots),
        torch.randn(D_K, generator=lots),
    )


def cost(function: str, n: int) -> Cost:
    """Measure a function of `FUNCTIONS` on one sentence of `n` positions, forward alone."""
    score, given = FUNCTIONS[function], inputs(n)
    with torch.inference_mode():
        with Ledger() as ledger:
            score(*given)
        score(*given)  # the first without the ledger is slower
        times: list[float] = []
        while len(times) < 3 or (sum(times) < ENOUGH and len(times) < MOST):
            began = time.perf_counter()
            score(*given)
            times.append(time.perf_counter() - began)
    return Cost(function=function, n=n, seconds=median(times), bytes=ledger.most)


def jobs() -> list[tuple[str, int]]:
    """All that there is to measure, the short ones first."""
    return [(function, n) for n in LENGTHS for function in FUNCTIONS]


def machine() -> str:
    """The machine in a few words: its processor, as far as it says so, and how many threads torch uses."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{name}, {torch.get_num_threads()} thread(s), torch {torch.__version__}"
