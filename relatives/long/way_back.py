"""The way back: how strongly the loss of one target piece pulls at each piece that was read.

The pull is the length of the gradient d(-log p) / d(embedding). Training can only learn from a piece what comes back to it. In a model
with one state the gradient goes back step by step, and each step multiplies it by the transposed Jacobian of the cell: if that shrinks
vectors, the pull vanishes with the number of steps, if it stretches them, it explodes (Bengio et al. 1994; Pascanu et al. 2013,
arXiv 1211.5063, section 2). A model that looks back has a way of one step from every piece.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from relatives.alignment import AlignedTrace
from relatives.long.exam import Estimate, estimate
from relatives.recurrent import OneState, OneStateTrace
from transformer.checkpoint import Opened
from transformer.decoding.reading import source_rows, target_row
from transformer.family import class_of
from transformer.trace import Trace
from transformer.translator import Translator

LEAST = 8  # pieces at a distance, below which no mean is taken
SMALLEST = 1e-30  # what a pull is taken for if it underflows


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A sentence, its translation, and which piece of that has the loss."""

    source: tuple[int, ...]  # ids, without the end piece
    target: tuple[int, ...]  # ids of what is written, with the end piece
    at: int  # place in `target`


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """All pieces that are so many steps away from the loss."""

    steps: int
    count: int
    pull: Estimate  # geometric mean


def steps_between(pieces: int, at: int) -> list[int]:
    """For each of `pieces` that were read, the end piece among them, how many steps a recurrent model takes from there to the loss.

    Those of the encoder that come after it, and those of the decoder up to the one that writes `target[at]`.
    """
    return [pieces - 1 - place + at + 1 for place in range(pieces)]


def pulls(model: Translator, case: Case) -> Tensor:
    """The length of d(-log p(target[at])) / d(embedding), `(source)`: of each piece, the end piece last. The model stays as it is."""
    with torch.enable_grad():
        trace = with_gradient(model)(source_rows(model, [case.source]), target_row(model, case.target[: case.at]))
        embedded = embedded_source(trace)
        loss = -trace.logits[0, case.at].log_softmax(-1)[case.target[case.at]]
        (found,) = torch.autograd.grad(loss, embedded)
    lengths: Tensor = found[0].norm(dim=-1).detach()
    return lengths


def with_gradient(model: Translator) -> Translator:
    """The same model with a matrix of its own, through which gradients may flow; it shares all other weights."""
    twin = copy(model)
    twin._parameters = dict(model._parameters)
    twin.matrix = nn.Parameter(model.matrix.detach())
    return twin


def embedded_source(trace: Trace | OneStateTrace | AlignedTrace) -> Tensor:
    """What the encoder read, `(batch, source, d_model)`, as it stands in the graph."""
    found: Tensor = trace.encoder.embedding.output if isinstance(trace, Trace) else trace.encoder.embedded
    return found


def chain(model: OneState, case: Case) -> Tensor:
    """The length of d(-log p) / d(state) after every step, `(step)`, those of the encoder first; an LSTM's state is (h, cell).

    From one step to the one before it changes by what the transposed Jacobian of the cell does to it.
    """
    source, target = source_rows(model, [case.source]), target_row(model, case.target[: case.at])
    kept: list[tuple[Tensor, ...]] = []
    with torch.enable_grad():
        embedded = model.embed(source).detach().requires_grad_()
        carried = model.encoder.nothing(model.matrix, 1)
        for cell, inputs in ((model.encoder, embedded), (model.decoder, model.embed(target).detach())):
            for read in cell.read(inputs).unbind(1):
                carried = tuple(each.clone() for each in cell.carried(cell.step(read, carried)))
                kept.append(carried)
        loss = -model.logits(model.W_o(carried[0]))[0].log_softmax(-1)[case.target[case.at]]
        found = torch.autograd.grad(loss, [each for states in kept for each in states], allow_unused=True)
    width = len(carried)
    rows = [found[first : first + width] for first in range(0, len(found), width)]
    return torch.stack([torch.cat([each.flatten() for each in row if each is not None]).norm() for row in rows])


def untrained(opened: Opened) -> Translator:
    """A model of the same kind and sizes as it was before its first step, by the seed of its recipe."""
    recipe = opened.card.get("training", {}).get("recipe", {}) if isinstance(opened.card.get("training"), dict) else {}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(recipe.get("seed", 1)))
        made: Translator = class_of(opened.kind)(opened.model.config)
    return made.eval().requires_grad_(False)


def last_word(pieces: Sequence[str]) -> int:
    """The place of the last of the written `pieces` that is part of a word; the first if there is none."""
    return max((place for place, piece in enumerate(pieces) if piece.strip("▁").isalnum()), default=0)


def by_distance(found: Iterable[tuple[list[int], Sequence[float]]]) -> list[Distance]:
    """Steps and pulls of many sentences, as `steps_between` and `pulls` tell them, by the number of steps."""
    values: dict[int, list[float]] = {}
    for steps, each in found:
        for step, pull in zip(steps, each, strict=True):
            values.setdefault(step, []).append(float(np.log(max(float(pull), SMALLEST))))
    return [
        Distance(steps=step, count=len(logs), pull=geometric(logs))
        for step, logs in sorted(values.items())
        if len(logs) >= LEAST
    ]


def geometric(logs: Sequence[float]) -> Estimate:
    """The geometric mean, from logarithms."""
    rows = np.array(logs)[:, None]
    return estimate(rows, lambda sums: float(np.exp(sums[0] / len(rows))))
