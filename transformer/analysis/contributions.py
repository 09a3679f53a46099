"""What each part adds to the vector of one position, exactly: every head, the feed-forward network, the residual path, the biases.

A weight alone says little: what a head adds is weight times value times W_O (Kobayashi et al. 2020, arXiv 2004.10102), and what is
left of it depends on the residual connection and LayerNorm (Kobayashi et al. 2021, arXiv 2109.07152). With the spread that LayerNorm
found, it is a linear map, so it can be applied to each part alone: the parts add up to the vector of the trace.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from transformer.attention import MultiHeadAttention
from transformer.layers import AddAndNorm
from transformer.trace import AttentionTrace, DecoderLayerTrace, EncoderLayerTrace, ResidualTrace

Sub = Literal["self", "cross", "feed"]
Vector = NDArray[np.float64]
Layers = Sequence[EncoderLayerTrace | DecoderLayerTrace]


@dataclass(frozen=True, slots=True)
class Look:
    """What one position sees through the heads of an attention."""

    weights: Vector  # head key
    values: Vector  # head key d_head
    matrix: Vector  # head d_head d_model: W_O

    def heads(self) -> Vector:
        """What each head adds, weights times values times W_O: (head, d_model)."""
        found: Vector = (self.weights[:, None] @ self.values @ self.matrix)[:, 0]
        return found

    def keys(self, head: int) -> Vector:
        """The same of one head, key by key (key, d_model)."""
        found: Vector = self.weights[head][:, None] * (self.values[head] @ self.matrix[head])
        return found

    def key(self, key: int) -> Vector:
        """What a key gives through all heads (d_model)."""
        found: Vector = np.einsum("h,hd,hdm->m", self.weights[:, key], self.values[:, key], self.matrix, optimize=True)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One Add & Norm box at one position. `residual + heads.sum(0) + feed + bias = output`; all have passed its LayerNorm."""

    layer: int
    sub: Sub
    residual: Vector  # d_model: what came in
    heads: Vector  # head d_model: what each head adds; no head at the feed-forward network
    feed: Vector  # d_model: what the feed-forward network adds; zero at an attention
    bias: Vector  # d_model: W_O's and LayerNorm's own
    output: Vector  # d_model: of the trace
    own: Vector  # d_model: of `heads`, what the position has from itself; zero in cross-attention
    look: Look | None  # of an attention
    gain: Vector  # d_model: of LayerNorm
    deviation: float  # that LayerNorm divided by

    @property
    def kept(self) -> float:
        """The share of the lengths that stays with the position: |kept| / (|kept| + |mixed in|), Kobayashi et al. 2021."""
        kept = float(np.linalg.norm(self.residual + self.own))
        mixed = float(np.linalg.norm(self.heads.sum(0) - self.own + self.feed))
        return kept / max(kept + mixed, 1e-12)

    def passed(self, part: Vector) -> Vector:
        """`part (..., d_model)` through its LayerNorm, with the spread of the whole: centred, divided, times the gain."""
        return normed(part, self.gain, self.deviation)

    def by_key(self, head: int) -> Vector:
        """What each key gives through a head of an attention (key, d_model), through LayerNorm; the keys sum to `heads[head]`."""
        if self.look is None:
            raise ValueError("The feed-forward network has no heads.")
        return self.passed(self.look.keys(head))


def stations(layers: Layers, modules: Sequence[Any], position: int) -> list[Station]:
    """Every Add & Norm box that `position` passes, the first first, from a trace's layers and the model's own of the same stack."""
    found = []
    for number, (layer, module) in enumerate(zip(layers, modules, strict=True)):
        for sub, name, box in boxes(layer):
            norm: AddAndNorm = getattr(module, name)
            if sub == "feed":
                feed = double(layer.feed_forward.output[0, position])
                found.append(station(number, sub, box, norm, position, None, feed, 0 * feed))
            else:
                own: MultiHeadAttention = getattr(module, f"{sub}_attention")
                bias = double(own.W_O.bias)
                look = look_of(getattr(layer, f"{sub}_attention"), own, position)
                found.append(station(number, sub, box, norm, position, look, 0 * bias, bias))
    return found


def boxes(layer: EncoderLayerTrace | DecoderLayerTrace) -> Iterator[tuple[Sub, str, ResidualTrace]]:
    """The Add & Norm boxes of a layer in order: around what, their name, their trace."""
    if isinstance(layer, DecoderLayerTrace):
        yield "self", "after_self_attention", layer.after_self_attention
        yield "cross", "after_cross_attention", layer.after_cross_attention
    else:
        yield "self", "after_attention", layer.after_attention
    yield "feed", "after_feed_forward", layer.after_feed_forward


def station(
    layer: int, sub: Sub, box: ResidualTrace, norm: AddAndNorm, position: int, look: Look | None, feed: Vector, bias: Vector
) -> Station:  # fmt: skip
    """A box whose sub-layer adds what the heads of `look` bring, `feed` and `bias (d_model)`."""
    gain, deviation = double(norm.norm.weight), float(box.deviation[0, position, 0])

    def passed(part: Vector) -> Vector:
        return normed(part, gain, deviation)

    heads = np.empty((0, len(feed))) if look is None else passed(look.heads())
    own = passed(look.key(position)) if look and sub == "self" else 0 * feed
    return Station(
        layer=layer, sub=sub, residual=passed(double(box.input[0, position])), heads=heads, feed=passed(feed),
        bias=double(norm.norm.bias) + passed(bias), output=double(box.output[0, position]), own=own, look=look, gain=gain,
        deviation=deviation,
    )  # fmt: skip


def look_of(trace: AttentionTrace, module: MultiHeadAttention, position: int) -> Look:
    """What `position` sees through the heads of a trace's attention."""
    values = double(trace.values[0])
    return Look(double(trace.weights[0, :, position]), values, output_matrix(module, len(values)))


def output_matrix(module: MultiHeadAttention, heads: int) -> Vector:
    """W_O as each head meets it: (head, d_head, d_model)."""
    matrix = double(module.W_O.weight).T
    return matrix.reshape(heads, -1, matrix.shape[-1])


def normed(part: Vector, gain: Vector, deviation: float) -> Vector:
    """`part (..., d_model)` as LayerNorm treats it within a whole of this `deviation`: centred, divided, times `gain (d_model)`."""
    scaled: Vector = gain * (part - part.mean(-1, keepdims=True)) / deviation
    return scaled


def at_the_top(path: Sequence[Station], first: Vector) -> tuple[Vector, list[Station]]:
    """The same parts as they arrive at the end of `path` by way of the residual path: of `first (d_model)`, which came in, and of each station.

    Each later LayerNorm is applied to each part; `by_key` stays as it was where it was added (see `arrived`). `first`, and the heads,
    `feed` and `bias` of all stations, add up to the last output.
    """
    there: list[Station] = []
    for box in path:
        first = box.passed(first)
        there = [carried(each, box) for each in there] + [box]
    return first, there


def arrived(part: Vector, later: Sequence[Station]) -> Vector:
    """`part (..., d_model)` after the `later` boxes of its path."""
    for box in later:
        part = box.passed(part)
    return part


def carried(early: Station, box: Station) -> Station:
    """A station's parts after one more box; what came in by its residual path belongs to others."""
    return replace(
        early, residual=box.passed(early.residual), heads=box.passed(early.heads), own=box.passed(early.own),
        feed=box.passed(early.feed), bias=box.passed(early.bias), output=box.passed(early.output),
    )  # fmt: skip


def step(layer: EncoderLayerTrace | DecoderLayerTrace, module: Any) -> Vector:
    """One layer's self-attention as shares (query, key) by length: the norm of what each key gives, the residual path with its own.

    Each row sums to 1. It stands where attention rollout has half the mean of the weights and half the identity.
    """
    box, norm = next((box, getattr(module, name).norm) for _sub, name, box in boxes(layer))
    weights, gain = double(layer.self_attention.weights[0]), double(norm.weight)  # head query key
    values = double(layer.self_attention.values[0])
    each = normed(
        values @ output_matrix(module.self_attention, len(values)), gain, 1.0
    )  # the spread is the same for a whole row
    alike = np.einsum("hkm,gkm->khg", each, each, optimize=True)  # so no vector of every query and key is needed
    found = np.sqrt(np.maximum(np.einsum("hqk,khg,gqk->qk", weights, alike, weights, optimize=True), 0))
    own = np.einsum("hqq,hqm->qm", weights, each) + normed(double(box.input[0]), gain, 1.0)
    np.fill_diagonal(found, np.linalg.norm(own, axis=-1))
    shares: Vector = found / found.sum(1, keepdims=True)
    return shares


def rollout(layers: Layers, modules: Sequence[Any]) -> list[Vector]:
    """Rollout by lengths in place of weights, after each layer: `(query, key)`, how much of each input position is in each position."""
    rolled: list[Vector] = []
    for layer, module in zip(layers, modules, strict=True):
        one = step(layer, module)
        rolled.append(one @ rolled[-1] if rolled else one)
    return rolled


def double(numbers: Tensor) -> Vector:
    """A tensor of the trace or of the model in double precision."""
    return numbers.detach().numpy().astype(np.float64)
