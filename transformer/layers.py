"""The layers of Figure 1 of "Attention Is All You Need" (arXiv 1706.03762), sections 3.1, 3.3, 3.4 and 3.5.

Post-norm, as in the paper: every sub-layer is followed by LayerNorm(x + Sublayer(x)).
"""

import math

import torch
from torch import Tensor, nn

from transformer.attention import KeysAndValues, MultiHeadAttention
from transformer.config import Config
from transformer.trace import DecoderLayerTrace, EmbeddingTrace, EncoderLayerTrace, FeedForwardTrace, ResidualTrace


def sinusoidal_positions(length: int, d_model: int) -> Tensor:
    """Section 3.5: PE(pos, 2i) = sin(pos / 10000^(2i/d_model)), PE(pos, 2i+1) = cos(same). `(length, d_model)`."""
    position = torch.arange(length, dtype=torch.float64)[:, None]  # length 1
    wavelength = 10000 ** (torch.arange(0, d_model, 2, dtype=torch.float64) / d_model)  # d_model/2
    angle = position / wavelength  # length d_model/2
    return torch.stack((angle.sin(), angle.cos()), dim=-1).flatten(1).float()  # length d_model


class Dropout(nn.Module):
    """Section 5.4: while training, set a share of the numbers to 0 and scale the rest up. The share is a multiple of 1/256.

    Its own because it draws one random byte a number, eight at a time, where `nn.Dropout` draws a 32-bit number each on a
    processor: a tenth of a whole training step.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.dropped = min(255, round(share * 256))  # of 256 equally likely bytes

    def forward(self, x: Tensor) -> Tensor:
        """`x` of any shape; the same when evaluating."""
        if not self.training or not self.dropped:
            return x
        numbers = torch.empty((x.numel() + 7) // 8, dtype=torch.int64, device=x.device).random_(-(2**63), None)
        kept = numbers.view(torch.uint8)[: x.numel()].view(x.shape) >= self.dropped
        return x * kept * (256 / (256 - self.dropped))


EPSILON = 1e-5  # under the root of LayerNorm, arXiv 1607.06450


class Embedding(nn.Module):
    """Sections 3.4 and 3.5: rows of a shared matrix times sqrt(d_model), plus sinusoidal positions, then dropout."""

    positions: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.scale = math.sqrt(config.d_model)
        self.dropout = Dropout(config.dropout)
        table = sinusoidal_positions(config.max_positions, config.d_model)
        self.register_buffer("positions", table, persistent=False)

    def forward(self, ids: Tensor, matrix: Tensor, first: int = 0) -> EmbeddingTrace:
        """Embed `ids (batch, position)` with `matrix (vocabulary, d_model)`; `first` is the first id's position."""
        if first + ids.size(1) > len(self.positions):
            raise ValueError(
                f"{first + ids.size(1)} pieces are more than the {len(self.positions)} positions there are."
            )
        rows = nn.functional.embedding(ids, matrix)  # batch position d_model
        scaled = rows * self.scale
        positions = self.positions[first : first + ids.size(1)]  # position d_model
        return EmbeddingTrace(ids, rows, scaled, positions, self.dropout(scaled + positions))


class FeedForward(nn.Module):
    """Section 3.3, Eq. 2: the same two linear layers with a ReLU between them, at every position."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.W_1 = nn.Linear(config.d_model, config.d_ff)
        self.W_2 = nn.Linear(config.d_ff, config.d_model)

    def forward(self, x: Tensor) -> FeedForwardTrace:
        """`x` and the output: `(batch, position, d_model)`."""
        hidden = self.W_1(x)  # batch position d_ff
        active = hidden.relu()
        return FeedForwardTrace(hidden, active, self.W_2(active))


class AddAndNorm(nn.Module):
    """Section 3.1: LayerNorm(x + Dropout(Sublayer(x))), with what LayerNorm computes on the way."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.dropout = Dropout(config.dropout)
        self.norm = nn.LayerNorm(config.d_model, EPSILON)

    def forward(self, x: Tensor, sublayer_output: Tensor) -> ResidualTrace:
        """`x`, `sublayer_output` and the output: `(batch, position, d_model)`."""
        added = x + self.dropout(sublayer_output)
        norm = self.norm
        # F.layer_norm, but it also hands out the mean and 1/deviation that it computes anyway
        output, mean, rate = torch.native_layer_norm(added, norm.normalized_shape, norm.weight, norm.bias, norm.eps)
        return ResidualTrace(x, added, mean, rate.detach().reciprocal(), output)


class EncoderLayer(nn.Module):
    """Self-attention over the source, then the feed-forward network."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.self_attention = MultiHeadAttention(config.d_model, config.heads)
        self.after_attention = AddAndNorm(config)
        self.feed_forward = FeedForward(config)
        self.after_feed_forward = AddAndNorm(config)

    def forward(self, x: Tensor, mask: Tensor) -> EncoderLayerTrace:
        """`x (batch, position, d_model)`; `mask` broadcastable to `(batch, head, position, position)`."""
        attention = self.self_attention(x, x, mask)
        attended = self.after_attention(x, attention.output)
        feed_forward = self.feed_forward(attended.output)
        fed = self.after_feed_forward(attended.output, feed_forward.output)
        return EncoderLayerTrace(x, attention, attended, feed_forward, fed, fed.output)


class DecoderLayer(nn.Module):
    """Masked self-attention over the target so far, cross-attention to the source, then the feed-forward network."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.self_attention = MultiHeadAttention(config.d_model, config.heads)
        self.after_self_attention = AddAndNorm(config)
        self.cross_attention = MultiHeadAttention(config.d_model, config.heads)
        self.after_cross_attention = AddAndNorm(config)
        self.feed_forward = FeedForward(config)
        self.after_feed_forward = AddAndNorm(config)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor, memory_mask: Tensor) -> DecoderLayerTrace:
        """`x (batch, position, d_model)` looks at itself under `mask`, at `memory (batch, source, d_model)` under the other."""
        own = self.self_attention.keys_and_values(x)
        return self.look(x, own, mask, self.cross_attention.keys_and_values(memory), memory_mask)

    def look(
        self, x: Tensor, own: KeysAndValues, mask: Tensor, memory: KeysAndValues, memory_mask: Tensor, first: int = 0
    ) -> DecoderLayerTrace:
        """The layer with the keys and values of both attentions already computed, as step-by-step decoding keeps them.

        `first` is the position of the first of `x`.
        """
        self_attention = self.self_attention.attend(x, *own, mask, first)
        seen = self.after_self_attention(x, self_attention.output)
        cross_attention = self.cross_attention.attend(seen.output, *memory, memory_mask, first)
        informed = self.after_cross_attention(seen.output, cross_attention.output)
        feed_forward = self.feed_forward(informed.output)
        fed = self.after_feed_forward(informed.output, feed_forward.output)
        return DecoderLayerTrace(x, self_attention, seen, cross_attention, informed, feed_forward, fed, fed.output)
