"""What is said where a translation may be wrong."""

from dataclasses import replace

import pytest

from tests import ROOT
from transformer import checkpoint
from transformer.checkpoint import Checkpoint
from ui.frame import doubts
from ui.session.walk import Walk, walk


@pytest.mark.parametrize(("text", "found"), [
    ("Il a vu le chat et il a vu le chat.", "il a vu le"), ("a b c a b c", "a b c"), ("non non non", "non"), ("le le chat", ""),
    ("très très", ""), ("Le chat voit le chien.", ""), ("", ""), ("oui", ""), ("je le sais, je le sais bien", "je le"),
])  # fmt: skip
def test_a_translation_that_repeats_itself_is_said(text: str, found: str) -> None:
    said = doubts.repeated(text)
    assert (f"“{found}" in said) if found else said == ""


@pytest.fixture(scope="module")
def grammar() -> Checkpoint:
    """The small trained model."""
    return checkpoint.load(ROOT / "pretrained" / "grammar-en-fr")


@pytest.fixture(scope="module")
def own(grammar: Checkpoint) -> Walk:
    """A translation of it."""
    ids = (*grammar.tokenizer.encode("Le chat dort."), grammar.model.config.end_id)
    return walk(grammar, "The cat sleeps.", ids, forced=False)


def test_an_empty_or_cut_translation_is_said(own: Walk) -> None:
    assert doubts.ended(own) == ""
    assert "empty" in doubts.ended(replace(own, target_text=" "))
    assert f"after {len(own.written)} pieces" in doubts.ended(replace(own, finished=False))


def test_an_unsure_model_is_said_with_its_worst_piece(own: Walk) -> None:
    sure = replace(own, chances=(0.9,) * len(own.written))
    assert doubts.unsure(sure) == ""
    told = doubts.unsure(replace(own, chances=(0.4, 0.01, *(0.4,) * (len(own.written) - 2))))
    assert "0.01 for “chat”" in told


def test_words_that_were_hardly_met_are_said(grammar: Checkpoint) -> None:
    tokenizer = grammar.tokenizer
    assert "Blorptastic" in doubts.cut_up(tokenizer, "The Blorptastic cat sleeps.")
    assert doubts.cut_up(tokenizer, "The cat sleeps.") == ""
    assert "猫" in doubts.unmet(tokenizer, "The 猫 sleeps.")
