"""Runs that are quiet."""

import pytest

from tests.transformer.training.small_runs import ONE
from transformer.training.run import Run


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run is in this process alone, and writes nothing for TensorBoard."""
    monkeypatch.setattr(Run, "logger", lambda _: lambda *_: None)
    monkeypatch.setattr("transformer.training.run.make_fabric", lambda _processes, _d_model: ONE)
