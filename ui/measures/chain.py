"""The way of one number from a weight to the next layer, step by step, in NumPy and in double precision.

Weight times value, the sum over the keys, its place in the concatenation, W_O, the residual connection, LayerNorm, one unit of the
feed-forward network, W_2, and the residual connection and LayerNorm again. Each step begins with the number in which the one before
ends. Nothing here takes its answer from the trace: a test compares each with it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transformer.trace import DecoderLayerTrace, EncoderLayerTrace, ResidualTrace
from ui.measures.arithmetic import DotProduct, double
from ui.session.attentions import Attention, Shown

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A step that is a sum of products: `dot.total` is its end; the number that it begins with is in the term at `place`."""

    begins: float
    ends: float
    dot: DotProduct
    places: tuple[int, ...]  # what each term is: a dimension, a key, a place of the concatenation, a unit
    place: int  # in `dot`


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """A residual connection and the LayerNorm after it, in one dimension."""

    begins: float  # what the sub-layer adds
    came: float  # what came in
    added: Vector  # d_model: x + Sublayer(x)
    column: int
    mean: float
    deviation: float
    gain: float
    bias: float

    @property
    def ends(self) -> float:
        """The number after LayerNorm."""
        return (float(self.added[self.column]) - self.mean) / self.deviation * self.gain + self.bias


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """On through the feed-forward network by one of its units."""

    unit: int
    hidden: Sum  # its end is after the ReLU
    out: Sum  # over the units that fire
    norm: Norm


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """All steps for one cell of a head. `dimension` is within the head, `column` within d_model."""

    dimension: int
    place: int  # of the dimension in the concatenation
    column: int
    value: Sum
    keys: Sum
    mix: Sum
    norm: Norm
    fed: Fed | None  # `None` where cross-attention follows, not the feed-forward network


def chain(
    session: Shown, view: Attention, head: int, query: int, key: int, dimension: int | None = None, column: int | None = None
) -> Chain:  # fmt: skip
    """The way on of the weight at (query, key) of a head: by `dimension` and `column`, or where it weighs most."""
    weights, values = double(view.weights[head, query]), double(view.values[head])
    if dimension is None:
        dimension = int(np.abs(values[key]).argmax())
    given = DotProduct(np.full(view.d_head, weights[key]), values[key])
    keys = DotProduct(weights, values[:, dimension])
    heads = double(view.weights[:, query])[:, None] @ double(view.values)  # head 1 d_head
    together, place = heads.ravel(), head * view.d_head + dimension
    matrix, bias = weight(view.module.W_O), double(view.module.W_O.bias.numpy(force=True))
    if column is None:
        column = int(np.abs(matrix[place]).argmax())
    mixed = DotProduct(together, matrix[:, column], float(bias[column]))
    layer, module = layer_of(session, view)
    name = {"encoder": "after_attention", "decoder": "after_self_attention", "cross": "after_cross_attention"}[
        view.kind
    ]
    first = normed(getattr(layer, name), getattr(module, name), query, together @ matrix + bias, column)
    start = float(given.products[dimension])
    return Chain(
        dimension=dimension, place=place, column=column,
        value=Sum(begins=float(weights[key]), ends=start, dot=given, places=tuple(range(view.d_head)), place=dimension),
        keys=Sum(begins=start, ends=keys.total, dot=keys, places=tuple(range(len(weights))), place=key),
        mix=Sum(begins=keys.total, ends=mixed.total, dot=mixed, places=tuple(range(len(together))), place=place), norm=first,
        fed=None if view.kind == "decoder" else fed(layer, module, query, whole(first, getattr(module, name)), column),
    )  # fmt: skip


def layer_of(session: Shown, view: Attention) -> tuple[EncoderLayerTrace | DecoderLayerTrace, Any]:
    """The layer that an attention belongs to: in the trace, and in the model."""
    trace, model = session.walk.trace, session.checkpoint.model
    if view.kind == "encoder":
        return trace.encoder.layers[view.layer], model.encoder_layers[view.layer]
    return trace.decoder.layers[view.layer], model.decoder_layers[view.layer]


def weight(linear: Any) -> Vector:
    """The matrix of a linear layer as the paper writes it: (in, out)."""
    return double(linear.weight.numpy(force=True).T)


def normed(box: ResidualTrace, module: Any, row: int, update: Vector, column: int) -> Norm:
    """`update (d_model)` added to what came into a box at a row, and the column of it through LayerNorm."""
    x, norm = double(box.input[0, row].numpy()), module.norm
    added = x + update
    return Norm(
        begins=float(update[column]), came=float(x[column]), added=added, column=column, mean=float(added.mean()),
        deviation=float(np.sqrt(added.var() + norm.eps)), gain=float(norm.weight[column]), bias=float(norm.bias[column]),
    )  # fmt: skip


def whole(step: Norm, module: Any) -> Vector:
    """All of a box's output (d_model)."""
    gain, bias = double(module.norm.weight.numpy(force=True)), double(module.norm.bias.numpy(force=True))
    output: Vector = (step.added - step.mean) / step.deviation * gain + bias
    return output


def fed(layer: Any, module: Any, row: int, x: Vector, column: int) -> Fed:
    """Through the feed-forward network, by the firing unit through which `x[column]` weighs most in `column`, and its Add & Norm."""
    network = module.feed_forward
    first, second = weight(network.W_1), weight(network.W_2)  # d_model d_ff; d_ff d_model
    before, after = (double(each.bias.numpy(force=True)) for each in (network.W_1, network.W_2))
    hidden = x @ first + before
    active = np.maximum(hidden, 0)
    through = np.abs(first[column] * second[:, column]) * (active > 0)
    unit = int(through.argmax() if through.any() else hidden.argmax())
    fires = sorted({*np.flatnonzero(active).tolist(), unit})
    units = DotProduct(active[fires], second[fires, column], float(after[column]))
    asked = DotProduct(x, first[:, unit], float(before[unit]))
    return Fed(
        unit=unit, norm=normed(layer.after_feed_forward, module.after_feed_forward, row, active @ second + after, column),
        hidden=Sum(begins=float(x[column]), ends=float(active[unit]), dot=asked, places=tuple(range(len(x))), place=column),
        out=Sum(begins=float(active[unit]), ends=units.total, dot=units, places=tuple(fires), place=fires.index(unit)),
    )  # fmt: skip
