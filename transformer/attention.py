"""Attention: section 3.2 of "Attention Is All You Need" (arXiv 1706.03762), Eq. 1 and Figure 2.

First the pure function, then the module that owns its weights. The same code serves the three attentions of Figure 1: in
the encoder queries, keys and values come from the source; in the decoder from the target so far; in cross-attention the
queries come from the target and the keys and values from the encoder's output.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from transformer.trace import AttentionTrace

KeysAndValues = tuple[Tensor, Tensor]  # batch head key d_head, each


class Attended(NamedTuple):
    """What `scaled_dot_product_attention` computes on its way: scores, weights, and the heads they make."""

    scores: Tensor  # ... query key
    weights: Tensor  # ... query key
    heads: Tensor  # ... query d_head


def scaled_dot_product_attention(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Attended:
    """Attention(Q, K, V) = softmax(Q K^T / sqrt(d_k)) V, section 3.2.1, Eq. 1.

    Shapes: queries `(..., query, d_k)`, keys `(..., key, d_k)`, values `(..., key, d_v)`, mask broadcastable to
    `(..., query, key)` and True where a query may look at a key. Every query must be allowed at least one key:
    then each row of weights sums to 1, and the weight of every key that is not allowed is exactly 0.
    """
    scores = queries @ keys.transpose(-2, -1) / math.sqrt(queries.size(-1))  # ... query key
    weights = scores.masked_fill(~mask, -math.inf).softmax(dim=-1)  # ... query key
    return Attended(scores, weights, weights @ values)  # heads: ... query d_v


def causal_mask(length: int, device: torch.device | None = None) -> Tensor:
    """`(1, 1, length, length)`: True where key <= query, so that no position sees a later one (section 3.2.3)."""
    return torch.ones(length, length, dtype=torch.bool, device=device).tril()[None, None]


def padding_mask(ids: Tensor, padding_id: int) -> Tensor:
    """`(batch, 1, 1, position)`: True at every real piece of `ids (batch, position)`, False at the padding."""
    return (ids != padding_id)[:, None, None, :]


class MultiHeadAttention(nn.Module):
    """MultiHead(Q, K, V) = Concat(head_1, ..., head_h) W_O, section 3.2.2."""

    settled = True  # whether what a position sees stays the same when more positions come; `what_if` can end that

    def __init__(self, d_model: int, heads: int) -> None:
        super().__init__()
        self.number_of_heads = heads
        self.W_Q = nn.Linear(d_model, d_model)
        self.W_K = nn.Linear(d_model, d_model)
        self.W_V = nn.Linear(d_model, d_model)
        self.W_O = nn.Linear(d_model, d_model)

    def forward(self, asking: Tensor, answering: Tensor, mask: Tensor) -> AttentionTrace:
        """Let `asking (batch, query, d_model)` look at `answering (batch, key, d_model)` where `mask` is True."""
        return self.attend(asking, *self.keys_and_values(answering), mask)

    def keys_and_values(self, answering: Tensor) -> KeysAndValues:
        """The keys and values of `answering (batch, key, d_model)`: `(batch, head, key, d_head)` each."""
        return self.split_heads(self.W_K(answering)), self.split_heads(self.W_V(answering))

    def attend(self, asking: Tensor, keys: Tensor, values: Tensor, mask: Tensor, first: int = 0) -> AttentionTrace:
        """The same with keys and values that are there already: ask, weigh, concatenate the heads, mix them by W_O.

        `first` is the position of the first of `asking`.
        """
        queries = self.split_heads(self.W_Q(asking))
        scores, weights, heads = self.look(queries, keys, values, mask, first)
        output = self.W_O(heads.transpose(1, 2).flatten(2))  # batch query d_model
        mask = mask.expand(scores.size(0), 1, *scores.shape[2:])  # batch 1 query key
        return AttentionTrace(queries, keys, values, scores, mask, weights, heads, output)

    def look(self, queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor, _first: int) -> Attended:
        """What every head does, `(batch, head, position, d_head)` each; the one step that `what_if` changes."""
        return scaled_dot_product_attention(queries, keys, values, mask)

    def split_heads(self, projected: Tensor) -> Tensor:
        """`(batch, position, d_model)` to `(batch, head, position, d_head)`: each head gets its own slice."""
        parts: Tensor = projected.unflatten(-1, (self.number_of_heads, -1))  # type: ignore[no-untyped-call]
        return parts.transpose(1, 2)
