"""How much the gradient of each kind of attention varies: on one batch with many draws, and from batch to batch.

Soft attention has nothing to draw: on one batch its gradient is one and the same. Hard attention's is a guess by lot, right on average.
Measured is the gradient of all that decides where to look (W, U and v of the score), about its own mean, relative to that mean's length:
sum of the variances / squared length of the mean.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from systems.scenes.corpus import Example
from systems.scenes.hard import Hard
from systems.scenes.soft import Batch, Soft

BATCH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """How gradients lie about their mean."""

    name: str  # soft, hard, or hard without its baseline
    over: str  # "draws" on one batch, or "batches"
    samples: int
    length: float  # of their mean
    variance: float  # the sum over all numbers
    relative: float  # variance / length squared


def varied(model: Soft, examples: Sequence[Example], draws: int = 200, batches: int = 40) -> list[Varied]:
    """All that is measured of one model. It must be a copy: its baseline is set to 0 in between."""
    model = model.copied().requires_grad_(True).eval()
    chance = random.Random(0)
    parts = [model.batch(chance.sample(list(examples), BATCH), chance) for _ in range(batches)]
    torch.manual_seed(0)
    if not isinstance(model, Hard):
        return [
            about("soft", "draws", [gradient(model, parts[0], model.loss) for _ in range(3)]),
            about("soft", "batches", [gradient(model, part, model.loss) for part in parts]),
        ]

    def loss(batch: Batch) -> Tensor:
        found = model.surrogate(batch)
        return found.words + model.sizes.reward * found.draws

    settle(model, parts)
    one = [gradient(model, parts[0], loss) for _ in range(draws)]
    many = [gradient(model, part, loss) for part in parts]
    model.baseline.zero_()
    bare = [gradient(model, parts[0], loss) for _ in range(draws)]
    return [about("hard", "draws", one), about("hard", "batches", many), about("bare", "draws", bare)]


def settle(model: Hard, parts: Sequence[Batch]) -> None:
    """Let the baseline come to what is usual now: it is kept in half precision, and a model may have been changed."""
    model.train()
    with torch.no_grad():
        for part in parts:
            model.surrogate(part)
    model.eval()


def gradient(model: Soft, batch: Batch, loss: Callable[[Batch], Tensor]) -> Tensor:
    """Of W, U and v of the score, in one row."""
    wanted = list(model.glance.parameters())
    return torch.cat([each.flatten() for each in torch.autograd.grad(loss(batch), wanted)])


def about(name: str, over: str, gradients: Sequence[Tensor]) -> Varied:
    """Of some gradients."""
    rows = torch.stack([*gradients]).double()
    length = float(rows.mean(0).norm())
    variance = float(rows.var(0).sum())
    return Varied(
        name=name,
        over=over,
        samples=len(rows),
        length=length,
        variance=variance,
        relative=variance / max(length, 1e-12) ** 2,
    )


def fields(found: Sequence[Varied]) -> Iterator[dict[str, object]]:
    """As plain values."""
    for each in found:
        yield {name: getattr(each, name) for name in Varied.__slots__}
