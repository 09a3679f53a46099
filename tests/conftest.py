"""What several tests need: one thread, repeatable hypotheses, and small things of prime sizes."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch; child processes inherit it

import pytest
import torch
from hypothesis import HealthCheck, settings

from transformer.config import Config
from transformer.corpora import Pair
from transformer.corpora.grammar_en_fr import generate
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.visitor import Visitor
    from transformer.checkpoint import Checkpoint

SEEN, SEEN_FRENCH = "The black cat sees the dog.", "Le chat noir voit le chien."

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


# What tests of pages share; a file that wants other models has fixtures of its own by these names.


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """A folder with one model of five heads, two layers and three."""
    from tests.pages.test_many_heads import small

    shelf = tmp_path_factory.mktemp("runs")
    small(shelf / "small", tokenizer)
    return shelf


@pytest.fixture
def folders(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Only the models of that folder, and nothing remembered."""
    import streamlit as st

    import transformer.checkpoint

    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (shelf,))
    yield shelf
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def checkpoint(shelf: Path) -> "Checkpoint":
    """That model, opened anew."""
    from transformer.checkpoint import load

    return load(shelf / "small")


@pytest.fixture
def session(shelf: Path, checkpoint: "Checkpoint") -> SimpleNamespace:
    """What a page would be given: `SEEN` and its French, searched greedily."""
    from ui.session import state
    from ui.session.walk import walk

    ids = (*checkpoint.tokenizer.encode(SEEN_FRENCH), checkpoint.model.config.end_id)
    return SimpleNamespace(
        walk=walk(checkpoint, SEEN, ids, forced=True), checkpoint=checkpoint, special=True, search=state.Search(1),
        origin=state.origin(shelf / "small"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """One Chromium."""
    from tests.browser.visitor import started

    with started() as browser:
        yield browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The running app, started as `make app` starts it. It wrote no traceback."""
    from tools.server import Server

    with Server() as server:
        server.wait()
        yield f"http://{server.address}"
        assert "Traceback" not in server.said()


@pytest.fixture
def visitor(browser: "Browser", address: str) -> "Iterator[Visitor]":
    """A visitor at a desk."""
    from tests.browser.visitor import Visitor

    visitor = Visitor(browser, address)
    yield visitor
    visitor.close()
