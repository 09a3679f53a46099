"""Untrained models that are ready in a moment, the same every time."""

from pathlib import Path

import torch

from transformer import checkpoint
from transformer.config import Config
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer

SIZES = {"d_model": 20, "heads": 5, "encoder_layers": 1, "decoder_layers": 3, "d_ff": 8, "max_positions": 128}


def untrained(tokenizer: Tokenizer, seed: int = 1, **sizes: int) -> Transformer:
    """A model of five heads, of `SIZES` but for those given."""
    torch.manual_seed(seed)
    return Transformer(Config(vocabulary_size=len(tokenizer), **SIZES | sizes)).eval()


def small_checkpoint(folder: Path, tokenizer: Tokenizer, decoder_layers: int = 3, **card: object) -> None:
    """Such a model, as a checkpoint."""
    checkpoint.save(folder, untrained(tokenizer, decoder_layers=decoder_layers), tokenizer, card)


def uneven_checkpoint(folder: Path, tokenizer: Tokenizer) -> None:
    """A checkpoint of five heads, two layers and three, whose biases and gains are not the trivial 0 and 1."""
    model = untrained(tokenizer, seed=4, encoder_layers=2, d_ff=17)
    for name, parameter in model.named_parameters():
        if name.endswith("bias") or ".norm." in name:
            torch.nn.init.normal_(parameter, mean=float(name.endswith("norm.weight")), std=0.3)
    checkpoint.save(folder, model, tokenizer, {})
