"""Everything a forward pass computes, by name: the one thing that training, tests and pictures all read.

Each module's `forward` returns one of these. Names are those of "Attention Is All You Need" (arXiv 1706.03762); the string beside
each tensor names its axes. The same axis name has the same length everywhere within one trace node (see `axes`), and the app
labels its pictures with it. Nothing here is rounded or averaged.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any, get_args, get_type_hints

from torch import Tensor


@dataclass(frozen=True, slots=True)
class AttentionTrace:
    """Multi-head attention, section 3.2 and Figure 2, left to right."""

    queries: Annotated[Tensor, "batch head query d_head"]
    keys: Annotated[Tensor, "batch head key d_head"]
    values: Annotated[Tensor, "batch head key d_head"]
    scores: Annotated[Tensor, "batch head query key"]  # Q K^T / sqrt(d_k), before the mask
    mask: Annotated[Tensor, "batch 1 query key"]  # True where the query may look
    weights: Annotated[Tensor, "batch head query key"]  # softmax of the allowed scores
    heads: Annotated[Tensor, "batch head query d_head"]  # weights @ values
    output: Annotated[Tensor, "batch query d_model"]  # Concat(heads) W_O


@dataclass(frozen=True, slots=True)
class FeedForwardTrace:
    """Position-wise feed-forward network, section 3.3, Eq. 2: max(0, x W_1 + b_1) W_2 + b_2."""

    hidden: Annotated[Tensor, "batch position d_ff"]  # x W_1 + b_1
    active: Annotated[Tensor, "batch position d_ff"]  # max(0, hidden)
    output: Annotated[Tensor, "batch position d_model"]


@dataclass(frozen=True, slots=True)
class ResidualTrace:
    """The Add & Norm box around a sub-layer, section 3.1: LayerNorm(x + Sublayer(x)), LayerNorm in its parts."""

    input: Annotated[Tensor, "batch position d_model"]  # x
    added: Annotated[Tensor, "batch position d_model"]  # x + Sublayer(x)
    mean: Annotated[Tensor, "batch position 1"]
    deviation: Annotated[Tensor, "batch position 1"]  # sqrt(variance + epsilon)
    output: Annotated[Tensor, "batch position d_model"]  # gain * (added - mean) / deviation + bias


@dataclass(frozen=True, slots=True)
class EncoderLayerTrace:
    """One of the N layers on the left of Figure 1."""

    input: Annotated[Tensor, "batch position d_model"]
    self_attention: AttentionTrace
    after_attention: ResidualTrace
    feed_forward: FeedForwardTrace
    after_feed_forward: ResidualTrace
    output: Annotated[Tensor, "batch position d_model"]


@dataclass(frozen=True, slots=True)
class DecoderLayerTrace:
    """One of the N layers on the right of Figure 1."""

    input: Annotated[Tensor, "batch position d_model"]
    self_attention: AttentionTrace
    after_self_attention: ResidualTrace
    cross_attention: AttentionTrace  # queries from the decoder, keys and values from the encoder's output
    after_cross_attention: ResidualTrace
    feed_forward: FeedForwardTrace
    after_feed_forward: ResidualTrace
    output: Annotated[Tensor, "batch position d_model"]


@dataclass(frozen=True, slots=True)
class EmbeddingTrace:
    """The bottom of Figure 1, sections 3.4 and 3.5."""

    ids: Annotated[Tensor, "batch position"]
    rows: Annotated[Tensor, "batch position d_model"]  # rows of the shared matrix
    scaled: Annotated[Tensor, "batch position d_model"]  # rows * sqrt(d_model)
    positions: Annotated[Tensor, "position d_model"]  # sinusoids
    output: Annotated[Tensor, "batch position d_model"]  # scaled + positions, after dropout


@dataclass(frozen=True, slots=True)
class EncoderTrace:
    """The whole left side of Figure 1."""

    embedding: EmbeddingTrace
    layers: tuple[EncoderLayerTrace, ...]
    output: Annotated[Tensor, "batch position d_model"]  # the memory that the decoder looks at


@dataclass(frozen=True, slots=True)
class DecoderTrace:
    """The whole right side of Figure 1, below the last linear layer."""

    embedding: EmbeddingTrace
    layers: tuple[DecoderLayerTrace, ...]
    output: Annotated[Tensor, "batch position d_model"]


@dataclass(frozen=True, slots=True)
class Trace:
    """One forward pass of the whole Transformer. `logits[:, t]` scores the piece that follows target position `t`."""

    encoder: EncoderTrace
    decoder: DecoderTrace
    logits: Annotated[Tensor, "batch position vocabulary"]


def tensors(node: Any, path: str = "") -> Iterator[tuple[str, Tensor, str]]:
    """Every tensor below `node` as (dotted path, tensor, axis names), such as `decoder.layers.0.cross_attention.weights`."""
    if isinstance(node, tuple):
        for index, item in enumerate(node):
            yield from tensors(item, f"{path}.{index}")
    elif is_dataclass(node):
        hints = get_type_hints(type(node), include_extras=True)
        for field in fields(node):
            value, here = getattr(node, field.name), f"{path}.{field.name}".lstrip(".")
            if isinstance(value, Tensor):
                yield here, value, get_args(hints[field.name])[1]
            else:
                yield from tensors(value, here)


def axes(trace_type: type, field: str) -> tuple[str, ...]:
    """The axis names of a field, for labels: `axes(AttentionTrace, "weights") == ("batch", "head", "query", "key")`."""
    return tuple(get_args(get_type_hints(trace_type, include_extras=True)[field])[1].split())
