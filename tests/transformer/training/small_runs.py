"""Small runs: their recipe, their model, and how far one is."""

import json
from pathlib import Path

import torch
from lightning_fabric import Fabric
from safetensors import safe_open

from transformer.config import Config
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer
from transformer.training.recipe import Recipe

ONE = Fabric(accelerator="cpu", devices=1, precision="32-true")


def recipe(**fields: object) -> Recipe:
    """Three epochs of small batches, without dropout."""
    plain = {"corpus": "tiny", "epochs": 3, "batch_tokens": 199, "warm_up": 13, "peak_rate": 0.01, "dropout": 0.0}
    return Recipe(**{**plain, "snapshots": 0, **fields})


def fresh(recipe: Recipe, tokenizer: Tokenizer) -> Transformer:
    """The same small model every time."""
    torch.manual_seed(1)
    sizes = {"d_model": 20, "heads": 5, "encoder_layers": 1, "decoder_layers": 1, "d_ff": 37, "dropout": recipe.dropout}
    return Transformer(Config(vocabulary_size=len(tokenizer), **sizes))


def same(one: Transformer, other: Transformer) -> bool:
    """Whether two models are the same to the last bit."""
    return all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def position(state: Path) -> dict[str, float]:
    """How far a saved run is."""
    with safe_open(state, framework="pt") as file:
        return json.loads(file.metadata()["position"])
