"""Vision Transformer: each row, weight, rollout and answer on the page is the model's own; questions of any kind stand."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

import transformer.checkpoint
from pages.vision_transformer import attention, cut, positions, seen
from pages.vision_transformer.asked import Asked
from systems.scenes.measuring import record
from systems.scenes.measuring.record import Learned
from systems.scenes.questions import parse
from systems.scenes.scene import read
from tests.apps import app, html, trouble
from tests.apps import seen as first_line
from tests.pages.scenes import TEN, only_scenes, origin, scenes  # noqa: F401
from ui.show.sums import number

pytestmark = [
    pytest.mark.usefixtures("only_scenes"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
PAGE, SCENE, QUESTION = "pages/530_vision_transformer.py", "rcl1124-bss3630", "is there a circle left of a blue square?"


def asked(folder: Path, patch: int = 19, out: tuple[int, ...] = ()) -> Asked:
    """What the page would ask."""
    return Asked(
        shapes=read(SCENE), scene=SCENE, vit=origin(folder, "vit"), cnn=origin(folder, "cnn"), typed=QUESTION, question=parse(QUESTION),
        trouble="", patch=patch, out=out,
    )  # fmt: skip


def test_a_number_of_a_row_is_its_sum(only_scenes: Path) -> None:  # noqa: F811
    what = asked(only_scenes)
    trace = seen.trace(what.vit, SCENE, what.text).embedding
    for dimension in (0, 5, 11):
        dot, place = cut.dot(what, dimension), cut.parts(what)[2]
        assert len(dot.left) == len(cut.names()) == 192
        assert dot.total + place[dimension] == pytest.approx(float(trace.output[0, 20, dimension]), abs=1e-5)


def test_a_weight_is_its_chain(only_scenes: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    what = asked(only_scenes)
    weights = seen.trace(what.vit, SCENE, what.text).layers[1].attention.weights[0]
    for who, which in ((0, 0), (0, 1), (20, 1), (38, 0)):
        monkeypatch.setattr(attention, "who", lambda _asked, who=who: who)
        monkeypatch.setattr(attention, "head", lambda _asked, which=which: which)
        assert attention.weighing(what, 1).weight == pytest.approx(float(weights[which, who, 20]), abs=1e-6)


def test_rollout_is_the_product_of_the_layers(only_scenes: Path) -> None:  # noqa: F811
    what = asked(only_scenes)
    whole = np.eye(45)
    for layer in seen.trace(what.vit, SCENE, what.text).layers:
        mean = layer.attention.weights[0].double().mean(0).numpy()
        whole = (0.5 * mean + 0.5 * np.eye(45)) @ whole
    assert np.allclose(seen.rolled(what.vit, SCENE, what.text)[-1], whole)
    assert np.allclose(whole.sum(-1), 1)


def test_leaving_each_out_at_once_is_leaving_it_out_alone(only_scenes: Path) -> None:  # noqa: F811
    what = asked(only_scenes)
    together = seen.without_each(what.vit, SCENE, what.text, (3,))
    for patch in (0, 19, 35):
        alone = seen.answer(what.vit, SCENE, what.text, tuple({3, patch})).probabilities
        assert np.allclose(together[patch], alone, atol=1e-6)
    assert np.allclose(together.sum(-1), 1)


def test_likeness_of_places_is_their_cosine(only_scenes: Path) -> None:  # noqa: F811
    what = asked(only_scenes)
    rows = what.model.positions[1:37].double()
    expected = torch.nn.functional.cosine_similarity(rows[:, None], rows[None], dim=-1)
    assert np.allclose(positions.alike(what), expected.numpy(), atol=1e-9)
    near, far = positions.neighbours()
    assert near.sum() == 2 * 2 * 5 * 6  # both ways, side by side and one above the other
    assert not (near & far).any()


def test_the_answer_rests_on_the_shapes_that_are_meant() -> None:
    on = seen.looks_at(read(SCENE), parse("how many circles?"))
    assert (3, 1) in on
    assert all(column < 3 for _row, column in on)
    assert seen.looks_at((), parse("how many circles?")) == []


@pytest.mark.parametrize("view", ["cut", "positions", "looks", "without", "against"])
def test_each_view_says_the_models_own_numbers(view: str, only_scenes: Path) -> None:  # noqa: F811
    test = app(
        PAGE,
        vt_view=view,
        scene=SCENE,
        vt_question=QUESTION,
        vt_patch="19",
        vt_dim="5",
        vt_layer="1",
        vt_who="0",
        vt_head="1",
    )
    assert not trouble(test)
    what, told = asked(only_scenes), " ".join(html(test))
    answer = seen.answer(what.vit, SCENE, what.text)
    assert f"{100 * answer.sure:.0f} %" in told
    assert "right: <b>yes</b>" in told
    if view == "cut":
        assert number(float(seen.trace(what.vit, SCENE, what.text).embedding.output[0, 20, 5])) in told
    elif view == "looks":
        weights = seen.trace(what.vit, SCENE, what.text).layers[0].attention.weights[0]
        assert number(float(weights[1, 0, 20]), 4) in told


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("how many dogs?", "dogs"),
        ("동그라미가 몇 개?", "동그라미가"),
        ("<script>alert(1)</script>", "script"),
        ("", "no question"),
    ],
)
def test_a_question_that_it_cannot_know_is_answered_with_a_sentence(question: str, named: str) -> None:
    test = app(PAGE, vt_question=question or " ")
    assert not trouble(test)
    assert any(named in each.value for each in test.text)
    assert len(test.warning) == 1


@pytest.mark.parametrize("scene", ["empty", TEN])
def test_any_scene_stands(scene: str) -> None:
    for view in ("cut", "looks", "without"):
        assert not trouble(app(PAGE, scene=scene, vt_view=view, vt_out="3-17-99-x", vt_layer="rollout"))


def test_against_tells_what_was_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    found = tuple(
        Learned(
            kind=kind,
            pictures=pictures,
            steps=9,
            parameters=7,
            right=share,
            circles=1.0,
            counting=2.0,
            related=3.0,
            there=4.0,
            baseline=50.0,
        )
        for kind, pictures, share in (("vit", 500, 61.0), ("vit", 8000, 83.0), ("cnn", 500, 72.0), ("cnn", 8000, 95.0))
    )
    monkeypatch.setattr(record, "by_pictures", lambda: found)
    test = app(PAGE, vt_view="against")
    assert not trouble(test)
    for value in ("500", "61", "72", "8,000", "83", "95"):
        assert f"<b>{value}</b>" in first_line(test)


def test_a_model_of_ones_own_can_be_chosen(only_scenes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    shelf = tmp_path / "runs"
    shutil.copytree(only_scenes, shelf)
    shutil.copytree(only_scenes / "vit", shelf / "mine")
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (shelf,))
    test = app(PAGE, vt_vit="mine")
    assert not trouble(test)
    assert test.selectbox(key="pick_vt_vit").value == "mine"
    assert any("mine" in each.value for each in test.caption)
