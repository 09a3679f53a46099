"""The Transformer of Figure 1 of "Attention Is All You Need" (arXiv 1706.03762), whole.

`Transformer.forward(source, target)` returns a `Trace`: every tensor that was computed on the way to the logits. Training
reads `trace.logits` and drops the rest; the app draws the rest.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from transformer.attention import causal_mask, padding_mask
from transformer.config import Config
from transformer.layers import EPSILON, DecoderLayer, Embedding, EncoderLayer
from transformer.trace import DecoderTrace, EmbeddingTrace, EncoderTrace, Trace
from transformer.translator import Translator


class Transformer(Translator):
    """Encoder, decoder, and one matrix that embeds both languages and turns the decoder's output into logits."""

    SIZES = Config
    ARCHITECTURE: ClassVar[Mapping[str, Any]] = {
        "paper": "arXiv 1706.03762",
        "normalisation": "after each sub-layer: LayerNorm(x + Sublayer(x)), none before the first or after the last layer",
        "layer_norm_epsilon": EPSILON,
        "activation": "ReLU",
        "biases": "in all linear layers but the output, which is the embedding matrix transposed",
        "embedding": "rows of matrix times sqrt(d_model), plus positions; source, target and output share the matrix",
        "positions": "sinusoids, not learned: dimension 2i is sin(position / 10000^(2i / d_model)), 2i + 1 the cosine; position 0 first",
        "scores": "divided by sqrt(d_model / heads); heads are consecutive slices of W_Q, W_K, W_V",
    }
    config: Config

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.matrix = nn.Parameter(torch.empty(config.vocabulary_size, config.d_model))
        self.embedding = Embedding(config)
        self.encoder_layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.encoder_layers))
        self.decoder_layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.decoder_layers))
        self.initialise()

    def initialise(self) -> None:
        """Glorot for the linear layers; variance 1/d_model for the shared matrix, which is multiplied by sqrt(d_model)."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.matrix, std=self.config.d_model**-0.5)

    def forward(self, source: Tensor, target: Tensor, target_mask: Tensor | None = None) -> Trace:
        """Read `source (batch, position)`, read `target (batch, position)` so far, and score what follows each target piece.

        Both hold ids, padded on the right with `config.padding_id`; `target` begins with `config.start_id`. A `target_mask`
        takes the place of the decoder's own, to see what it is for: see `decode`.
        """
        encoder = self.encode(source)
        decoder = self.decode(target, encoder.output, padding_mask(source, self.config.padding_id), target_mask)
        return Trace(encoder, decoder, self.logits(decoder.output))

    def encode(self, source: Tensor) -> EncoderTrace:
        """The left side of Figure 1 over `source (batch, position)`."""
        return self.encode_embedded(self.embedding(source, self.matrix))

    def encode_embedded(self, embedding: EmbeddingTrace) -> EncoderTrace:
        """The encoder's layers over `embedding.output`, which need not be what its ids give; they only tell the padding."""
        mask = padding_mask(embedding.ids, self.config.padding_id)
        x, layers = embedding.output, []
        for layer in self.encoder_layers:
            layers.append(layer(x, mask))
            x = layers[-1].output
        return EncoderTrace(embedding, tuple(layers), x)

    def decode(
        self, target: Tensor, memory: Tensor, memory_mask: Tensor, target_mask: Tensor | None = None
    ) -> DecoderTrace:
        """The right side of Figure 1 over `target (batch, position)`, looking at `memory (batch, source, d_model)`.

        Each position sees itself and what is before it, unless a `target_mask`, broadcastable to `(batch, head, target,
        target)` and True where a position may look, says otherwise; every position must be allowed to see at least one.
        """
        mask = causal_mask(target.size(1), target.device) if target_mask is None else target_mask
        mask = mask & padding_mask(target, self.config.padding_id)
        embedding = self.embedding(target, self.matrix)
        x, layers = embedding.output, []
        for layer in self.decoder_layers:
            layers.append(layer(x, memory, mask, memory_mask))
            x = layers[-1].output
        return DecoderTrace(embedding, tuple(layers), x)

    def decoded(self, source: Tensor, target: Tensor) -> Tensor:
        """See `Translator`: the decoder's output."""
        return self.decode(target, self.encode(source).output, padding_mask(source, self.config.padding_id)).output
