"""What several rooms of the model need."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from transformer.corpora import Pair, split_of


@pytest.fixture(scope="session")
def table(pairs: tuple[Pair, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 101 pairs."""
    path = tmp_path_factory.mktemp("corpus") / "pairs.tsv"
    chosen = [pair for pair in pairs if split_of(pair.source) == "train"][:101]
    path.write_text("".join(f"{pair.source}\t{pair.target}\n" for pair in chosen), encoding="utf-8")
    return path


@pytest.fixture
def no_gradients() -> Iterator[None]:
    """Nothing remembers how it was computed."""
    with torch.inference_mode():
        yield
