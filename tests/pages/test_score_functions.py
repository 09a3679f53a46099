"""The page about score functions: its numbers are the trace's, term by term, and what an address asks for in vain counts as not asked."""

import re
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
import torch

import transformer.checkpoint
from pages.score_functions import pictures
from pages.score_functions.chosen import as_checkpoint
from pages.score_functions.three import FUNCTIONS, additive, fitted, three
from relatives.scaling import recorded, vectors
from tests import ROOT, apps
from tests.apps import html, room, seen, sent, trouble
from transformer.checkpoint import load, load_any, save
from transformer.family import class_of, sized
from ui.session import attentions
from ui.session.attentions import Attention

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE, TEXT = "pages/430_score_functions.py", "The black cat sleeps here."
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
ASKED = {"text": TEXT, "checkpoint": "grammar-en-fr", "search": "greedy"}


@pytest.fixture
def others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two relatives, untrained but for what they share with the small trained model; they stand beside the shipped ones."""
    shipped = load("grammar-en-fr")
    for kind in ("additive", "unscaled"):
        torch.manual_seed(2)
        model = class_of(kind)(sized(kind, shipped.model.config))
        model.load_state_dict(shipped.model.state_dict(), strict=False)
        save(tmp_path / kind, model, shipped.tokenizer, {"corpora": shipped.card["corpora"]})
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (ROOT / "pretrained", tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def view() -> Attention:
    """The decoder's first attention of the small trained model."""
    return attentions.attention(apps.session_of(load("grammar-en-fr")), "decoder", 0)


def test_the_model_s_own_score_and_weights_are_the_trace_s(view: Attention) -> None:
    for head in range(4):
        found = three(view, head)
        assert found.own == "scaled"
        np.testing.assert_allclose(found.scores[FUNCTIONS.index("scaled")], view.scores[head], atol=2e-4)
        np.testing.assert_allclose(found.weights[FUNCTIONS.index("scaled")], view.weights[head], atol=1e-5)
        assert (found.weights[:, ~view.mask] == 0).all()


@pytest.mark.parametrize("kind", ["additive", "unscaled"])
def test_a_relative_s_own_score_is_its_trace_s_and_its_v_the_learned_one(kind: str, others: Path) -> None:
    opened = load_any(others / kind)
    view = attentions.attention(apps.session_of(as_checkpoint(opened)), "cross", 1)
    for head in range(4):
        found = three(view, head)
        assert found.own == {"additive": "additive", "unscaled": "dot"}[kind]
        place = FUNCTIONS.index(found.own)
        np.testing.assert_allclose(found.scores[place], view.scores[head], atol=2e-4)
        np.testing.assert_allclose(found.weights[place], view.weights[head], atol=1e-5)
        assert (found.explained is None) == (kind == "additive")


def test_the_page_s_menu_takes_another_model_and_the_sidebar_brings_its_own_back(others: Path) -> None:
    test = apps.app(PAGE, **ASKED, sf_model="additive")
    assert trouble(test) == []
    assert "was learned in training" in looks(test)
    assert test.selectbox(key="pick_sf_model").value == "additive"
    test.selectbox(key="checkpoint").set_value("tatoeba-en-fr").run()
    assert trouble(test) == []
    assert test.selectbox(key="pick_sf_model").value == "tatoeba-en-fr"
    assert "one is fitted here" in looks(test)


def test_where_the_sidebar_holds_a_relative_it_is_shown(others: Path) -> None:
    test = apps.app(PAGE, **ASKED | {"checkpoint": "additive"}, sf_view="scaling")
    assert trouble(test) == []
    assert "of its <b>24</b> heads" in seen(test)


def looks(test: apps.AppTest) -> str:
    """The line over the picture."""
    return next(each["steps"][0]["look"] for each in sent(test) if "steps" in each)


def test_each_score_is_the_sum_of_its_terms_and_torch_s(view: Attention) -> None:
    found, (query, key) = three(view, 1), (4, 2)
    q, k, v = (torch.tensor(each) for each in (found.queries[query], found.keys[key], found.v))
    expected = [v @ torch.tanh(q + k), q @ k, q @ k / 4]
    for function, scores, each in zip(FUNCTIONS, found.scores, expected, strict=True):
        total = found.terms(function, query, key).products.sum() / (4 if function == "scaled" else 1)
        np.testing.assert_allclose([scores[query, key], total], float(each), rtol=1e-9)


def test_a_fitted_v_finds_the_one_that_made_the_scores_whatever_a_row_has_in_common() -> None:
    lots = np.random.default_rng(5)
    queries, keys, v = lots.normal(size=(7, 3)), lots.normal(size=(11, 3)), np.array([1.5, -0.5, 2.0])
    scores = additive(queries, keys, v) + lots.normal(size=(7, 1))
    mask = np.tri(7, 11, 4, dtype=bool)
    found, explained = fitted(queries, keys, scores, mask)
    np.testing.assert_allclose(found, v, atol=1e-9)
    assert explained == pytest.approx(1)
    assert fitted(queries, keys, lots.normal(size=(7, 11)), mask)[1] < 0.5


def test_the_dot_product_is_a_straight_line_of_the_length_and_a_cosine_of_the_angle(view: Attention) -> None:
    found = three(view, 0)
    longer, around = (pictures.curve(found, each, 3, 2) for each in ("length", "angle"))
    np.testing.assert_allclose(longer.scores[1], longer.x * found.scores[1, 3, 2], rtol=1e-9)
    size = np.linalg.norm(found.queries[3]) * np.linalg.norm(found.keys[2])
    np.testing.assert_allclose(around.scores[1], size * np.cos(np.radians(around.x)), atol=1e-9 * size)
    assert (
        np.abs(
            [
                longer.scores[0],
            ]
        )
        <= longer.bound
    ).all()


def test_turning_a_query_that_lies_along_the_key_or_is_nothing_keeps_its_length() -> None:
    key = np.array([1.0, 2.0, 2.0])
    for query in (2 * key, -key, np.zeros(3)):
        lengths = np.linalg.norm(pictures.turned(query, key), axis=-1)
        np.testing.assert_allclose(lengths, np.linalg.norm(query), atol=1e-9)
    assert np.isfinite(pictures.turned(key, np.zeros(3))).all()


def test_the_first_line_says_the_three_weights_of_the_chosen_cell() -> None:
    test = apps.app(PAGE, **ASKED, source="3", key="2", head="2")
    assert trouble(test) == []
    inside = [float(each) for each in re.findall(r"<b>([01]\.\d\d)</b>", seen(test))]
    softmax = room(test).partition("softmax")[2]
    found = [
        float(each.replace("×10⁻", "e-").translate(RAISED))
        for each in re.findall(r"<b>([\d.×⁻¹\d⁰²³⁴-⁹]+)</b>", softmax)
    ]
    assert inside == [pytest.approx(each, abs=0.006) for each in found]
    assert "<b>black</b>" in seen(test)


def test_a_click_on_a_bar_chooses_its_function_and_its_key() -> None:
    test = apps.app(PAGE, **ASKED, source="3", key="4", sf_function="additive")
    marked = re.findall(r"<li class=now[^>]*><span class=\"what\">([^<]*)", room(test))
    assert marked == ["tanh", "v · tanh"]
    assert any("np.tanh" in each.value for each in unfold_numpy(test).code)


def unfold_numpy(test: apps.AppTest) -> apps.AppTest:
    """The page with the lines in NumPy."""
    test.session_state["fold_numpy"] = True
    return test.run()


@pytest.mark.parametrize("asked", [
    {"sf_view": "nonsense", "sf_function": "<b>", "sf_point": "99", "layer": "77", "head": "mean", "kind": "up"},
    {"sf_picture": "length", "sf_point": "-3", "sf_function": "dot", "kind": "cross"},
    {"sf_picture": "angle", "text": "Yes", "kind": "decoder", "special": "false"},
    {"sf_picture": "row", "text": "안녕 🐶", "source": "0"},
])  # fmt: skip
def test_whatever_an_address_asks_for_there_is_a_picture_and_its_sum(asked: dict[str, str]) -> None:
    test = apps.app(PAGE, **ASKED | asked)
    apps.stands_at_every_depth(test)
    assert "atlas-sum" in room(test)
    assert len(sent(test)) >= 2
    assert html(test)


def test_the_point_of_random_vectors_is_the_root_of_the_mean_square_of_its_products() -> None:
    test = apps.app(PAGE, **ASKED, sf_view="scaling", sf_series="random", sf_size="5", sf_seed="7")
    queries, keys = (each[0] for each in vectors.vectors(64, len(words_of(test)), 7))
    assert apps.told(test, (queries @ keys.T).std(), "spread", "d_k = <b>64</b>")
    assert apps.told(test, queries[0] @ keys[0], "q · k")
    assert apps.told(test, vectors.drawn(64, len(words_of(test)), 7).spread.mean(), "40 draws")


def words_of(test: apps.AppTest) -> list[object]:
    """The pieces of the sentence: what the strip of chips was sent."""
    return next(each["source"] for each in sent(test) if "source" in each)


def test_this_model_s_heads_are_points_with_their_own_numbers() -> None:
    test = apps.app(PAGE, **ASKED, sf_view="scaling", sf_series="own", sf_size="6")
    session = load("grammar-en-fr")
    inside = re.search(r"This model: <b>encoder, layer (\d), head (\d)</b>", room(test))
    assert inside
    assert (inside[1], inside[2]) == ("2", "3")
    ids = torch.tensor([[*session.tokenizer.encode(TEXT), session.model.config.end_id]])
    with torch.inference_mode():
        attention = session.model.encode(ids).layers[1].self_attention
    assert apps.told(test, float(attention.scores[0, 2].std(correction=0)) * 4, "spread")


def test_a_trained_model_s_point_says_what_is_on_record() -> None:
    record = next(each for each in recorded.models() if each.d_k == 16 and not each.scaled)
    test = apps.app(PAGE, **ASKED, sf_view="scaling", sf_measure="gradient", sf_series="unscaled", sf_size="2")
    assert apps.told(
        test, np.mean([head.gradient for head in record.after]), "4</b> heads of d_k = <b>16</b>, not divided"
    )
    assert apps.told(test, record.loss, "nats per piece")
    learned = apps.app(PAGE, **ASKED, sf_view="scaling", sf_measure="learned")
    assert f"<b>{record.exact_match:.1f} %</b>" not in seen(learned)
    assert "with the division" in seen(learned)


@pytest.mark.parametrize("text", [None, "{"])
def test_without_a_record_the_rest_stands_and_a_sentence_names_the_command(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "scaling.json"
    if text is not None:
        path.write_text(text)
    monkeypatch.setattr(recorded, "TRAINED", path)
    st.cache_data.clear()
    for measure in ("spread", "learned"):
        test = apps.app(PAGE, **ASKED, sf_view="scaling", sf_measure=measure)
        apps.unfold(test, "numbers", "formula", "code")
        assert trouble(test) == []
        told = " ".join(each.value for each in [*test.caption, *test.info])
        assert "scaling.json is" in told
        assert "python -m relatives.scaling" in told
    st.cache_data.clear()


@pytest.mark.parametrize("asked", [
    {"sf_measure": "up", "sf_series": "<b>", "sf_size": "77", "sf_seed": "-4"},
    {"sf_measure": "entropy", "sf_series": "own", "sf_size": "99999", "text": "Yes"},
    {"sf_measure": "gradient", "sf_series": "raw", "sf_size": "8", "sf_seed": "1e9"},
    {"sf_measure": "learned", "sf_series": "own", "sf_size": "1"},
])  # fmt: skip
def test_whatever_an_address_asks_for_there_is_a_picture_by_d_k(asked: dict[str, str]) -> None:
    test = apps.app(PAGE, **ASKED | {"sf_view": "scaling"} | asked)
    apps.stands_at_every_depth(test)
    assert "atlas-sum" in room(test)


def test_the_cost_of_a_point_is_the_record_s() -> None:
    test = apps.app(PAGE, **ASKED, sf_view="cost", sf_line="known_dot", sf_length="3")
    [one] = [each for each in recorded.costs()[1] if (each.function, each.n) == ("dot", 64)]
    assert apps.told(test, one.seconds * 1e3, "n = <b>64</b>")
    assert f"= <b>{8 * 64 * 64 * 64:,}</b>" in room(test)
    assert recorded.costs()[0] in " ".join(each.value for each in test.caption)


def test_a_press_measures_here_and_both_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relatives.scaling.cost.jobs", lambda: [(name, n) for n in (8, 16) for name in FUNCTIONS])
    test = apps.app(PAGE, **ASKED, sf_view="cost")
    test.button(key="sf_measuring_measure").click().run()
    for _turn in range(5):
        test.run()
    assert trouble(test) == []
    assert "<b>here</b>" in seen(test)
    assert "additive, here</b>: n = <b>16</b>" in room(test)
    [figure] = [each for each in sent(test) if "steps" in each]
    assert "on record" in figure["steps"][0]["figure"]


@pytest.mark.parametrize("text", [None, '{"costs": [{}]}'])
def test_without_a_record_of_costs_it_can_still_be_measured(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "score_costs.json"
    if text is not None:
        path.write_text(text)
    monkeypatch.setattr(recorded, "COSTS", path)
    test = apps.app(PAGE, **ASKED, sf_view="cost", sf_line="<b>", sf_length="99", sf_cost="no")
    assert trouble(test) == []
    assert "score_costs.json is" in " ".join(each.value for each in test.caption)
    assert test.button(key="sf_measuring_measure").label
