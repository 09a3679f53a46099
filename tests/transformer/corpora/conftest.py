"""A cache for Tatoeba's text."""

from pathlib import Path

import pytest

from tests.transformer.corpora.tatoeba import FAKE_LINES
from transformer.corpora import tatoeba_en_fr


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, not there yet, in which a handful of pairs is an archive."""
    monkeypatch.setenv("ATLAS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(tatoeba_en_fr, "LEAST_PAIRS", len(FAKE_LINES))
    return tmp_path / "cache"
