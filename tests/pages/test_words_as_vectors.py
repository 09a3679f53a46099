"""Words as vectors: every number on the page is the model's own, and whatever is typed gets a sentence."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import transformer.checkpoint
from pages.words_as_vectors import found, layers
from systems import shelf as systems_shelf
from systems.vectors.fasttext import hashed, n_grams
from tests.apps import app, said, seen, sent, trouble
from tests.small_models import small_checkpoint
from tests.systems.small import fill
from transformer.checkpoint import Checkpoint
from transformer.tokenizer import Tokenizer
from ui.session import state, systems
from ui.session.systems import origin_of
from ui.show import sums

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/490_words_as_vectors.py"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """One of each kind of word vectors, an ELMo, a BERT, and a translator."""
    folder = tmp_path_factory.mktemp("runs")
    fill(folder, "skip-gram", "cbow", "glove", "fasttext", "elmo", "bert")
    small_checkpoint(folder / layers.TRANSLATOR, tokenizer)
    return folder


@pytest.fixture(autouse=True)
def alone(folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """None of the shipped systems."""
    monkeypatch.setattr(systems_shelf, "SHIPPED", tmp_path)
    monkeypatch.setattr(transformer.checkpoint, "SHIPPED", tmp_path)
    yield
    st.cache_data.clear()


def figure(test: AppTest, name: str) -> dict[str, list[dict[str, list[float]]]]:
    """What was drawn under a name."""
    [text] = [each["steps"][0]["figure"] for each in sent(test) if each.get("name") == name]
    drawn: dict[str, list[dict[str, list[float]]]] = json.loads(text)
    return drawn


def rows(kind: str, folders: Path) -> tuple[list[str], np.ndarray]:
    """The words and the rows of a model, from its weights alone."""
    model = systems_shelf.load(folders / kind).model
    weights = {name: each.double().numpy() for name, each in model.state_dict().items()}
    if kind == "glove":
        return [*model.words], weights["w"] + weights["u"]
    if kind == "fasttext":
        made = [
            weights["v"][place] + sum((weights["z"][hashed(gram) % 50] for gram in n_grams(word, 3, 6)), np.zeros(5))
            for place, word in enumerate(model.words)
        ]
        return [*model.words], np.stack(made)
    return [*model.words], weights["v"]


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    """By its definition."""
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


@pytest.mark.parametrize("kind", found.KINDS)
def test_the_neighbours_are_those_of_the_rows(kind: str, folders: Path) -> None:
    test = app(PAGE, wv_model=kind, wv_word="Dog")
    assert not trouble(test)
    words, matrix = rows(kind, folders)
    values = {
        word: cosine(row, matrix[words.index("dog")])
        for word, row in zip(words[2:], matrix[2:], strict=True)
        if word != "dog"
    }
    best = sorted(values, key=lambda word: -values[word])[:8]
    [bars] = figure(test, "wv_near")["data"]
    assert bars["hovertext"] == best
    assert np.allclose(bars["x"], [values[word] for word in best], atol=1e-5)
    assert f"{values[best[0]]:.3f}" in seen(test)


def test_an_analogy_adds_the_rows_number_by_number(folders: Path) -> None:
    test = app(PAGE, wv_view="analogy", wv_a="man", wv_b="woman", wv_c="boy", wv_model="skip-gram", wv_cell="16")
    assert not trouble(test)
    words, matrix = rows("skip-gram", folders)
    a, b, c = (
        matrix[words.index(word)] / np.linalg.norm(matrix[words.index(word)]) for word in ("man", "woman", "boy")
    )
    target = b - a + c
    drawn = np.array(figure(test, "wv_terms")["data"][0]["z"])
    assert np.allclose(drawn[:4], [b, -a, c, target], atol=1e-5)
    values = {
        word: cosine(row, target)
        for word, row in zip(words[2:], matrix[2:], strict=True)
        if word not in ("man", "woman", "boy")
    }
    best = max(values, key=lambda word: values[word])
    assert figure(test, "wv_answers")["data"][0]["hovertext"][0] == best
    assert f"{target[1]:.3f}".replace("-", "−") in said(test), "the sum of the cell in row 3, dimension 1"


def test_the_map_is_that_of_the_principal_components(folders: Path) -> None:
    test = app(PAGE, wv_view="map", wv_list="dog man woman boy girl zzz", wv_model="cbow")
    assert not trouble(test)
    words, matrix = rows("cbow", folders)
    chosen = np.stack([matrix[words.index(word)] for word in ("dog", "man", "woman", "boy", "girl")])
    chosen /= np.linalg.norm(chosen, axis=1, keepdims=True)
    values = np.sort(np.linalg.eigvalsh(np.cov(chosen.T)))[::-1]
    assert f"<b>{100 * values[:2].sum() / values.sum():.0f}</b>" in seen(test)
    marks = figure(test, "wv_map")["data"][1]
    assert np.isclose(np.var(marks["x"]) * 5 / 4, values[0], atol=1e-5)
    assert any("zzz" in each.value for each in test.caption)


def test_only_fasttext_has_a_row_for_a_new_word(folders: Path) -> None:
    test = app(PAGE, wv_view="parts", wv_unknown="lightdog")
    assert not trouble(test)
    words, matrix = rows("fasttext", folders)
    z = systems_shelf.load(folders / "fasttext").model.state_dict()["z"].double().numpy()
    row = sum(z[hashed(gram) % 50] for gram in n_grams("lightdog", 3, 6))
    assert isinstance(row, np.ndarray)
    best = max(range(2, len(words)), key=lambda place: cosine(matrix[place], row))
    assert figure(test, "wv_made")["data"][0]["hovertext"][0] == words[best]
    assert "never read" in seen(test)
    assert said(test).count("none: it was never read") == 3
    part = app(PAGE, wv_view="parts", wv_unknown="lightdog", wv_part="0")
    assert f"{hashed('<li') % 50}" in said(part)


def test_one_row_against_two_vectors(folders: Path) -> None:
    test = app(PAGE, wv_view="context")
    assert not trouble(test)
    lines = {each["name"]: each["y"] for each in figure(test, "wv_layers")["data"] if "name" in each}
    assert np.allclose(lines["static"], 1)
    for kind, name in (("elmo", "ELMo"), ("bert", "BERT")):
        origin = systems.models((kind,))[kind]
        one, other = (
            layers.read(kind, origin, text, "light").vectors
            for text in ("Please turn on the light.", "This box is very light.")
        )
        assert one is not None
        assert other is not None
        values = [cosine(*each) for each in zip(one, other, strict=True)]
        assert np.allclose(lines[name], values, atol=1e-5)
        assert values[0] == pytest.approx(1)
        assert values[-1] < 0.999


def test_the_pieces_of_a_word_are_found() -> None:
    assert layers.covering([" the", " li", "ght", ".", " light"], "light") == [1, 2]
    assert layers.covering([" de", "light", " light", "s"], "light") == []
    assert layers.covering([" it", "'s", " it", "."], "it's") == [0, 1]


def test_the_encoder_s_vectors_are_those_of_its_layers(folders: Path) -> None:
    checkpoint = state.opened(state.origin(folders / layers.TRANSLATOR))
    assert isinstance(checkpoint, Checkpoint)
    found_ = layers.in_pieces(checkpoint, "The dog sees the cat.", "dog")
    assert found_.vectors is not None
    assert len(found_.vectors) == 1 + checkpoint.model.config.encoder_layers


def test_all_analogies_are_counted(folders: Path) -> None:
    right, total = found.score(origin_of(folders / "glove"))
    assert total == 6, "he and she, man and woman, boy and girl: every two of them"
    assert 0 <= right <= total


BAD = ("", "   ", "?!", "zzzz", "한국어", "<script>alert(1)</script>", "🙂", "word " * 500)


@pytest.mark.parametrize("typed", BAD)
@pytest.mark.parametrize(
    ("view", "key"),
    [("near", "wv_word"), ("analogy", "wv_b"), ("map", "wv_list"), ("parts", "wv_unknown"), ("context", "wv_same")],
)
def test_whatever_is_typed_gets_a_sentence(view: str, key: str, typed: str) -> None:
    test = app(PAGE, wv_view=view, **{key: typed})
    assert not trouble(test)
    assert test.info or "wv_" in json.dumps([each.get("name", "") for each in sent(test)])
    assert seen(test)


def test_a_sentence_without_the_word_is_told() -> None:
    test = app(PAGE, wv_view="context", wv_second="There is nothing here.")
    assert not trouble(test)
    assert any("Sentence 2 does not have the word light" in each.value for each in test.info)


def test_without_a_model_the_page_says_how_to_train_one(
    folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path / "none",))
    test = app(PAGE)
    assert not trouble(test)
    assert any("skip-gram" in each.value for each in test.code)


def test_an_unknown_word_is_one_click_from_its_parts() -> None:
    test = app(PAGE, wv_word="lightish", wv_model="cbow")
    test.button(key="wv_to_parts").click().run()
    assert not trouble(test)
    assert "lightish" in seen(test)
    assert figure(test, "wv_made")


@pytest.mark.parametrize("kind", found.KINDS)
def test_the_words_expected_beside_are_those_of_the_loss(kind: str, folders: Path) -> None:
    test = app(PAGE, wv_with="beside", wv_word="dog", wv_model=kind)
    assert not trouble(test)
    words, matrix = rows(kind, folders)
    weights = {
        name: each.double().numpy() for name, each in systems_shelf.load(folders / kind).model.state_dict().items()
    }
    dog = words.index("dog")
    scores = (
        weights["w"][dog] @ weights["u"].T + weights["b"][dog] + weights["c"]
        if kind == "glove"
        else weights["u"] @ matrix[dog]
    )
    values = scores if kind == "glove" else 1 / (1 + np.exp(-scores))
    best = np.argsort(-scores[2:])[:8] + 2
    [bars] = figure(test, "wv_beside")["data"]
    assert bars["hovertext"] == [words[place] for place in best]
    assert np.allclose(bars["x"], values[best], atol=1e-5)
    told = np.exp(values[best[0]]) if kind == "glove" else -np.log(1 - values[best[0]])
    assert sums.number(float(told)) in said(test), "the count that it tells; the loss if the pair were drawn by lot"
