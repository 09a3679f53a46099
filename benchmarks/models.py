"""The same model three times: ours, `torch.nn.Transformer` as its users complete it, and Hugging Face's `MarianMTModel`.

Same sizes, random weights, post-norm, ReLU, sinusoidal positions, one matrix for both embeddings and the output.
Imported only inside contestants, because it imports torch.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import MarianConfig, MarianMTModel  # type: ignore[import-not-found]

from benchmarks.batches import made_up
from transformer.config import Config
from transformer.layers import sinusoidal_positions
from transformer.model import Transformer
from transformer.training.batches import Batch

CONFIG = Config(vocabulary_size=8000, d_model=256, heads=8, encoder_layers=3, decoder_layers=3, d_ff=1024, dropout=0.1)
BATCH_TOKENS = 3000  # a side, as the recipe has it


def ours(seed: int = 1) -> Transformer:
    """Our model."""
    torch.manual_seed(seed)
    return Transformer(CONFIG)


class TorchTransformer(nn.Module):
    """`nn.Transformer` with what it leaves to its users: embeddings, positions, masks and the output layer."""

    positions: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(CONFIG.vocabulary_size, CONFIG.d_model)
        nn.init.normal_(self.embedding.weight, std=CONFIG.d_model**-0.5)
        self.register_buffer("positions", sinusoidal_positions(CONFIG.max_positions, CONFIG.d_model))
        self.dropout = nn.Dropout(CONFIG.dropout)
        self.transformer = nn.Transformer(
            CONFIG.d_model, CONFIG.heads, CONFIG.encoder_layers, CONFIG.decoder_layers, CONFIG.d_ff, CONFIG.dropout,
            batch_first=True,
        )  # fmt: skip

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """The logits `(batch, position, vocabulary)`."""
        padding = source == CONFIG.padding_id
        later = torch.ones(target.size(1), target.size(1), dtype=torch.bool).triu(1)  # True where it must not look
        decoded = self.transformer(
            self.embed(source), self.embed(target), tgt_mask=later, tgt_is_causal=True, src_key_padding_mask=padding,
            tgt_key_padding_mask=target == CONFIG.padding_id, memory_key_padding_mask=padding,
        )  # fmt: skip
        return F.linear(decoded, self.embedding.weight)

    def embed(self, ids: Tensor) -> Tensor:
        """Rows times sqrt(d_model), plus positions, then dropout."""
        embedded: Tensor = self.dropout(self.embedding(ids) * math.sqrt(CONFIG.d_model) + self.positions[: ids.size(1)])
        return embedded


def marian(seed: int = 1) -> MarianMTModel:
    """`MarianMTModel` from its configuration. Its end logit is pushed down, so that every translation has full length."""
    torch.manual_seed(seed)
    config = MarianConfig(
        vocab_size=CONFIG.vocabulary_size, d_model=CONFIG.d_model, max_position_embeddings=CONFIG.max_positions,
        encoder_layers=CONFIG.encoder_layers, decoder_layers=CONFIG.decoder_layers, encoder_attention_heads=CONFIG.heads,
        decoder_attention_heads=CONFIG.heads, encoder_ffn_dim=CONFIG.d_ff, decoder_ffn_dim=CONFIG.d_ff, dropout=CONFIG.dropout,
        activation_function="relu", scale_embedding=True, init_std=CONFIG.d_model**-0.5, pad_token_id=CONFIG.padding_id,
        bos_token_id=CONFIG.start_id, eos_token_id=CONFIG.end_id, decoder_start_token_id=CONFIG.start_id, forced_eos_token_id=None,
    )  # fmt: skip
    model = MarianMTModel(config)
    model.final_logits_bias[0, [CONFIG.padding_id, CONFIG.start_id, CONFIG.end_id]] = -1e4
    return model


def batches(count: int, seed: int = 1) -> list[Batch]:
    """Batches of random ids, as large as the recipe has them."""
    return made_up(count, CONFIG.vocabulary_size, BATCH_TOKENS, seed)
