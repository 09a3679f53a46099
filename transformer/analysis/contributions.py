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
    by_key: Vector  # head key d_model: weight times value times W_O; sums over keys to `heads`
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


def stations(layers: Layers, modules: Sequence[Any], position: int) -> list[Station]:
    """Every Add & Norm box that `position` passes, the first first, from a trace's layers and the model's own of the same stack."""
    found = []
    for number, (layer, module) in enumerate(zip(layers, modules, strict=True)):
        for sub, name, box in boxes(layer):
            norm: AddAndNorm = getattr(module, name)
            if sub == "feed":
                feed = double(layer.feed_forward.output[0, position])
                found.append(station(number, sub, box, norm, position, np.empty((0, 0, len(feed))), feed, 0 * feed))
            else:
                own = f"{sub}_attention"
                each = parts_of(getattr(layer, own), getattr(module, own), position)
                bias = double(getattr(module, own).W_O.bias)
                found.append(station(number, sub, box, norm, position, each, np.zeros_like(bias), bias))
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
    layer: int, sub: Sub, box: ResidualTrace, norm: AddAndNorm, position: int, by_key: Vector, feed: Vector, bias: Vector
) -> Station:  # fmt: skip
    """A box whose sub-layer adds `by_key (head, key, d_model)`, `feed` and `bias (d_model)`."""
    gain, deviation = double(norm.norm.weight), float(box.deviation[0, position, 0])
    each = normed(by_key, gain, deviation) if by_key.size else by_key
    own = each[:, position].sum(0) if sub == "self" else np.zeros_like(feed)
    biases = double(norm.norm.bias) + normed(bias, gain, deviation)
    return Station(
        layer=layer, sub=sub, residual=normed(double(box.input[0, position]), gain, deviation), heads=each.sum(1),
        feed=normed(feed, gain, deviation), bias=biases, output=double(box.output[0, position]), own=own, by_key=each,
        gain=gain, deviation=deviation,
    )  # fmt: skip


def parts_of(trace: AttentionTrace, module: MultiHeadAttention, position: int) -> Vector:
    """What each key gives `position` through each head, weight times value times W_O: (head, key, d_model), before LayerNorm."""
    weights = double(trace.weights[0, :, position])  # head key
    each: Vector = weights[:, :, None] * mixed_values(trace, module)
    return each


def mixed_values(trace: AttentionTrace, module: MultiHeadAttention) -> Vector:
    """Each head's values times its rows of W_O: (head, key, d_model)."""
    values = double(trace.values[0])  # head key d_head
    mix = double(module.W_O.weight).T.reshape(len(values), values.shape[-1], -1)  # head d_head d_model
    found: Vector = values @ mix
    return found


def normed(part: Vector, gain: Vector, deviation: float) -> Vector:
    """`part (..., d_model)` as LayerNorm treats it within a whole of this `deviation`: centred, divided, times `gain (d_model)`."""
    scaled: Vector = gain * (part - part.mean(-1, keepdims=True)) / deviation
    return scaled


def at_the_top(path: Sequence[Station], first: Vector) -> tuple[Vector, list[Station]]:
    """The same parts as they arrive at the end of `path` by way of the residual path: of `first (d_model)`, which came in, and of each station.

    Each later LayerNorm is applied to each part. `first`, and the heads, `feed` and `bias` of all stations, add up to the last output.
    """
    arrived: list[Station] = []
    for box in path:
        first = box.passed(first)
        arrived = [carried(each, box) for each in arrived] + [box]
    return first, arrived


def carried(early: Station, box: Station) -> Station:
    """A station's parts after one more box; what came in by its residual path belongs to others."""
    each = box.passed(early.by_key) if early.by_key.size else early.by_key
    return replace(
        early, residual=box.passed(early.residual), by_key=each, heads=each.sum(1), own=box.passed(early.own),
        feed=box.passed(early.feed), bias=box.passed(early.bias), output=box.passed(early.output),
    )  # fmt: skip


def step(layer: EncoderLayerTrace | DecoderLayerTrace, module: Any) -> Vector:
    """One layer's self-attention as shares (query, key) by length: the norm of what each key gives, the residual path with its own.

    Each row sums to 1. It stands where attention rollout has half the mean of the weights and half the identity.
    """
    box, norm = next((box, getattr(module, name).norm) for _sub, name, box in boxes(layer))
    trace = layer.self_attention
    each = np.einsum(
        "hqk,hkm->qkm", double(trace.weights[0]), mixed_values(trace, module.self_attention), optimize=True
    )
    places = np.arange(len(each))
    each[places, places] += double(box.input[0])
    found = np.linalg.norm(normed(each, double(norm.weight), 1.0), axis=-1)  # the spread is the same for a whole row
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
