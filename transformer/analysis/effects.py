"""What a change does: translating with a changed model, the fall in log-probability when each head is switched off, and its slope."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from transformer.analysis.memory import at_once
from transformer.attention import padding_mask
from transformer.decoding.reading import encoded, full_trace, redecoded, source_rows, target_row
from transformer.model import Transformer
from transformer.numbers import with_gradient
from transformer.trace import AttentionTrace, Trace
from transformer.what_if import KINDS, Head, Kind, Means, WhatIf, apply, every_head

__all__ = [
    "Effect", "attentions", "log_probability", "mean_heads", "redecoded", "scoreboard", "slopes", "traced",
]  # fmt: skip

Ids = Sequence[int]
AT_ONCE = 8  # sentences whose logits are held at once: a vocabulary is large


def traced(model: Transformer, source: Ids, target: Ids) -> Trace:
    """The trace of a (changed) model that reads `source` and the pieces `target`, without the end piece."""
    return full_trace(model, encoded(model, source), target)


class Effect(NamedTuple):
    """What switching one head off does to one sentence."""

    head: Head
    fall: float  # of the log-probability of the whole reference, in nats; above 0 means that the head helped
    changed: tuple[int, ...]  # places of the reference whose most likely piece is another one without the head


def scoreboard(model: Transformer, source: Ids, target: Ids) -> list[Effect]:
    """Each head switched off in turn, as many in one batch as memory allows; those that help most come first.

    `source` are ids without the end piece, `target` the reference with it.
    """
    heads = every_head(model)
    gates = (
        torch.ones(1 + len(heads), len(heads)) - torch.eye(1 + len(heads), len(heads) + 1)[:, 1:]
    )  # row 0: nothing off
    with torch.inference_mode():
        outputs, expected = gated(model, gates, source, target[:-1]), torch.tensor(list(target))[None, :, None]
        found, best = [], []
        for logits in map(model.logits, torch.split(outputs, AT_ONCE)):  # row position vocabulary
            found.append(
                (logits.gather(-1, expected.expand(len(logits), -1, -1))[..., 0] - logits.logsumexp(-1)).sum(-1)
            )
            best.append(logits.argmax(-1))
    (whole, *without), (usual, *others) = torch.cat(found).tolist(), torch.cat(best)
    effects = [
        Effect(head, whole - total, tuple((other != usual).nonzero()[:, 0].tolist()))
        for head, total, other in zip(heads, without, others, strict=True)
    ]
    return sorted(effects, key=lambda effect: -effect.fall)


def gated(model: Transformer, gates: Tensor, source: Ids, target: Ids) -> Tensor:
    """What the decoder makes of a sentence under each row of `gates`, whose first is all ones: `(row, position, d_model)`.

    The heads of the encoder come first, so the rows behind theirs have an encoder like the first row's.
    """
    below = 1 + model.config.encoder_layers * model.config.heads
    row, read = source_rows(model, [source]), target_row(model, target)
    most = at_once(model.config, row.size(1), read.size(1))
    encoded = [
        apply(model, WhatIf(), gates=some).encode(row.expand(len(some), -1)).output
        for some in torch.split(gates[:below], most)
    ]
    usual = encoded[0][:1].expand(len(gates) - below, -1, -1)
    mask, outputs = padding_mask(row, model.config.padding_id), []
    for some, memory in zip(torch.split(gates, most), torch.split(torch.cat((*encoded, usual)), most), strict=True):
        outputs.append(apply(model, WhatIf(), gates=some).decode(read.expand(len(some), -1), memory, mask).output)
    return torch.cat(outputs)


def log_probability(model: Transformer, source: Ids, target: Ids) -> float:
    """Of the reference `target`, end piece included, given `source`: natural logarithm."""
    with torch.inference_mode():
        logits = traced(model, source, target[:-1]).logits[0]
        return float(logits.log_softmax(-1)[torch.arange(len(target)), torch.tensor(list(target))].sum())


def mean_heads(model: Transformer, pairs: Iterable[tuple[Ids, Ids]]) -> Means:
    """What each head says on average over all positions of `pairs` (source, target), ids without end: `(head, d_head)`."""
    sums: dict[tuple[Kind, int], Tensor] = {}
    counts: dict[tuple[Kind, int], int] = {}
    with torch.inference_mode():
        for source, target in pairs:
            for place, attention in attentions(traced(model, source, target)).items():
                sums[place] = sums.get(place, torch.zeros(())) + attention.heads[0].sum(1)
                counts[place] = counts.get(place, 0) + attention.heads.size(2)
    return {place: total / counts[place] for place, total in sums.items()}


def attentions(trace: Trace) -> dict[tuple[Kind, int], AttentionTrace]:
    """All attentions of a trace, by kind and layer."""
    found: dict[tuple[Kind, int], AttentionTrace] = {}
    for kind in KINDS:
        layers = trace.encoder.layers if kind == "encoder" else trace.decoder.layers
        for number, layer in enumerate(layers):
            found[kind, number] = layer.cross_attention if kind == "cross" else layer.self_attention  # type: ignore[attr-defined]
    return found


def slopes(model: Transformer, source: Sequence[int], reference: Sequence[int], where: str) -> NDArray[np.float64]:
    """How the log-probability of `reference`, ids with the end piece, grows with each number (row, column), in nats for each unit.

    `source` are ids without the end piece; `where` is as in `transformer.numbers.Number`. Raises `ValueError` for a place that there
    is not.
    """
    with torch.inference_mode(False), torch.enable_grad():
        changed, numbers = with_gradient(model, where, len(source) + 1)
        trace = full_trace(changed, encoded(changed, source), reference[:-1])
        said = trace.logits[0].log_softmax(-1)[torch.arange(len(reference)), torch.tensor(reference)]
        [found] = torch.autograd.grad(said.sum(), [numbers])
    return np.atleast_2d(np.asarray(found.double().numpy()))
