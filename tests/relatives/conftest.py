"""Untrained relatives of prime sizes, and batches with padding."""

import pytest
import torch
from torch import Tensor

from transformer.config import Config
from transformer.family import class_of, kinds, sized
from transformer.translator import Translator

KINDS = [kind for kind in kinds() if kind != "transformer"]
BASE = Config(
    vocabulary_size=37, d_model=14, heads=7, encoder_layers=1, decoder_layers=2, d_ff=11, dropout=0.0, max_positions=64
)


def untrained(kind: str, config: Config = BASE) -> Translator:
    """A relative of the sizes `BASE`, whose biases are not the trivial 0."""
    torch.manual_seed(5)
    made: Translator = class_of(kind)(sized(kind, config)).eval().requires_grad_(False)
    for parameter in made.parameters():
        if parameter.dim() == 1:
            torch.nn.init.normal_(parameter, std=0.3)
    return made


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of relative."""
    return str(request.param)


@pytest.fixture
def relative(kind: str) -> Translator:
    """One of each kind."""
    return untrained(kind)


@pytest.fixture
def source() -> Tensor:
    """Three sentences of 11, 6 and 3 pieces, the end piece last, padded."""
    torch.manual_seed(2)
    ids = torch.randint(3, 37, (3, 11))
    for row, length in enumerate((11, 6, 3)):
        ids[row, length - 1], ids[row, length:] = 2, 0
    return ids


@pytest.fixture
def target() -> Tensor:
    """Three beginnings of translations, of 5, 8 and 8 pieces, the start piece first, padded."""
    torch.manual_seed(3)
    ids = torch.randint(3, 37, (3, 8))
    ids[:, 0] = 1
    ids[0, 5:] = 0
    return ids
