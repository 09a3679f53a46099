"""The Transformer with another score: what additive attention, and a dot product that nobody scales, would have come to.

Section 3.2.1 of arXiv 1706.03762 compares them: additive attention (Bahdanau et al. 2015) and the dot product cost about as many
operations, but the dot product is one matrix product; unscaled, it grows with d_k and pushes the softmax to where it has no slope.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, cast

import torch
from torch import Tensor, nn

from relatives.config import ScoreSizes
from transformer.attention import Attended, MultiHeadAttention
from transformer.config import Config
from transformer.layers import DecoderLayer, EncoderLayer
from transformer.model import Transformer


class AdditiveAttention(MultiHeadAttention):
    """Multi-head attention whose heads score by v . tanh(q + k); W_Q and W_K are the W and the U of the additive score."""

    def __init__(self, d_model: int, heads: int) -> None:
        super().__init__(d_model, heads)
        self.v = nn.Parameter(torch.empty(heads, d_model // heads))
        nn.init.normal_(self.v, std=(d_model // heads) ** -0.5)

    def look(self, queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor, _first: int) -> Attended:
        """See `MultiHeadAttention`. In between there is a row of tanh for each pair: batch head query key d_head."""
        mixed = (queries[:, :, :, None] + keys[:, :, None]).tanh()
        scores = (mixed @ self.v[:, None, :, None])[..., 0]  # batch head query key
        return attended(scores, values, mask)


class UnscaledAttention(MultiHeadAttention):
    """Multi-head attention whose heads score by q . k as it is."""

    def look(self, queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor, _first: int) -> Attended:
        """See `MultiHeadAttention`."""
        return attended(queries @ keys.transpose(-2, -1), values, mask)


def attended(scores: Tensor, values: Tensor, mask: Tensor) -> Attended:
    """From scores on, as in `scaled_dot_product_attention`."""
    weights = scores.masked_fill(~mask, -math.inf).softmax(-1)
    return Attended(scores, weights, weights @ values)


class OtherTransformer(Transformer):
    """A Transformer all of whose attentions are of another class."""

    SIZES = ScoreSizes
    ATTENTION: type[MultiHeadAttention] = MultiHeadAttention
    changed = True  # searches must ask its own attentions

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        for layer in self.each_layer():
            for name, module in list(layer.named_children()):
                if isinstance(module, MultiHeadAttention):
                    setattr(layer, name, self.ATTENTION(config.d_model, config.heads))
        self.initialise()

    def each_layer(self) -> Iterator[EncoderLayer | DecoderLayer]:
        """The layers of both stacks."""
        yield from cast(Iterator[EncoderLayer], iter(self.encoder_layers))
        yield from cast(Iterator[DecoderLayer], iter(self.decoder_layers))


class AdditiveTransformer(OtherTransformer):
    """score = v . tanh(q + k)."""

    ATTENTION = AdditiveAttention
    ARCHITECTURE: ClassVar[Mapping[str, Any]] = {
        **Transformer.ARCHITECTURE,
        "scores": "v . tanh(q + k), v of each head learned; not divided",
    }


class UnscaledTransformer(OtherTransformer):
    """score = q . k, not divided by sqrt(d_k)."""

    ATTENTION = UnscaledAttention
    ARCHITECTURE: ClassVar[Mapping[str, Any]] = {**Transformer.ARCHITECTURE, "scores": "q . k, not divided"}
