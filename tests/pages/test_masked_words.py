"""Masked words: candidates, attention and tags are the models' own numbers, and every state of the blanks gets a sentence."""

import hashlib
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

import transformer.checkpoint
from pages.masked_words import asked, look, models
from systems import shelf as systems_shelf
from systems.masked import recorded
from systems.masked.entities import TAGS
from systems.masked.reader import FIRST, MASKS, Guesser
from systems.masked.tagger import Tagger
from tests import ROOT
from tests.apps import app, said, seen, sent, trouble
from tests.systems.small import fill

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/510_masked_words.py"
WORDS = ["the", "animal", "didn't", "cross", "the", "street", "because", "it", "was", "too", "tired", "."]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of each kind, with random weights."""
    folder = tmp_path_factory.mktemp("runs")
    fill(folder, "bert", "causal", "tagger")
    return folder


@pytest.fixture(autouse=True)
def alone(folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """None of the shipped systems."""
    monkeypatch.setattr(systems_shelf, "SHIPPED", tmp_path)
    monkeypatch.setattr(transformer.checkpoint, "SHIPPED", tmp_path)
    yield
    st.cache_data.clear()


def figure(test: AppTest, name: str) -> dict[str, Any]:
    """What was drawn under a name."""
    [text] = [each["steps"][0]["figure"] for each in sent(test) if each.get("name") == name]
    drawn: dict[str, Any] = json.loads(text)
    return drawn


def chances(kind: str, folders: Path, blanks: tuple[int, ...], at: int) -> tuple[list[str], np.ndarray]:
    """The vocabulary and how likely each word is, in NumPy from the encoder's output on."""
    model = systems_shelf.load(folders / kind).model
    assert isinstance(model, Guesser)
    ids = model.framed(WORDS)
    for place in blanks:
        ids[place + 1] = MASKS if kind == "bert" else 1
    with torch.no_grad():
        output = model.seen(torch.tensor([ids])).output[0, at + 1 if kind == "bert" else at].double().numpy()
    logits = model.matrix.double().numpy() @ output + model.bias.double().numpy()
    return [*model.words], np.exp(logits) / np.exp(logits).sum()


@pytest.mark.parametrize("kind", ["bert", "causal"])
def test_candidates_are_the_model_s_own(kind: str, folders: Path) -> None:
    test = app(PAGE, mw_blank="1.10", mw_at="10")
    assert not trouble(test)
    words, values = chances(kind, folders, (1, 10), 10)
    values[[0, 1, 2, 3]] = 0
    best = np.argsort(-values)[:8]
    [bars] = figure(test, f"mw_{kind}")["data"]
    assert bars["hovertext"] == [words[place] if words[place] != "<end>" else "(end of the sentence)" for place in best]
    assert np.allclose(bars["x"], values[best], atol=1e-5)


def test_the_first_word_blank_shows_both_and_a_click_its_sum(folders: Path) -> None:
    test = app(PAGE, mw_side="1", mw_point="2")
    assert not trouble(test)
    words, values = chances("causal", folders, (1,), 1)
    values[[0, 1, 2, 3]] = 0
    third = int(np.argsort(-values)[2])
    assert f"{100 * values[third]:.2f}" in said(test)
    assert "both sides in view" in seen(test)
    assert words[third] in said(test)


def test_attention_is_the_row_of_the_blank(folders: Path) -> None:
    test = app(PAGE, mw_view="attention", mw_blank="3")
    assert not trouble(test)
    drawn = np.array(figure(test, "mw_look")["data"][0]["z"])
    model = systems_shelf.load(folders / "bert").model
    assert isinstance(model, Guesser)
    ids = model.framed(WORDS)
    ids[4] = MASKS
    with torch.no_grad():
        trace = model.seen(torch.tensor([ids]))
    expected = np.concatenate([each.self_attention.weights[0, :, 4].numpy() for each in trace.layers])
    assert np.allclose(drawn, expected, atol=1e-5)
    assert np.allclose(drawn.sum(-1), 1)


def test_the_causal_model_looks_at_nothing_behind(folders: Path) -> None:
    test = app(PAGE, mw_view="attention", mw_blank="3", mw_read="causal")
    assert not trouble(test)
    drawn = np.array(figure(test, "mw_look")["data"][0]["z"])
    assert np.allclose(drawn[:, 4:], 0), "the word before the blank is at position 3"
    assert look.telling(drawn, 3)[1] in (1, 2)


def test_tags_are_the_tagger_s_own(folders: Path) -> None:
    test = app(PAGE, mw_view="names", mw_names="Tom lives in Boston.", mw_cell="3")
    assert not trouble(test)
    model = systems_shelf.load(folders / "tagger").model
    assert isinstance(model, Tagger)
    with torch.no_grad():
        output = (
            model(torch.tensor([model.framed(["tom", "lives", "in", "boston", "."])]))
            .encoder.output[0, 1:-1]
            .double()
            .numpy()
        )
    logits = output @ model.W_tag.weight.double().numpy().T + model.W_tag.bias.double().numpy()
    expected = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    assert np.allclose(np.array(figure(test, "mw_tags")["data"][0]["z"]).T, expected, atol=1e-5)
    assert f"{100 * expected[3, 0]:.1f}" in said(test), "the sum of the clicked cell: boston, O"
    assert TAGS[0] == "O"


def test_words_are_cut_and_written_blanks_are_found() -> None:
    assert asked.cut("The ___ didn't [MASK] it <mask>.") == (
        ["the", "___", "didn't", "___", "it", "___", "."],
        [1, 3, 5],
    )
    assert asked.cut("") == ([], [])


def test_a_written_blank_is_enough() -> None:
    test = app(PAGE, mw_text="The ____ sees the dog.")
    assert not trouble(test)
    assert figure(test, "mw_bert")


@pytest.mark.parametrize(("typed", "why"), [
    ("", "no word here yet"), ("?", "Everything is blank"),
    ("dog", "Everything is blank"), ("___ ___", "Everything is blank"), ("dog " * 500, "500 words are more"),
])  # fmt: skip
def test_what_cannot_be_filled_is_told(typed: str, why: str) -> None:
    test = app(PAGE, mw_text=typed)
    assert not trouble(test)
    assert any(why in each.value for each in test.info)
    assert seen(test)


def test_no_blank_is_told_and_so_is_all() -> None:
    assert any("Nothing is blank" in each.value for each in app(PAGE, mw_blank="none").info)
    assert any("Everything is blank" in each.value for each in app(PAGE, mw_text="a dog", mw_blank="0.1").info)


@pytest.mark.parametrize(
    "typed", ["한국어 문장입니다.", "<script>alert(1)</script> dog", "🙂 dog sees", "$x$ *dog* :red[it]"]
)
@pytest.mark.parametrize("view", ["fill", "attention"])
def test_strange_words_are_named(view: str, typed: str) -> None:
    test = app(PAGE, mw_view=view, mw_text=typed)
    assert not trouble(test)
    assert any("does not know" in each.value for each in test.caption)


@pytest.mark.parametrize("typed", ["", "dog " * 500, "한국어", "<b>Tom</b>", "Tom"])
def test_any_sentence_can_be_tagged_or_is_refused(typed: str) -> None:
    test = app(PAGE, mw_view="names", mw_names=typed)
    assert not trouble(test)
    assert seen(test)


def test_the_records_are_sound() -> None:
    for module in ("rates", "curve"):  # as a lesson that shows their code does
        importlib.import_module(f"systems.masked.recorded.{module}")
    rates, curve = recorded.of_rates(), recorded.of_curve()
    assert rates is not None
    assert [each.masking for each in rates.rates] == [0.05, 0.15, 0.4, 0.8]
    assert all(0 <= each.right <= 100 for each in rates.rates)
    assert curve is not None
    assert [each.sentences for each in curve.points] == sorted(each.sentences for each in curve.points)
    test = app(PAGE, mw_view="rate", mw_point="1")
    assert not trouble(test)
    assert f"{rates.rates[1].right:.1f}" in said(test)


def test_without_records_and_models_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "RATES", tmp_path / "none")
    monkeypatch.setattr(recorded, "CURVE", tmp_path / "none")
    monkeypatch.setitem(recorded.COMMANDS, tmp_path / "none", "a command")
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path,))
    for view in ("fill", "attention", "rate", "names"):
        assert not trouble(app(PAGE, mw_view=view))


def test_a_guess_is_remembered_by_its_sentence(folders: Path) -> None:
    origin = models.pair()["bert"]
    one, other = (models.guess(origin, tuple(WORDS), (place,), place) for place in (1, 5))
    assert one.position == 2
    assert other.position == 6
    assert not np.allclose(one.logits, other.logits)
    assert min(one.best(5)) >= FIRST - 1


def test_the_record_of_the_taggers_is_that_of_the_shipped_bert() -> None:
    curve, weights = recorded.of_curve(), ROOT / "pretrained" / "systems" / "bert-tatoeba" / "model.safetensors"
    assert curve is not None
    assert curve.base == hashlib.sha256(weights.read_bytes()).hexdigest(), (
        f"make it anew: {recorded.COMMANDS[recorded.CURVE]}"
    )
    assert all(each.pretrained > each.nothing for each in curve.points)


@pytest.mark.parametrize(
    ("typed", "told"), [("Alice went home.", "was in none"), ("Tom lives in Boston.", "learned by heart")]
)
def test_the_story_knows_whether_a_tagged_sentence_had_the_name(typed: str, told: str) -> None:
    assert any(told in " ".join(each.value.split()) for each in app(PAGE, mw_view="names", mw_names=typed).markdown)


def test_of_the_causal_model_the_row_is_that_of_the_word_before_the_blank() -> None:
    test = app(PAGE, mw_view="attention", mw_text="She ___ tea every day.", mw_read="causal")
    assert trouble(test) == []
    assert "of the attention of" in seen(test)
    assert any("never reads the blank" in each.value for each in test.markdown)
