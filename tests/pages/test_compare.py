"""The page that compares two models: every number against single forward passes, awkward pairs, and what vanishes meanwhile."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

from pages.compare import maps
from tests.apps import SEEN, SEEN_FRENCH, app, headed, html, pictures, room, seen, sent, trouble, unfold, written
from tests.figures.samples import cells
from tests.small_models import untrained
from transformer import checkpoint
from transformer.analysis.compare import kinship, total_variation, unmatched
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer

pytestmark = [
    pytest.mark.usefixtures("forgotten"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
PAGE, TEXT, FRENCH = "pages/330_compare.py", SEEN, SEEN_FRENCH
MINE = {"text": TEXT, "target": "mine", "french": FRENCH}
ONE = {"d_model": 14, "heads": 1, "encoder_layers": 2, "decoder_layers": 1, "d_ff": 9}
STEPS = (0, 5, 40)


def louder(model: Transformer) -> Transformer:
    """The same model, further on."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.1 * torch.randn_like(parameter)
    return model


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer, pairs) -> Path:
    """Five heads with a past, one head, another tokenizer, and one that reads only short sentences."""
    shelf = tmp_path_factory.mktemp("runs")
    model = untrained(tokenizer, 4)
    for step in STEPS:
        checkpoint.save_snapshot(shelf / "a_past", louder(model), step, {"steps": step})
    checkpoint.save(shelf / "a_past", model, tokenizer, {})
    checkpoint.save(shelf / "b_one", untrained(tokenizer, 5, **ONE), tokenizer, {})
    other = Tokenizer.train([side for pair in pairs for side in (pair.source, pair.target)], 360)
    checkpoint.save(shelf / "c_other", untrained(other, 6), other, {})
    checkpoint.save(shelf / "d_short", untrained(tokenizer, 7, max_positions=8), tokenizer, {})
    return shelf


def figures(test: AppTest) -> dict[str, dict[str, Any]]:
    """The figures that the page sent to the browser, by name."""
    return {each["name"]: json.loads(each["steps"][0]["figure"]) for each in sent(test) if "steps" in each}


def weights(name: str, kind: str, layer: int, head: int | None, text: str = TEXT, french: str = FRENCH) -> np.ndarray:
    """The weights of one model (query, key) by a forward pass of its own."""
    opened = checkpoint.load(name)
    encode = opened.tokenizer.encode
    with torch.inference_mode():
        trace = opened.model(torch.tensor([[*encode(text), 2]]), torch.tensor([[1, *encode(french)]]))
    node = trace.encoder.layers[layer] if kind == "encoder" else trace.decoder.layers[layer]
    found = (node.cross_attention if kind == "cross" else node.self_attention).weights[0].numpy()
    return found.mean(0) if head is None else found[head]


# Numbers.


@pytest.mark.parametrize("special", ["true", "false"])
@pytest.mark.parametrize("head", ["mean", "4"])
@pytest.mark.parametrize("kind", ["encoder", "decoder", "cross"])
def test_both_maps_and_their_difference_are_those_of_the_models(
    folders: Path, kind: str, head: str, special: str
) -> None:
    layer = 0 if kind == "encoder" else 1
    asked = {"checkpoint": "a_past", "moment": "5", "cmp_other": "a_past", "cmp_moment": "0", "special": special}
    test = app(PAGE, **MINE, **asked, kind=kind, layer=str(layer + 1), head=head)
    assert trouble(test) == []
    number = None if head == "mean" else int(head) - 1
    a, b = (weights(f"a_past@{step}", kind, layer, number) for step in (5, 0))
    found = figures(test)
    assert set(found) == {"compare_a", "compare_b", "compare_difference"}
    for name, expected in (("compare_a", a), ("compare_b", b), ("compare_difference", b - a)):
        shown = cells(found[name], a.shape)
        there = ~np.isnan(shown)
        assert there.all() == (special == "true")
        assert there.sum() > a.size // 2
        np.testing.assert_allclose(shown[there], expected[there], atol=1e-4)
    rows = np.flatnonzero(~np.isnan(cells(found["compare_difference"], a.shape)).all(1))
    expected = 0.5 * np.abs(b - a).sum(1)[rows]
    np.testing.assert_allclose(found["compare_difference"]["data"][1]["x"], expected, atol=1e-4)
    assert f"{0.5 * np.abs(b - a).sum(1).mean():.3f}" in seen(test)


def test_a_chosen_cell_is_told_with_both_numbers_and_the_difference(folders: Path) -> None:
    asked = {
        "checkpoint": "a_past",
        "cmp_other": "a_past",
        "cmp_moment": "0",
        "kind": "cross",
        "layer": "3",
        "head": "2",
    }
    test = app(PAGE, **MINE, **asked, piece="2", source="3")
    a, b = weights("a_past", "cross", 2, 1), weights("a_past@0", "cross", 2, 1)
    row = 0.5 * np.abs(b - a)[1].sum()
    difference = f"{b[1, 2] - a[1, 2]:+.3f}".replace("-", "−")
    for number in (f"{a[1, 2]:.3f}", f"{b[1, 2]:.3f}", difference, f"{row:.3f}"):
        assert f"<b>{number}</b>" in room(test)
    for figure in figures(test).values():
        assert figure["layout"]["shapes"], "the chosen cell is ringed"


def test_the_table_holds_the_same_numbers(folders: Path) -> None:
    asked = {
        "checkpoint": "a_past",
        "cmp_other": "a_past",
        "cmp_moment": "0",
        "kind": "decoder",
        "layer": "1",
        "head": "1",
    }
    test = app(PAGE, **MINE, **asked)
    test.session_state["compare_table"] = True
    test.run()
    assert trouble(test) == []
    table = test.dataframe[0].value
    a, b = weights("a_past", "decoder", 0, 0), weights("a_past@0", "decoder", 0, 0)
    np.testing.assert_allclose(table["A"], a.ravel(), atol=1e-4)
    np.testing.assert_allclose(table["B"], b.ravel(), atol=1e-4)
    np.testing.assert_allclose(table["B − A"], (b - a).ravel(), atol=1e-4)
    np.testing.assert_allclose(table.iloc[:, -1], np.repeat(0.5 * np.abs(b - a).sum(1), a.shape[1]), atol=1e-4)


def test_probabilities_are_those_of_each_models_own_translation(folders: Path) -> None:
    test = app(PAGE, text=TEXT, search="greedy", checkpoint="a_past", cmp_other="b_one")
    shown = next(said for said in html(test) if "atlas-own" in said)
    for name in ("a_past", "b_one"):
        opened = checkpoint.load(name)
        source = torch.tensor([[*opened.tokenizer.encode(TEXT), 2]])
        read = [1]
        with torch.inference_mode():
            first = opened.model(source, torch.tensor([read])).logits[0, -1].softmax(-1)
        chance = float(first.max())
        assert f"{100 * chance:.1f} %" in shown or f"{100 * chance:.0f} %" in shown
    assert shown.count("<dt>") == 2


def test_what_differs_is_framed_and_told_to_those_who_do_not_see_it() -> None:
    assert unmatched("▁le ▁chat ▁noir".split(), "▁le ▁chien ▁noir".split()) == ({1}, {1})
    assert unmatched("▁a ▁b".split(), "▁a ▁b".split()) == (frozenset(), frozenset())
    assert unmatched([], ["▁a"]) == (frozenset(), {0})
    assert unmatched("▁x ▁le ▁le".split(), "▁le".split()) == ({0, 2}, frozenset())
    assert unmatched("▁L ' an im al </s>".split(), "▁L ' animal </s>".split()) == (frozenset(), frozenset()), (
        "one word, cut otherwise"
    )


def test_total_variation_is_that_of_probability_theory() -> None:
    """The largest difference that any set of keys makes."""
    dice = np.random.default_rng(3)
    a, b = (dice.dirichlet(np.ones(6), size=4).astype(np.float32) for _ in range(2))
    sets = np.array([[mask >> key & 1 for key in range(6)] for mask in range(64)])
    np.testing.assert_allclose(total_variation(a, b), ((b - a) @ sets.T).max(1), atol=1e-6)
    assert total_variation(a, a).max() == 0


def test_kinship_tells_moments_of_one_training_from_strangers(folders: Path, tokenizer: Tokenizer) -> None:
    past, begun = checkpoint.load("a_past").model, checkpoint.load("a_past@0").model
    stranger = untrained(tokenizer, 99)
    assert kinship(past, past) == pytest.approx(1)
    assert kinship(past, begun) > 0.3
    assert abs(kinship(past, stranger)) < 0.15
    assert kinship(past, checkpoint.load("b_one").model) == 0
    heads = untrained(tokenizer, 4, heads=4)
    assert kinship(heads, untrained(tokenizer, 4)) == 0, "other heads, though the matrices have the same shapes"


@pytest.mark.parametrize(("place", "expected"), [(0, 0), (1, 2), (2, 1), (3, None), (None, None)])
def test_a_pieces_partner_is_the_same_piece_of_the_same_turn(place: int | None, expected: int | None) -> None:
    assert maps.partner(["le", "chat", "le", "le"], place, ["le", "le", "chat"]) == expected


# What both read.


def test_both_read_the_french_of_one_of_them(folders: Path) -> None:
    asked = {
        "text": TEXT,
        "search": "greedy",
        "checkpoint": "a_past",
        "cmp_other": "b_one",
        "kind": "decoder",
        "layer": "1",
    }
    texts = {}
    for whose, name in (("a", "a_past"), ("b", "b_one")):
        test = app(PAGE, **asked, cmp_read=whose)
        assert trouble(test) == []
        assert test.segmented_control(key="pick_cmp_read").value == whose
        found = figures(test)
        assert (
            found["compare_a"]["data"][0]["meta"]["cells"]["rows"]
            == found["compare_b"]["data"][0]["meta"]["cells"]["rows"]
        )
        texts[name] = found["compare_a"]["data"][0]["meta"]["cells"]["rows"]
    assert texts["a_past"] != texts["b_one"], "two untrained models write different things"


def test_with_the_learners_french_nobody_is_asked_whose(folders: Path) -> None:
    test = app(PAGE, **MINE, checkpoint="a_past", cmp_other="b_one", cmp_read="b")
    assert trouble(test) == []
    assert not [each for each in test.segmented_control if each.key == "pick_cmp_read"]
    rows = figures(test)["compare_b"]["data"][0]["meta"]["cells"]["rows"]
    assert len(rows) == len(checkpoint.load("b_one").tokenizer.encode(FRENCH)) + 1


# Pairs that do not fit.


def test_other_pieces_stand_side_by_side_with_a_reason(folders: Path) -> None:
    test = app(PAGE, **MINE, checkpoint="a_past", cmp_other="c_other", kind="cross", piece="1", source="1")
    assert trouble(test) == []
    assert set(figures(test)) == {"compare_a", "compare_b"}
    assert any("cut the sentence into different pieces" in said for said in written(test))
    a = weights("a_past", "cross", 2, None)
    assert f"<b>{a[0, 0]:.3f}</b>" in room(test)
    assert "B − A" not in room(test)
    for depth in ("numbers", "formula"):
        unfold(test, depth)
        assert trouble(test) == []
        assert not any("[[" in said.value for said in test.markdown)


@pytest.mark.parametrize(("kind", "layer", "head", "lacking"), [
    ("cross", "1", "3", "b_one has no head 3"), ("cross", "3", "1", "b_one has no layer 3"), ("encoder", "2", "1", "a_past has no layer 2"),
    ("decoder", "2", "5", "b_one has no layer 2"),
])  # fmt: skip
def test_a_layer_or_head_that_only_one_has_is_named(
    folders: Path, kind: str, layer: str, head: str, lacking: str
) -> None:
    test = app(
        PAGE, **MINE, checkpoint="a_past", cmp_other="b_one", kind=kind, layer=layer, head=head, piece="2", source="2"
    )
    assert trouble(test) == []
    assert lacking in test.info[0].value.replace("\\", "")
    assert len(figures(test)) == 1
    assert any("Only one of the two models" in said.value for said in test.markdown)


def test_heads_of_strangers_are_said_to_be_strangers(folders: Path) -> None:
    def said(**asked: str) -> bool:
        test = app(PAGE, **MINE, checkpoint="a_past", kind="cross", layer="1", **asked)
        assert trouble(test) == []
        return any("nothing in common" in each.value for each in test.markdown)

    assert said(cmp_other="b_one", head="1")
    assert not said(cmp_other="b_one", head="mean")
    assert not said(cmp_other="a_past", cmp_moment="0", head="1")


@pytest.mark.parametrize("read", ["a", "b"])
def test_a_model_that_cannot_read_it_says_so_and_another_can_be_chosen(folders: Path, read: str) -> None:
    test = app(PAGE, text=f"{TEXT} {TEXT}", search="greedy", checkpoint="a_past", cmp_other="d_short", cmp_read=read)
    assert trouble(test) == []
    assert "For model B, the sentence has" in test.info[0].value.replace("\\", "")
    assert len(headed(test)) == 1
    test.selectbox(key="cmp_other").set_value("b_one").run()
    assert trouble(test) == []
    assert "compare_a" in figures(test)


def test_french_that_is_too_long_for_the_other_is_told(folders: Path) -> None:
    test = app(PAGE, text="I see.", target="mine", french=FRENCH * 3, checkpoint="a_past", cmp_other="d_short")
    assert trouble(test) == []
    assert "For model B, the French has" in test.info[0].value.replace("\\", "")


def test_what_a_model_wrote_cannot_be_shortened_by_the_learner(folders: Path) -> None:
    test = app(PAGE, text="I see.", checkpoint="a_past", cmp_other="d_short", search="greedy")
    assert trouble(test) == []
    said = test.info[0].value.replace("\\", "")
    assert re.search(r"Model A wrote \d+ pieces, and model B can read 8. Let each read its own", said)


def test_the_same_model_twice_is_told(folders: Path) -> None:
    test = app(PAGE, **MINE, checkpoint="b_one", cmp_other="b_one")
    assert trouble(test) == []
    assert "the same model at the same moment" in seen(test)


# Addresses, choices, what vanishes.


@pytest.mark.parametrize("strange", [
    {"cmp_other": "nobody"}, {"cmp_other": "<b>"}, {"cmp_moment": "x"}, {"cmp_moment": "99"}, {"cmp_moment": "-1"}, {"cmp_read": "c"},
    {"kind": "zzz", "layer": "99", "head": "x"}, {"piece": "0", "source": "1", "key": "1"}, {"piece": "99", "source": "99"},
    {"moment": "5", "cmp_moment": "5"}, {"text": "😀"}, {"text": "나는 학생"}, {"text": "<b>hi</b>", "target": "mine", "french": "<i>$x$"},
    {"text": "a\x00b"}, {"special": "false", "text": "A", "target": "mine", "french": "A"}, {"target": "mine", "french": ""},
], ids=str)  # fmt: skip
def test_awkward_sentences_and_absurd_addresses(folders: Path, strange: dict[str, str]) -> None:
    for kind, other in (("encoder", "c_other"), ("decoder", "a_past"), ("cross", "b_one")):
        asked = {"text": TEXT, "search": "greedy", "kind": kind, "checkpoint": "a_past", "cmp_other": other} | strange
        test = app(PAGE, **asked)
        assert trouble(test) == []
        assert pictures(test) >= 2
        assert not any("<i>" in said or "<b>hi" in said for said in html(test))


def test_the_address_brings_both_models_and_moments_back(folders: Path) -> None:
    test = app(PAGE, text=TEXT, checkpoint="b_one", cmp_other="a_past", cmp_moment="5", cmp_read="b")
    assert test.selectbox(key="cmp_other").value == "a_past"
    assert test.select_slider(key="pick_cmp_moment").value == 5
    test.select_slider(key="pick_cmp_moment").set_value(0).run()
    assert test.session_state["cmp_moment"] == 0
    assert any("a_past, step 0" in said for said in html(test))


@pytest.mark.parametrize("depth", ["numbers", "formula", "code"])
def test_every_depth_is_filled(folders: Path, depth: str) -> None:
    test = app(PAGE, text=TEXT, checkpoint="a_past", **{f"fold_{depth}": "true"})
    assert trouble(test) == []
    assert not any("[[" in said.value for said in test.markdown)


def test_two_moments_are_offered_where_two_models_are_compared(folders: Path) -> None:
    test = app(PAGE, text=TEXT, checkpoint="b_one", cmp_other="c_other")
    test.button(key="compare_moments").click().run()
    assert trouble(test) == []
    assert test.selectbox(key="checkpoint").value == test.selectbox(key="cmp_other").value == "a_past"


@pytest.fixture
def passing(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the shelf, from which things vanish."""
    folder = tmp_path / "runs"
    shutil.copytree(shelf, folder)
    monkeypatch.setattr(checkpoint, "FOLDERS", (folder,))
    yield folder
    st.cache_data.clear()
    st.cache_resource.clear()


def test_models_and_snapshots_that_vanish_while_they_are_looked_at(passing: Path) -> None:
    shutil.rmtree(passing / "d_short")
    test = app(PAGE, text=TEXT, checkpoint="a_past", moment="5", cmp_other="a_past", cmp_moment="0")
    checkpoint.snapshot_file(passing / "a_past", 0).unlink()
    test.segmented_control(key="pick_layer").set_value("1").run()
    assert trouble(test) == []
    assert test.select_slider(key="pick_cmp_moment").value in (5, 40)
    checkpoint.snapshot_file(passing / "a_past", 5).unlink()
    test.segmented_control(key="pick_layer").set_value("2").run()
    assert trouble(test) == []
    shutil.rmtree(passing / "a_past")
    test.segmented_control(key="pick_layer").set_value("1").run()
    assert trouble(test) == []
    assert test.selectbox(key="checkpoint").value != "a_past"
    assert test.selectbox(key="cmp_other").value != "a_past"
    assert {"compare_a", "compare_b"} & set(figures(test))


def test_a_damaged_snapshot_is_named_and_the_page_stays(passing: Path) -> None:
    file = checkpoint.snapshot_file(passing / "a_past", 5)
    file.write_bytes(file.read_bytes()[:1000])
    test = app(PAGE, text=TEXT, checkpoint="b_one", cmp_other="a_past", cmp_moment="5")
    assert trouble(test) == []
    assert "a_past" in test.info[0].value.replace("\\", "")
    test.select_slider(key="pick_cmp_moment").set_value(0).run()
    assert trouble(test) == []
    assert not test.info


def test_two_people_compare_different_things(folders: Path) -> None:
    one = app(PAGE, text=TEXT, checkpoint="a_past", cmp_other="b_one")
    two = app(PAGE, text="I see.", checkpoint="b_one", cmp_other="a_past", cmp_moment="0")
    one.segmented_control(key="pick_kind").set_value("encoder").run()
    assert two.run().segmented_control(key="pick_kind").value == "cross"
    assert two.selectbox(key="cmp_other").value == "a_past"
    assert one.selectbox(key="cmp_other").value == "b_one"
    assert trouble(one) == trouble(two) == []


def test_a_single_model_is_compared_with_itself(tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(shelf / "b_one", tmp_path / "only")
    monkeypatch.setattr(checkpoint, "FOLDERS", (tmp_path,))
    test = app(PAGE, text=TEXT)
    assert trouble(test) == []
    assert test.selectbox(key="cmp_other").options == ["only"]
