"""Compare with a relative on either side: what both write, how sure they are, and where they look, if they do."""

import json
from pathlib import Path

import pytest

import transformer.checkpoint
from tests.apps import app, html, sent, trouble
from tests.relatives.test_kept import keep
from tests.small_models import small_checkpoint
from transformer.tokenizer import Tokenizer
from ui.session import relatives, state

PAGE, TEXT = "pages/330_compare.py", "I see the dog."


@pytest.fixture
def shelf(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Transformer and three relatives."""
    small_checkpoint(tmp_path / "paper", tokenizer)
    for kind in ("gru", "bahdanau", "additive"):
        keep(tmp_path, kind, tokenizer)
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path,))
    return tmp_path


@pytest.mark.parametrize(
    ("a", "b", "maps"),
    [("paper", "gru", 1), ("gru", "paper", 1), ("bahdanau", "additive", 2), ("paper", "bahdanau", 2)],
)
def test_a_relative_stands_on_either_side(a: str, b: str, maps: int, shelf: Path) -> None:
    test = app(PAGE, checkpoint=a, cmp_other=b, text=TEXT)
    assert trouble(test) == []
    assert any("looks nowhere" in said for said in html(test)) == (maps == 1)
    assert sum("where it looks" in json.dumps(each) for each in sent(test)) == maps
    (paid,) = [said for said in html(test) if "nats a piece" in said]
    origins = {name: state.origin(shelf / name) for name in (a, b)}
    ids = relatives.written(origins[a], TEXT, state.Search(4))
    for origin in origins.values():
        given = relatives.passage(state.any_opened(origin), TEXT, ids, forced=True)
        assert f"<b>{given.loss:.3f}</b>" in paid, "B reads A's French, and so does A"


def test_two_transformers_are_compared_as_ever(shelf: Path, tokenizer: Tokenizer) -> None:
    small_checkpoint(shelf / "second", tokenizer)
    test = app(PAGE, checkpoint="paper", cmp_other="second", text=TEXT)
    assert trouble(test) == []
    assert any("of a row’s attention moves elsewhere" in said for said in html(test))


def test_sentences_are_compared_in_a_transformer_only(shelf: Path) -> None:
    """An address that asks for two sentences in a relative gets the comparison of models."""
    test = app(PAGE, checkpoint="gru", cmp_view="sentences", text=TEXT)
    assert trouble(test) == []
