"""What tests of pages share; a file that wants other models has fixtures of its own by these names."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

import transformer.checkpoint
from tests.apps import session_of
from tests.pages.trainings import Submitted, job
from tests.small_models import small_checkpoint, uneven_checkpoint
from transformer import jobs
from transformer.checkpoint import Checkpoint
from transformer.tokenizer import Tokenizer
from ui.frame import Session
from ui.session import state
from ui.session.walk import Walk
from ui.training import people, runs


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """A folder with one model of five heads, two layers and three."""
    shelf = tmp_path_factory.mktemp("runs")
    uneven_checkpoint(shelf / "small", tokenizer)
    return shelf


@pytest.fixture
def folders(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Only the models of that folder, and no numbers remembered."""
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (shelf,))
    yield shelf
    st.cache_data.clear()


@pytest.fixture
def forgotten(folders: Path) -> Iterator[Path]:
    """The same, and nothing at all remembered: neither corpora, which take seconds to read, nor what a what-if has changed."""
    yield folders
    st.cache_resource.clear()


@pytest.fixture
def origin(shelf: Path) -> state.Origin:
    """That model, as the caches know it."""
    return state.origin(shelf / "small")


@pytest.fixture
def checkpoint(shelf: Path) -> Checkpoint:
    """That model, opened anew."""
    return transformer.checkpoint.load(shelf / "small")


@pytest.fixture
def session(checkpoint: Checkpoint, origin: state.Origin) -> Session:
    """What a page would be given."""
    return session_of(checkpoint, origin=origin)


@pytest.fixture
def walked(session: Session) -> Walk:
    """Its sentence, with a forced translation."""
    return session.walk


@pytest.fixture
def empty_shelf(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shipped model, and an empty shelf for the runs. Nobody is known by a cookie."""
    small_checkpoint(tmp_path / "shipped" / "a_first", tokenizer, corpora=[{"name": "grammar-en-fr"}])
    (tmp_path / "runs").mkdir()
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path / "shipped", tmp_path / "runs"))
    monkeypatch.setattr(people, "cookie", lambda: "")
    for name in [name for name in os.environ if name.startswith("ATLAS_TRAINING")]:
        monkeypatch.delenv(name)
    runs.forget()
    yield tmp_path / "runs"
    runs.forget()
    st.cache_data.clear()


@pytest.fixture
def submitted(empty_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Submitted:
    """What was asked of the queue: name, arguments, token. Nothing is started."""
    asked: Submitted = []

    def submit(
        where: Path, name: str, arguments: tuple[str, ...], token: str, limits: jobs.Limits, address: str
    ) -> jobs.Job:
        assert where == empty_shelf
        asked.append((name, arguments, token))
        return job(empty_shelf, name, arguments=arguments, phase="finished")

    monkeypatch.setattr(jobs, "submit", submit)
    return asked
