"""Training: section 5 of "Attention Is All You Need" (arXiv 1706.03762). `train(...)` yields `Progress`; the caller shows it.

One process or many (Lightning Fabric divides the work), a processor or a GPU. All that is needed to go on is saved
every `SAVE_SECONDS` to one file that is replaced as a whole, so a run that is killed loses less than a minute.
"""

import ctypes
import math
import os
import random
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.nn import functional as F

from transformer.corpora import Pair
from transformer.tokenizer import Tokenizer
from transformer.training.batches import Batch, Example, Variation, encode_pairs, make_batches, to_batch
from transformer.training.recipe import Recipe
from transformer.training.state import Position, load_state, save_state
from transformer.translator import Translator

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


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a run learns from: all pairs of the main corpus, and a helping of others, drawn anew each epoch."""

    pairs: Sequence[Pair]
    others: Sequence[tuple[Sequence[Pair], int]] = field(default_factory=tuple)

    def of_epoch(self, seed: int) -> list[Pair]:
        """The pairs of the epoch with that seed."""
        chance = random.Random(seed)
        helpings = [pair for pairs, count in self.others for pair in chance.sample(pairs, min(count, len(pairs)))]
        return [*self.pairs, *helpings]


class Loss(nn.Module):
    """The loss of a batch as one module, which is what Fabric wraps: the trace ends here, its logits become a number."""

    def __init__(self, model: Translator, smoothing: float) -> None:
        super().__init__()
        self.model, self.smoothing = model, smoothing

    def forward(self, source: Tensor, target: Tensor, expected: Tensor) -> Tensor:
        """Section 5.4: cross-entropy per piece, in nats, against 1 - smoothing on the right piece, the rest spread over all.

        What the model's `forward` computes, but no logits where there is only padding to predict.
        """
        model, predicts = self.model, expected != self.model.config.padding_id  # batch position
        logits = model.logits(model.decoded(source, target)[predicts])  # piece vocabulary
        return F.cross_entropy(logits, expected[predicts], label_smoothing=self.smoothing)


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


def train(
    model: Translator, tokenizer: Tokenizer, material: Material, recipe: Recipe, state: Path, fabric: Fabric,
    begin: Callable[[], object] = lambda: None,
) -> Generator[Progress]:  # fmt: skip
    """Train `model` in place, from the position saved in `state` if there is one, until the recipe's end.

    Yields after every step, and saves now and then when it is asked for the next. Closing the generator saves first, so that nothing
    is lost. `begin` is called before the first step. Raises `ValueError` if there is nothing to learn from.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.peak_rate, betas=(0.9, 0.98), eps=1e-9, fused=True)
    position = load_state(state, model, optimizer) if state.exists() else Position()
    module, optimizer = fabric.setup(Loss(model, recipe.label_smoothing), optimizer)
    clock = Clock(position.seconds, fabric)
    saved_at, work = clock.seconds(), _batches(tokenizer, material, recipe, position, fabric)
    first = next(work)  # raises if there is nothing to learn from
    begin()
    try:
        for epoch, number, batches in chain([first], work):
            batch = to_batch(batches[number])
            if (before := recipe.share_done(position.seconds, epoch + number / len(batches))) >= 1:
                break  # a finished run that was resumed
            rate = recipe.learning_rate(position.step + 1, before)
            draw = position.step * fabric.world_size + fabric.global_rank
            torch.manual_seed((recipe.seed << 32) + draw)  # of dropout
            loss, norm, sizes = _step(module, model, optimizer, batch, rate, fabric)
            position = Position(epoch, number + 1, position.step + 1, clock.seconds())
            share = recipe.share_done(position.seconds, epoch + (number + 1) / len(batches))
            snapshot = recipe.snapshot_due(before, share)
            due = snapshot or position.seconds - saved_at > SAVE_SECONDS
            tokens, ended = batch.tokens * fabric.world_size, number + 1 == len(batches)
            yield Progress(position, share, loss, norm, sizes, rate, tokens, ended, due, snapshot)
            if share >= 1:
                break
            if due:  # last: a run that ends while a snapshot is written goes on from before it, and writes it again
                _save(state, model, optimizer, position, fabric)
                saved_at = position.seconds
    finally:
        _save(state, model, optimizer, position, fabric)


def _save(state: Path, model: Translator, optimizer: torch.optim.Optimizer, position: Position, fabric: Fabric) -> None:
    """Write down where the run stands, from the first process; a moment to hand memory back as well."""
    give_memory_back()
    if fabric.is_global_zero:
        save_state(state, model, optimizer, position)


def _batches(
    tokenizer: Tokenizer, material: Material, recipe: Recipe, position: Position, fabric: Fabric
) -> Iterator[tuple[int, int, list[list[Example]]]]:
    """Endless: epoch, number of the batch, and this process's batches of that epoch, going on from `position`."""
    epoch, first = position.epoch, position.batch
    while True:
        seed = recipe.seed * 1_000_003 + epoch
        pairs = material.of_epoch(seed)
        examples = encode_pairs(pairs, tokenizer, recipe.variation, seed, recipe.longest)
        share = make_batches(examples, recipe.batch_tokens // fabric.world_size, seed)
        if not share:
            raise ValueError(
                f"There is nothing to train on: none of {len(pairs)} pairs is at most {recipe.longest} pieces long."
            )
        if len(share) < fabric.world_size:
            few, wanted = f"{len(examples)} pairs are only {len(share)} batch", f"for {fabric.world_size} processes"
            raise ValueError(f"{few}, too little {wanted}. Use fewer processes, or smaller batches: --batch-tokens.")
        even = len(share) - len(share) % fabric.world_size  # every process takes the same number of steps
        mine = share[fabric.global_rank : even : fabric.world_size]
        yield from ((epoch, number, mine) for number in islice(range(len(mine)), first, None))
        epoch, first = epoch + 1, 0


def _step(
    module: nn.Module, model: Translator, optimizer: torch.optim.Optimizer, batch: Batch, rate: float, fabric: Fabric
) -> tuple[float, float, dict[str, Tensor]]:
    """One step of Adam; the loss, the norm of the gradient before it was clipped, and that of each parameter, of which it is made."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    source, target, expected = (tensor.to(fabric.device) for tensor in (batch.source, batch.target, batch.expected))
    module.train()
    loss = module(source, target, expected)
    fabric.backward(loss)
    gradients = {name: each.grad for name, each in model.named_parameters() if each.grad is not None}
    sizes = dict(zip(gradients, torch._foreach_norm(list(gradients.values())), strict=True))
    norm = torch.linalg.vector_norm(torch.stack(list(sizes.values())))
    torch.nn.utils.clip_grads_with_norm_(model.parameters(), CLIP, norm)
    optimizer.step()
    optimizer.zero_grad()
    return float(loss.detach()), float(norm), sizes


def by_matrix(sizes: Mapping[str, Tensor]) -> dict[str, float]:
    """The norm of the gradient of each matrix with its bias, by the name of its module: `encoder_layers.0.self_attention.W_Q`."""
    squares: dict[str, float] = {}
    for name, size in zip(sizes, torch.stack(list(sizes.values())).tolist(), strict=True):
        module = name.rpartition(".")[0] or name
        squares[module] = squares.get(module, 0.0) + size**2
    return {module: math.sqrt(square) for module, square in squares.items()}


def held_out_loss(model: Translator, tokenizer: Tokenizer, pairs: Sequence[Pair], recipe: Recipe) -> float:
    """The loss that training lowers, on `pairs` that it never sees, in nats per piece; NaN if all are too long."""
    device = next(model.parameters()).device
    examples = encode_pairs(pairs, tokenizer, Variation(), seed=0, longest=recipe.longest)
    loss, total, pieces = Loss(model, recipe.label_smoothing), 0.0, 0
    was_training = model.training
    model.eval()
    with torch.inference_mode():
        for batch in map(to_batch, make_batches(examples, recipe.batch_tokens, seed=0)):
            count = int((batch.expected != model.config.padding_id).sum())
            tensors = (tensor.to(device) for tensor in (batch.source, batch.target, batch.expected))
            total, pieces = total + count * float(loss(*tensors)), pieces + count
    model.train(was_training)
    return total / pieces if pieces else float("nan")


class Clock:
    """Seconds of training so far, the same in every process: the first one's clock counts."""

    def __init__(self, before: float, fabric: Fabric) -> None:
        self.start, self.fabric = time.monotonic() - before, fabric

    def seconds(self) -> float:
        """Seconds of training, those before a resume included."""
        return float(self.fabric.broadcast(time.monotonic() - self.start))
