"""What one step of training costs: its multiplications and additions, counted while it runs, not guessed.

PyTorch's counter notes every product of matrices, in the forward pass and in the backward pass, as 2 operations for each
multiply-and-add. What is done number by number (softmax, LayerNorm, dropout, Adam) is not counted, as everywhere in the literature.
"""

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from transformer.training.batches import Batch, Example, make_batches, to_batch
from transformer.training.loop import Loss
from transformer.translator import Translator

LARGE = 1000  # pieces a side: of a larger batch so many are counted, and each row costs the same
ROOT = ""  # what the model does itself, and none of its modules
LOGITS = "logits"  # of that, the shared matrix once more
CELLS = "cells"  # and the rest, if there is any: recurrent cells in torch's own loops
ATTENTION = "attention"  # products without weights of their own: queries with keys, weights with values
BATCHED = torch.ops.aten.bmm  # which are made for each sentence and head apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The cost of one step of training, the mean over some batches of an epoch."""

    forward: Mapping[str, float]  # operations by part of the model: "encoder_layers.feed_forward", "logits"
    backward: float  # operations: about twice as many
    pieces: float  # read and written, padding not counted
    batches: int  # over how many this is the mean

    @property
    def total(self) -> float:
        """Operations of the whole step."""
        return sum(self.forward.values()) + self.backward


def step(model: Translator, examples: Sequence[Example], batch_tokens: int, *, batches: int = 16) -> Step:
    """The cost of a step on batches of `batch_tokens` pieces a side, spread evenly over an epoch of `examples`.

    `model` itself is not changed. Raises `ValueError` if there is nothing to read.
    """
    found = make_batches(examples, batch_tokens, seed=0)
    if not found:
        raise ValueError("There is nothing to count on: no pair is short enough.")
    taken = [found[number * len(found) // batches] for number in range(batches)] if len(found) > batches else found
    whole = copy.deepcopy(model).requires_grad_(True)
    counts = [of_batch(whole, to_batch(each)) for each in taken]
    parts = sorted({part for count in counts for part in count.forward})
    return Step(
        forward={part: mean([count.forward.get(part, 0) for count in counts]) for part in parts},
        backward=mean([count.backward for count in counts]), pieces=mean([count.pieces for count in counts]),
        batches=len(counts),
    )  # fmt: skip


def of_batch(model: Translator, batch: Batch) -> Step:
    """The cost of a step on this batch. Of a large batch every so-manieth row is counted, as long as it is in the batch."""
    every = max(1, batch.source.numel() // LARGE)
    rows = slice(None, None, every)
    source, target, expected = batch.source[rows], batch.target[rows], batch.expected[rows]
    times = len(batch.source) / len(source)
    forward, whole = (FlopCounterMode(display=False, custom_mapping=FUSED) for _ in range(2))
    loss = Loss(model, 0.0).train()
    with whole:
        with forward:
            lost = loss(source, target, expected)
        lost.backward()
    model.zero_grad()
    parts = by_part(forward)
    logits = 2 * int((expected != model.config.padding_id).sum()) * model.matrix.numel()
    parts |= {LOGITS: logits, CELLS: parts.pop(ROOT, 0) - logits}
    return Step(
        forward={part: times * count for part, count in parts.items() if count},
        backward=times * (whole.get_total_flops() - sum(parts.values())), pieces=batch.tokens, batches=1,
    )  # fmt: skip


def fused(given: Sequence[int], into: Sequence[int], again: Sequence[int], *_rest: Any, **_named: Any) -> int:
    """A recurrent layer that oneDNN computes in one piece, `given (position, batch, width)`: its two products at every position."""
    return 2 * given[0] * given[1] * (math.prod(into) + math.prod(again))


def fused_back(*shapes: Any, **_named: Any) -> int:
    """The same on the way back: each product twice."""
    return 2 * fused(*shapes)


FUSED = {torch.ops.aten.mkldnn_rnn_layer: fused, torch.ops.aten.mkldnn_rnn_layer_backward: fused_back}


def by_part(counter: FlopCounterMode) -> dict[str, int]:
    """The operations of a forward pass by the part that does them. Layers of one stack share a name, such as `encoder_layers`."""
    counted = counter.get_flop_counts()
    counts = {name: sum(each.values()) - each.get(BATCHED, 0) for name, each in counted.items() if name != "Global"}
    own = dict(counts)
    for name in counts:
        words = name.split(".")
        above = [".".join(words[:length]) for length in range(len(words) - 1, 0, -1)]
        if outer := next((each for each in above if each in counts), ""):
            own[outer] -= counts[name]
    found = {ATTENTION: counted["Global"].get(BATCHED, 0)}
    for name, count in own.items():
        found[part_of(name)] = found.get(part_of(name), 0) + count
    return {part: count for part, count in found.items() if count}


def part_of(name: str) -> str:
    """`Loss.model.encoder_layers.0.self_attention.W_Q` as `encoder_layers.self_attention`; what no module does as ""."""
    words = [word for word in name.split(".")[2:] if not word.isdigit()]
    return ".".join(words[:2])


def rule(model: Translator, pieces: float) -> float:
    """The rule of thumb: 6 operations for each number in a matrix of the model and each of `pieces`, half of them read, half written.

    2 on the way forward, 4 on the way back (arXiv 2001.08361, section 2.1); it leaves out the products of attention. The shared matrix
    counts once, for the logits: looking a row up is no product.
    """
    return 6 * products(model) * pieces / 2


def products(model: Translator) -> int:
    """How many numbers of the model stand in matrices that something is multiplied with."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.dim() == 2)


def mean(values: Sequence[float]) -> float:
    """The mean."""
    return sum(values) / len(values)
