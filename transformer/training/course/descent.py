"""Training step by step, whatever learns: `descend(...)` yields `Progress` after each step of Adam; the caller shows it.

One process or many (Lightning Fabric divides the work), a processor or a GPU. All that is needed to go on is saved
every `SAVE_SECONDS` to one file that is replaced as a whole, so a run that is killed loses less than a minute.
"""

import ctypes
import math
import os
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from transformer.training.course.state import Position, load_state, save_state
from transformer.training.recipe import Schedule

BF16_GAINS = 192  # d_model from which products in bf16 save more than converting to it and back costs
CLIP = 1.0  # the norm that the gradient of all parameters together may have; a longer one is made as short
SAVE_SECONDS = float(os.environ.get("ATLAS_SAVE_SECONDS", 45))


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands after a step. `epoch_ended` is True once per epoch, after its last step."""

    position: Position
    share: float  # of the whole run, 0 to 1
    loss: float  # label-smoothed cross-entropy per piece, in nats
    gradient_norm: float  # before it is clipped
    sizes: Mapping[str, Tensor]  # of which it is made: the norm of the gradient of each parameter that has one, by name
    learning_rate: float
    tokens: int  # pieces of this step, over all processes
    epoch_ended: bool
    due: bool  # the state will be saved next: what belongs to it is to be kept now
    snapshot: bool  # the weights of this moment are to be kept


@dataclass(frozen=True, slots=True)
class Work:
    """What one step reads."""

    epoch: int  # counted from 0
    number: int  # of this batch in its epoch
    count: int  # of the batches in its epoch
    tensors: Sequence[Tensor | None]  # what the module that computes the loss is given
    tokens: int  # pieces or examples in it, in this process


def make_fabric(processes: int = 1, d_model: int = BF16_GAINS) -> Fabric:
    """The machinery under a run: bf16 where a model of that width gains from it, data-parallel for several processes."""
    precision = "bf16-mixed" if d_model >= BF16_GAINS and multiplies_bf16() else "32-true"
    accelerator = "cuda" if torch.cuda.is_available() else "cpu"
    keep_freed_memory()
    fabric = Fabric(
        accelerator=accelerator, devices=processes, strategy="ddp" if processes > 1 else "auto", precision=precision
    )
    fabric.launch()  # joins the other processes that torchrun started; nothing to do for one
    return fabric


def multiplies_bf16() -> bool:
    """Whether this machine multiplies matrices in bf16 (AMX, a GPU). Products of vectors alone (AVX-512) take longer than fp32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_amx_tile_supported())


def keep_freed_memory() -> None:
    """Ask glibc not to hand freed blocks back: the next step wants them again (6,100 -> 9,500 tokens/s on two cores)."""
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return  # another C library: nothing to ask
    mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
    mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD


def give_memory_back() -> None:
    """Hand back what glibc keeps after all, now and then: batches of ever new shapes leave holes that nothing fits into."""
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):
        return


def descend(
    module: nn.Module, model: nn.Module, schedule: Schedule, work: Callable[[Position], Iterator[Work]], state: Path, fabric: Fabric,
    begin: Callable[[], object] = lambda: None,
) -> Generator[Progress]:  # fmt: skip
    """Lower what `module` computes by changing `model` in place, from the position saved in `state` if there is one, to the end.

    Yields after every step, and saves now and then when it is asked for the next. Closing the generator saves first, so that nothing
    is lost. `begin` is called before the first step. Raises what `work` raises if there is nothing to learn from.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=schedule.peak_rate, betas=(0.9, 0.98), eps=1e-9, fused=True)
    position = load_state(state, model, optimizer) if state.exists() else Position()
    module, optimizer = fabric.setup(module, optimizer)
    clock = Clock(position.seconds, fabric)
    saved_at, following = clock.seconds(), work(position)
    first = next(following)  # raises if there is nothing to learn from
    begin()
    try:
        for each in chain([first], following):
            if (before := schedule.share_done(position.seconds, each.epoch + each.number / each.count)) >= 1:
                break  # a finished run that was resumed
            rate = schedule.learning_rate(position.step + 1, before)
            draw = position.step * fabric.world_size + fabric.global_rank
            torch.manual_seed((schedule.seed << 32) + draw)  # of dropout
            loss, norm, sizes = step(module, model, optimizer, each.tensors, rate, fabric)
            position = Position(each.epoch, each.number + 1, position.step + 1, clock.seconds())
            share = schedule.share_done(position.seconds, each.epoch + (each.number + 1) / each.count)
            snapshot = schedule.snapshot_due(before, share)
            due = snapshot or position.seconds - saved_at > SAVE_SECONDS
            tokens, ended = each.tokens * fabric.world_size, each.number + 1 == each.count
            yield Progress(position, share, loss, norm, sizes, rate, tokens, ended, due, snapshot)
            if share >= 1:
                break
            if due:  # last: a run that ends while a snapshot is written goes on from before it, and writes it again
                _save(state, model, optimizer, position, fabric)
                saved_at = position.seconds
    finally:
        _save(state, model, optimizer, position, fabric)


def step(
    module: nn.Module,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    tensors: Sequence[Tensor | None],
    rate: float,
    fabric: Fabric,
) -> tuple[float, float, dict[str, Tensor]]:
    """One step of Adam; the loss, the norm of the gradient before it was clipped, and that of each parameter, of which it is made."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    module.train()
    loss = module(*(each if each is None else each.to(fabric.device) for each in tensors))
    fabric.backward(loss)
    gradients = {name: each.grad for name, each in model.named_parameters() if each.grad is not None}
    sizes = dict(zip(gradients, torch._foreach_norm(list(gradients.values())), strict=True))
    norm = torch.linalg.vector_norm(torch.stack(list(sizes.values())))
    torch.nn.utils.clip_grads_with_norm_(model.parameters(), CLIP, norm)
    optimizer.step()
    optimizer.zero_grad()
    return float(loss.detach()), float(norm), sizes


def _save(state: Path, model: nn.Module, optimizer: torch.optim.Optimizer, position: Position, fabric: Fabric) -> None:
    """Write down where the run stands, from the first process; a moment to hand memory back as well."""
    give_memory_back()
    if fabric.is_global_zero:
        save_state(state, model, optimizer, position)


def by_matrix(sizes: Mapping[str, Tensor]) -> dict[str, float]:
    """The norm of the gradient of each matrix with its bias, by the name of its module: `encoder_layers.0.self_attention.W_Q`."""
    squares: dict[str, float] = {}
    for name, size in zip(sizes, torch.stack(list(sizes.values())).tolist(), strict=True):
        module = name.rpartition(".")[0] or name
        squares[module] = squares.get(module, 0.0) + size**2
    return {module: math.sqrt(square) for module, square in squares.items()}


class Clock:
    """Seconds of training so far, the same in every process: the first one's clock counts."""

    def __init__(self, before: float, fabric: Fabric) -> None:
        self.start, self.fabric = time.monotonic() - before, fabric

    def seconds(self) -> float:
        """Seconds of training, those before a resume included."""
        return float(self.fabric.broadcast(time.monotonic() - self.start))
