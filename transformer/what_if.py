"""What if the machine were different? A change is a small frozen value, and `apply` makes a changed model that shares all weights.

The shared model is never written to, so any number of sessions can change it at once. A changed model is a `Transformer` like any other:
its `forward` is its trace. It can be trained, too: `without` makes the broken models of the detective's page.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from transformer.attention import Attended, MultiHeadAttention, scaled_dot_product_attention
from transformer.layers import AddAndNorm, DecoderLayer, EncoderLayer, sinusoidal_positions
from transformer.model import Transformer
from transformer.numbers import Number, set_numbers, sharing
from transformer.trace import FeedForwardTrace, ResidualTrace

Kind = Literal["encoder", "decoder", "cross"]
How = Literal["off", "uniform", "mean"]
KINDS: tuple[Kind, ...] = ("encoder", "decoder", "cross")


class Head(NamedTuple):
    """One head of one attention, layer and head counted from 0."""

    kind: Kind
    layer: int
    head: int


class Row(NamedTuple):
    """A row of attention set by hand: where the head looks from position `query`. The shares need not sum to 1; they will."""

    head: Head
    query: int
    shares: tuple[float, ...]  # one for each key, none negative, not all 0; keys beyond them get nothing


class Mask(NamedTuple):
    """Who may look at whom in one kind of attention, in all layers: `allowed[query][key]`. Beyond it, the usual mask holds."""

    kind: Kind
    allowed: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What is different. `WhatIf()` is the model as it is. Raises `ValueError` with a sentence for what cannot be."""

    heads: tuple[tuple[Head, How], ...] = ()  # heads that are switched off, look everywhere alike, or say their mean
    rows: tuple[Row, ...] = ()
    masks: tuple[Mask, ...] = ()
    scaling: bool = True  # the division by sqrt(d_k)
    temperature: float = 1.0  # the scores are divided by it
    positions: bool = True  # whether any are added to the embeddings
    places: tuple[int, ...] = ()  # the sinusoid that each position gets instead of its own
    shift: int = 0  # added to every position
    residual: bool = True  # x + Sublayer(x), or Sublayer(x) alone
    norm: bool = True
    feed_forward: bool = True  # whether the feed-forward networks add anything
    causal: bool = True  # whether the decoder is kept from seeing what comes later
    removed: tuple[tuple[Literal["encoder", "decoder"], int], ...] = ()  # layers, counted from 0
    numbers: tuple[Number, ...] = ()  # set by hand

    def __post_init__(self) -> None:
        if not (self.temperature > 0 and math.isfinite(self.temperature)):
            raise ValueError(f"The temperature must be above 0, but is {self.temperature}.")
        if self.shift < 0 or any(place < 0 for place in self.places):
            raise ValueError("Positions cannot be below 0.")
        for row in self.rows:
            if not all(share >= 0 and math.isfinite(share) for share in row.shares) or not sum(row.shares) > 0:
                raise ValueError("A row of attention needs shares that are 0 or more, and one that is above 0.")
        for mask in self.masks:
            if not all(any(row) for row in mask.allowed):
                raise ValueError("Every position must be allowed to look at one position at least.")


class Patch(NamedTuple):
    """Heads' outputs put in the place of a model's own: activation patching. For one sentence, or the same for a whole batch."""

    kind: Kind
    layer: int
    where: Tensor  # head query, or batch head query: True where the value is replaced
    values: Tensor  # head query d_head: `AttentionTrace.heads` of another pass


Means = Mapping[tuple[Kind, int], Tensor]  # head d_head: what a head says on average


def apply(
    model: Transformer, what_if: WhatIf, means: Means | None = None, patches: Sequence[Patch] = (), gates: Tensor | None = None
) -> Transformer:  # fmt: skip
    """The changed model; `model` itself if nothing is different. All weights are shared.

    `means` are needed for heads that say their mean (see `mean_heads`). `gates (batch, all heads)`, in the order of `every_head`,
    multiplies the heads, for each sentence of a batch on its own. Raises `ValueError` for a head, layer or mean that is not there.
    """
    if what_if == WhatIf() and not patches and gates is None:
        return model
    check(model, what_if)
    changed = sharing(model)
    changed.changed = True
    for place, head in enumerate(every_head(model)):
        if head.head == 0:  # an attention begins
            gate = None if gates is None else gates[:, place : place + model.config.heads]
            own = [patch for patch in patches if (patch.kind, patch.layer) == head[:2]]
            original = attention(model, head.kind, head.layer)
            swap(changed, head, ChangedAttention(original, what_if, head, means or {}, own, gate))
    change_rest(changed, what_if)
    return changed


MISSING = {  # the parts that a model can be trained without
    "positions": WhatIf(positions=False),
    "scaling": WhatIf(scaling=False),
    "residual": WhatIf(residual=False),
    "norm": WhatIf(norm=False),
    "mask": WhatIf(causal=False),
}


def without(model: Transformer, part: str) -> Transformer:
    """The model without one of its parts, or `model` itself for "". Raises `ValueError` for a part that there is not."""
    if part and part not in MISSING:
        raise ValueError(f"A model cannot be without {part!r}; it can be without {', '.join(MISSING)}.")
    return apply(model, MISSING[part]) if part else model


def change_rest(changed: Transformer, what_if: WhatIf) -> None:
    """Single numbers, positions, residual connections, norms and layers of a copy."""
    set_numbers(changed, what_if.numbers)
    if not what_if.positions or what_if.places or what_if.shift:
        changed.embedding.positions = positions(changed, what_if)
    if not (what_if.residual and what_if.norm):
        for module in list(changed.modules()):
            for name, child in list(module.named_children()):
                if isinstance(child, AddAndNorm):
                    setattr(module, name, ChangedAddAndNorm(child, what_if.residual, what_if.norm))
    for layer in () if what_if.feed_forward else (*changed.encoder_layers, *changed.decoder_layers):
        layer.feed_forward.register_forward_hook(silenced)
    for stack, name in (("encoder", "encoder_layers"), ("decoder", "decoder_layers")):
        kept = [layer for number, layer in enumerate(getattr(changed, name)) if (stack, number) not in what_if.removed]
        setattr(changed, name, nn.ModuleList(kept))


def silenced(_module: nn.Module, _given: object, trace: FeedForwardTrace) -> FeedForwardTrace:
    """What a feed-forward network computes, but for its output, which adds nothing."""
    return replace(trace, output=torch.zeros_like(trace.output))


def check(model: Transformer, what_if: WhatIf) -> None:
    """Raises `ValueError` if the change names what the model does not have."""
    known, config = set(every_head(model)), model.config
    for head in [*(head for head, _ in what_if.heads), *(row.head for row in what_if.rows)]:
        if head not in known:
            where = f"in layer {head.layer + 1} of {head.kind} attention"
            raise ValueError(f"This model has no head {head.head + 1} {where}.")
    sizes = {"encoder": config.encoder_layers, "decoder": config.decoder_layers}
    for stack, layer in what_if.removed:
        if not 0 <= layer < sizes[stack]:
            raise ValueError(f"This model has no layer {layer + 1} in its {stack}.")


class ChangedAttention(MultiHeadAttention):
    """An attention with the weights of another, and a `look` that is changed."""

    def __init__(
        self, original: MultiHeadAttention, what_if: WhatIf, first: Head, means: Means, patches: Sequence[Patch], gates: Tensor | None
    ) -> None:  # fmt: skip
        nn.Module.__init__(self)
        self.number_of_heads = original.number_of_heads
        self.W_Q, self.W_K, self.W_V, self.W_O = original.W_Q, original.W_K, original.W_V, original.W_O
        here = first[:2]
        self.scaling, self.temperature = what_if.scaling, what_if.temperature
        self.switched = {head.head: how for head, how in what_if.heads if head[:2] == here}
        self.rows = [row for row in what_if.rows if row.head[:2] == here]
        self.allowed = next((torch.tensor(mask.allowed) for mask in what_if.masks if mask.kind == first.kind), None)
        self.sees_all = first.kind == "decoder" and not what_if.causal
        self.patches, self.gates = tuple(patches), gates
        self.mean = means.get((first.kind, first.layer))
        self.settled = not (self.sees_all or self.looks_ahead(first.kind) or self.patches or gates is not None)
        if "mean" in self.switched.values() and self.mean is None:
            raise ValueError("To let a head say its mean, the means have to be given.")

    def looks_ahead(self, kind: Kind) -> bool:
        """Whether a position of the translation looks at one that comes later: then it changes when that one comes."""
        painted = () if self.allowed is None else self.allowed.triu(1).any(1).tolist()
        return kind == "decoder" and (any(painted) or any(any(row.shares[row.query + 1 :]) for row in self.rows))

    def look(self, queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor, first: int) -> Attended:
        """Scores, weights and heads with all the changes, in the order of Figure 2: scale, mask, softmax, value."""
        factor = (1.0 if self.scaling else math.sqrt(queries.size(-1))) / self.temperature
        mask = self.painted(mask, queries.size(-2), keys.size(-2), first)
        scores, weights, heads = scaled_dot_product_attention(
            queries * factor if factor != 1 else queries, keys, values, mask
        )
        edited = self.edited(weights, mask, first)
        if edited is not weights:
            weights, heads = edited, edited @ values
        return Attended(scores, weights, self.spoken(heads))

    def painted(self, mask: Tensor, queries: int, keys: int, first: int) -> Tensor:
        """The mask with the learner's in its upper left corner; the decoder's replaces the causal one."""
        if self.sees_all:
            mask = mask[..., -1:, :].expand(*mask.shape[:2], queries, keys)  # the last row sees all but the padding
        if self.allowed is None or first >= len(self.allowed):
            return mask
        whole = mask.expand(*mask.shape[:2], queries, keys).clone()
        corner = self.allowed[first : first + queries, :keys].clone()
        corner[~corner.any(1), 0] = True  # while a translation grows, all that a row may see can still be to come
        whole[..., : len(corner), : corner.size(1)] = corner
        return whole

    def edited(self, weights: Tensor, mask: Tensor, first: int) -> Tensor:
        """The weights with heads that look everywhere alike, and rows set by hand."""
        uniform = [head for head, how in self.switched.items() if how == "uniform"]
        rows = [row for row in self.rows if first <= row.query < first + weights.size(-2)]
        if not uniform and not rows:
            return weights
        weights = weights.clone()
        for head in uniform:
            alike = mask.expand(weights.size(0), 1, *weights.shape[2:])[:, 0].to(weights.dtype)
            weights[:, head] = alike / alike.sum(-1, keepdim=True)
        for row in rows:
            shares = torch.zeros(weights.size(-1), dtype=weights.dtype)
            given = torch.tensor(row.shares[: len(shares)], dtype=weights.dtype)
            shares[: len(given)] = given
            if shares.sum() > 0:
                weights[:, row.head.head, row.query - first] = shares / shares.sum()
        return weights

    def spoken(self, heads: Tensor) -> Tensor:
        """What the heads say `(batch, head, query, d_head)`: nothing, their mean, or what another pass said."""
        if not (self.switched or self.patches or self.gates is not None):
            return heads
        heads = heads.clone()
        for head, how in self.switched.items():
            if how == "off":
                heads[:, head] = 0
            elif how == "mean" and self.mean is not None:
                heads[:, head] = self.mean[head]
        for patch in self.patches:
            heads = torch.where(patch.where[..., None], patch.values, heads)
        return heads if self.gates is None else heads * self.gates[:, :, None, None]


class ChangedAddAndNorm(AddAndNorm):
    """Add & Norm without the one or the other."""

    def __init__(self, original: AddAndNorm, residual: bool, norm: bool) -> None:
        nn.Module.__init__(self)
        self.dropout, self.norm, self.residual, self.normalises = original.dropout, original.norm, residual, norm

    def forward(self, x: Tensor, sublayer_output: Tensor) -> ResidualTrace:
        """As `AddAndNorm.forward`; where a part is missing, its input goes through."""
        whole = super().forward(x if self.residual else torch.zeros_like(x), sublayer_output)
        return whole if self.normalises else ResidualTrace(x, whole.added, whole.mean, whole.deviation, whole.added)


def every_head(model: Transformer) -> list[Head]:
    """All heads: encoder, decoder and cross-attention, each layer by layer."""
    config = model.config
    layers = {"encoder": config.encoder_layers, "decoder": config.decoder_layers, "cross": config.decoder_layers}
    return [Head(kind, layer, head) for kind in KINDS for layer in range(layers[kind]) for head in range(config.heads)]


def attention(model: Transformer, kind: Kind, layer: int) -> MultiHeadAttention:
    """The attention of that kind in that layer."""
    holder: EncoderLayer | DecoderLayer
    holder = model.encoder_layers[layer] if kind == "encoder" else model.decoder_layers[layer]  # type: ignore[assignment]
    return holder.cross_attention if kind == "cross" else holder.self_attention  # type: ignore[union-attr,return-value]


def swap(model: Transformer, head: Head, module: MultiHeadAttention) -> None:
    """Put `module` where the attention of `head` is."""
    holder = (model.encoder_layers if head.kind == "encoder" else model.decoder_layers)[head.layer]
    setattr(holder, "cross_attention" if head.kind == "cross" else "self_attention", module)


def positions(model: Transformer, what_if: WhatIf) -> Tensor:
    """The table of positions `(position, d_model)`, changed."""
    table = model.embedding.positions
    if not what_if.positions:
        return torch.zeros_like(table)
    places = torch.arange(len(table))
    given = torch.tensor(what_if.places[: len(table)], dtype=places.dtype)
    places[: len(given)] = given
    places = places + what_if.shift
    return sinusoidal_positions(int(places.max()) + 1, table.size(1)).to(table)[places]
