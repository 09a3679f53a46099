"""What a translator learns by: section 5 of "Attention Is All You Need" (arXiv 1706.03762). The steps are those of `course.descent`."""

import random
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.nn import functional as F

from transformer.corpora import Pair
from transformer.tokenizer import Tokenizer
from transformer.training.batches import Example, Variation, encode_pairs, make_batches, to_batch
from transformer.training.course.descent import Progress, Work, descend
from transformer.training.course.state import Position
from transformer.training.recipe import Recipe
from transformer.translator import Translator


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


def train(
    model: Translator, tokenizer: Tokenizer, material: Material, recipe: Recipe, state: Path, fabric: Fabric,
    begin: Callable[[], object] = lambda: None,
) -> Generator[Progress]:  # fmt: skip
    """Train `model` in place: see `descent.descend`. Raises `ValueError` if there is nothing to learn from."""

    def work(position: Position) -> Iterator[Work]:
        for epoch, number, batches in _batches(tokenizer, material, recipe, position, fabric):
            batch = to_batch(batches[number])
            yield Work(epoch, number, len(batches), batch.tensors, batch.tokens)

    return descend(Loss(model, recipe.label_smoothing), model, recipe, work, state, fabric, begin)


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
            tensors = (tensor.to(device) for tensor in batch.tensors)
            total, pieces = total + count * float(loss(*tensors)), pieces + count
    model.train(was_training)
    return total / pieces if pieces else float("nan")
