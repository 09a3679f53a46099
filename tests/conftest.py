"""What several tests need: one thread, repeatable hypotheses, and small things of prime sizes."""

import os
from collections.abc import Iterator
from functools import cache

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch; child processes inherit it

import pytest
import torch
from hypothesis import HealthCheck, settings

from transformer.config import Config
from transformer.corpora import Pair
from transformer.corpora.grammar_en_fr import generate
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer

torch.set_num_threads(1)
settings.register_profile(
    "atlas", deadline=None, derandomize=True, database=None, max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
settings.load_profile("atlas")


@pytest.fixture(scope="session", autouse=True)
def packages_scanned_once() -> Iterator[None]:
    """Streamlit looks through all installed packages for components whenever an `AppTest` begins: 0.3 s, always the same answer."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def pairs() -> tuple[Pair, ...]:
    """Six hundred sentences of the grammar corpus."""
    return generate(seed=3, count=600)


@pytest.fixture(scope="session")
def tokenizer(pairs: tuple[Pair, ...]) -> Tokenizer:
    """A tokenizer of 600 pieces, trained on `pairs` in a moment."""
    return Tokenizer.train([side for pair in pairs for side in (pair.source, pair.target)], 600)


@pytest.fixture(scope="session")
def config() -> Config:
    """A tiny model in which no two axes have the same length."""
    return Config(
        vocabulary_size=101,
        d_model=30,
        heads=5,
        encoder_layers=2,
        decoder_layers=3,
        d_ff=37,
        max_positions=41,
        dropout=0.1,
    )


@pytest.fixture
def model(config: Config) -> Transformer:
    """A fresh untrained model in double precision, ready to evaluate; its norms and biases are not the trivial 1 and 0."""
    torch.manual_seed(1)
    model = Transformer(config).double().eval()
    for name, parameter in model.named_parameters():
        if name.endswith("bias") or ".norm." in name:
            torch.nn.init.normal_(parameter, mean=float(name.endswith("norm.weight")), std=0.3)
    model.embedding.positions = model.embedding.positions.double()
    return model


@pytest.fixture(scope="session")
def source() -> torch.Tensor:
    """Three sources of 11, 7 and 5 ids, padded on the right: `(3, 11)`."""
    return padded_rows((11, 7, 5), seed=2)


@pytest.fixture(scope="session")
def target() -> torch.Tensor:
    """Three targets of 13, 4 and 9 ids after the start id, padded on the right: `(3, 13)`."""
    rows = padded_rows((13, 4, 9), seed=3)
    rows[:, 0] = 1
    return rows


def padded_rows(lengths: tuple[int, ...], seed: int) -> torch.Tensor:
    """Random ids of no special piece, one row per length, then padding."""
    ids = torch.randint(3, 101, (len(lengths), max(lengths)), generator=torch.Generator().manual_seed(seed))
    return torch.where(torch.arange(max(lengths)) < torch.tensor(lengths)[:, None], ids, 0)
