"""Reading fast: `Lean` is `reading.Cache` without what only someone who watches needs.

The numbers are the same, up to rounding. There are no scores and weights, because one call goes from queries, keys and values
to the heads, and no traces of the layers. W_Q, W_K and W_V of self-attention are one product, and the keys and values
that it makes stay together, so that they move together. The hypotheses of a sentence share its *memory*, the encoder's
output: they look at it like so many positions of one translation. A model that `what_if` has changed is read as `reading.changed` says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from weakref import WeakKeyDictionary

import torch
from torch import Tensor
from torch.nn import functional as F

from transformer.attention import MultiHeadAttention, padding_mask
from transformer.decoding.reading import Begin, Reader, changed, decoder_layers, source_rows
from transformer.layers import AddAndNorm, DecoderLayer
from transformer.model import Transformer
from transformer.trace import EncoderTrace
from transformer.translator import Translator

Linear = tuple[Tensor, Tensor]  # weight and bias
Norm = tuple[tuple[int, ...], Tensor, Tensor, float]  # shape, gain, bias and epsilon


@dataclass(frozen=True, slots=True)
class LeanLayer:
    """A decoder layer's weights in the order in which they are used, and what its cross-attention looks at."""

    own_W_QKV: Linear  # W_Q, W_K and W_V of self-attention, one below the other
    own_W_O: Linear
    own_norm: Norm
    cross_W_Q: Linear
    keys: Tensor  # of the encoder's output: memory head source d_head
    values: Tensor
    cross_W_O: Linear
    cross_norm: Norm
    W_1: Linear
    W_2: Linear
    last_norm: Norm


@dataclass(frozen=True, slots=True)
class Lean:
    """A `Reader`: the keys and values of all that has been read, and the weights at hand.

    Each memory has the same number of rows, one after the other.
    """

    model: Transformer
    layers: tuple[LeanLayer, ...]
    own: tuple[Tensor, ...]  # by layer, of the translation so far: row 2*head position d_head; the keys come first
    memory_mask: Tensor | None  # memory 1 1 source: True at every real source piece; None if all are

    def read(self, ids: Tensor) -> tuple[Tensor, "Lean"]:
        """See `Reader`."""
        heads, d_head = self.model.config.heads, self.model.config.d_head
        x, own = self.embed(ids), []  # row d_model
        for layer, earlier in zip(self.layers, self.own, strict=True):
            parts = F.linear(x, *layer.own_W_QKV).view(len(ids), 3 * heads, 1, d_head)
            own.append(torch.cat((earlier, parts[:, heads:]), dim=2))
            keys, values = own[-1].chunk(2, dim=1)  # row head position d_head
            seen = F.scaled_dot_product_attention(parts[:, :heads], keys, values).flatten(1)  # row d_model
            x = torch.layer_norm(x + F.linear(seen, *layer.own_W_O), *layer.own_norm)
            x = torch.layer_norm(x + F.linear(self.look(x, layer), *layer.cross_W_O), *layer.cross_norm)
            x = torch.layer_norm(x + F.linear(F.linear(x, *layer.W_1).relu_(), *layer.W_2), *layer.last_norm)
        return self.model.logits(x).log_softmax(-1), Lean(self.model, self.layers, tuple(own), self.memory_mask)

    def embed(self, ids: Tensor) -> Tensor:
        """The next piece of each row, `ids (row)`, with its position: `(row, d_model)`."""
        embedding, position = self.model.embedding, self.own[0].size(2)
        if position == len(embedding.positions):
            raise ValueError(f"All {position} positions that there are have been read.")
        return F.embedding(ids, self.model.matrix) * embedding.scale + embedding.positions[position]

    def look(self, x: Tensor, layer: LeanLayer) -> Tensor:
        """The heads of cross-attention, `(row, d_model)`. The rows of one memory are queries side by side."""
        config, memories = self.model.config, len(layer.keys)
        queries = F.linear(x, *layer.cross_W_Q).view(memories, -1, config.heads, config.d_head).transpose(1, 2)
        heads = F.scaled_dot_product_attention(queries, layer.keys, layer.values, self.memory_mask)
        return heads.transpose(1, 2).reshape(x.shape)  # from: memory head query d_head

    def select(self, rows: Tensor) -> "Lean":
        """See `Reader`."""
        own, memories = tuple(each.index_select(0, rows) for each in self.own), len(self.layers[0].keys)
        if memories == 1:
            return Lean(self.model, self.layers, own, self.memory_mask)
        owners = rows // (len(self.own[0]) // memories)  # row: which memory is its
        kept, counts = owners.unique_consecutive(return_counts=True)  # type: ignore[no-untyped-call]
        if len(counts.unique()) > 1:
            kept = owners  # of unequal numbers: a memory for each row
        if len(kept) == memories and (kept == torch.arange(memories, device=kept.device)).all():
            return Lean(self.model, self.layers, own, self.memory_mask)
        layers = tuple(replace(layer, keys=layer.keys[kept], values=layer.values[kept]) for layer in self.layers)
        return Lean(self.model, layers, own, None if self.memory_mask is None else self.memory_mask[kept])


@singledispatch
def lean(model: Translator, sources: Sequence[Sequence[int]]) -> Reader:  # noqa: ARG001 (each kind of model registers its own)
    """A fast reader that has read the `sources` and nothing of their translations yet. Each kind of model has its own."""
    raise TypeError(f"Nobody knows how a {type(model).__name__} is read.")


@lean.register
def _lean(model: Transformer, sources: Sequence[Sequence[int]]) -> Reader:
    return after(model, model.encode(source_rows(model, sources)))


def having_read(encoder: EncoderTrace) -> Begin:
    """To search where the encoder has been already: `beam(model, source_ids, begin=having_read(encoder))`."""
    return lambda model, _: after(model, encoder)


def after(model: Transformer, encoder: EncoderTrace) -> Reader:
    """A reader that has read what the encoder has, and nothing of the translations yet."""
    if model.changed:  # not only the weights count
        return changed(model, encoder)
    mask = padding_mask(encoder.embedding.ids, model.config.padding_id)
    layers = tuple(lean_layer(layer, encoder.output) for layer in decoder_layers(model))
    nothing = encoder.output.new_empty(len(encoder.output), 2 * model.config.heads, 0, model.config.d_head)
    return Lean(model, layers, (nothing,) * len(layers), None if mask.all() else mask)


def lean_layer(layer: DecoderLayer, encoded: Tensor) -> LeanLayer:
    """The layer's weights, and its keys and values of the encoder's output, `encoded (row, source, d_model)`."""
    own, cross, forward = layer.self_attention, layer.cross_attention, layer.feed_forward
    return LeanLayer(
        joined(own), linear(own.W_O), norm(layer.after_self_attention),
        linear(cross.W_Q), *cross.keys_and_values(encoded), linear(cross.W_O), norm(layer.after_cross_attention),
        linear(forward.W_1), linear(forward.W_2), norm(layer.after_feed_forward),
    )  # fmt: skip


def linear(module: torch.nn.Linear) -> Linear:
    """What `F.linear` needs after its input."""
    return module.weight, module.bias


def norm(module: AddAndNorm) -> Norm:
    """What `torch.layer_norm` needs after its input."""
    return module.norm.normalized_shape, module.norm.weight, module.norm.bias, module.norm.eps


MADE: WeakKeyDictionary[MultiHeadAttention, tuple[object, Linear]] = WeakKeyDictionary()  # and from what


def joined(attention: MultiHeadAttention) -> Linear:
    """W_Q, W_K and W_V as one, `(3*d_model, d_model)`: of a model that is not trained, made once.

    Where gradients may flow it is made for every search, because a fused optimiser does not count what it changes.
    """
    three = (attention.W_Q, attention.W_K, attention.W_V)
    parameters = [parameter for each in three for parameter in linear(each)]
    if any(parameter.requires_grad or parameter.is_inference() for parameter in parameters):
        return join(three)
    state = [(id(parameter), parameter.data_ptr(), parameter._version) for parameter in parameters]
    if (made := MADE.get(attention)) is None or made[0] != state:
        made = MADE[attention] = state, join(three)
    return made[1]


@torch.inference_mode(False)  # the searches are in this mode, but not all who use what is kept
@torch.no_grad()
def join(linears: Sequence[torch.nn.Linear]) -> Linear:
    """Linear layers as one. Its weight lies by columns, which makes products of one row faster."""
    return torch.cat([each.weight.T for each in linears], dim=1).T, torch.cat([each.bias for each in linears])
