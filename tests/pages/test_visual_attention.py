"""Visual attention: what is said of a weight is what the model computed; draws, pulls, the gold; any scene stands."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from pages.visual_attention import looked, pulls, right
from systems.scenes import drawing
from systems.scenes.captions import caption
from systems.scenes.corpus import Example
from systems.scenes.measuring import record
from systems.scenes.measuring.gradient import varied
from systems.scenes.measuring.looks import exact, gold
from systems.scenes.measuring.looks import looked as shares
from systems.scenes.scene import read
from systems.scenes.soft import costs
from tests.apps import app, html, said, seen, trouble
from tests.pages.scenes import TEN, only_scenes, origin, scenes  # noqa: F401
from tests.systems.scenes import by_lot
from ui.show.sums import number

pytestmark = [
    pytest.mark.usefixtures("only_scenes"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
PAGE, SCENE = "pages/470_visual_attention.py", "rcl1124-bss3630"
SOFT, HARD = "captions-soft", "captions-hard"


def test_the_sum_behind_a_weight_is_the_weight(only_scenes: Path) -> None:  # noqa: F811
    for kind in (SOFT, HARD):
        where = origin(only_scenes, kind)
        for found in looked.written(where, SCENE, 3):
            score = looked.score(where)
            for word, place in ((0, 0), (1, 14), (len(found.words) - 1, 35)):
                cell = looked.cell(found, score, word, place)
                asks = score.U @ found.states[word] + score.b
                total = sum(score.v * np.tanh(score.W @ found.annotations[place] + asks))
                assert cell.dot.total == pytest.approx(total, abs=1e-12)
                assert cell.dot.total == pytest.approx(found.scores[word, place], abs=1e-5)
                assert cell.weighing.weight == pytest.approx(found.weights[word, place], abs=1e-6)
            assert np.allclose(found.chosen @ found.annotations, found.contexts, atol=1e-5)
            assert set(np.unique(found.chosen)) == {0, 1} or kind == SOFT


def test_other_seeds_draw_other_places_and_soft_has_no_seed(only_scenes: Path) -> None:  # noqa: F811
    soft, hard = (origin(only_scenes, kind) for kind in (SOFT, HARD))
    assert np.array_equal(looked.written(soft, SCENE, 1)[0].weights, looked.written(soft, SCENE, 2)[0].weights)
    first, again, second = (looked.written(hard, SCENE, seed)[0].chosen[:2] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, second) or not np.array_equal(
        looked.written(hard, SCENE, 1)[1].chosen[:2], looked.written(hard, SCENE, 2)[1].chosen[:2]
    )


def test_the_gold_of_a_word_is_where_its_shape_lies() -> None:
    scene = read(SCENE)
    names = dict(zip(caption(scene).words, caption(scene).names, strict=True))
    on = gold(scene, names["circle"]).reshape(6, 6)
    assert on[3, 1]  # the middle of the red circle, at 11, 24
    assert not on[:, 3:].any()
    assert looked.named(SCENE, names["square"]) == [(3, 4), (4, 4)] or (4, 4) in looked.named(SCENE, names["square"])


def test_a_guess_is_the_gradient_of_what_is_maximised_for_that_draw(only_scenes: Path) -> None:  # noqa: F811
    found = pulls.pulls(origin(only_scenes, SOFT), origin(only_scenes, HARD), SCENE, 5)
    draw, word, place = 7, 2, 11
    scores = torch.tensor(np.log(found.weights[draw, word])).requires_grad_(True)
    surprise = float(found.rewards[draw, word] - found.usual[word])
    aim = surprise * scores.log_softmax(-1)[int(found.drawn[draw, word])] / len(found.words)
    expected = torch.autograd.grad(aim, scores)[0]
    assert found.guesses(word, place, True)[draw] == pytest.approx(float(expected[place]), abs=1e-9)
    assert found.guesses(word, place, True).mean() != pytest.approx(found.guesses(word, place, False).mean(), abs=1e-12)


def test_softs_one_answer_is_the_slope_of_its_score(only_scenes: Path) -> None:  # noqa: F811
    """Raise one score by hand, a little, and see what the right words become."""
    where = origin(only_scenes, SOFT)
    found = pulls.pulls(where, origin(only_scenes, HARD), SCENE, 1)
    model = looked.captioner(where).copied().double().eval()
    batch = model.batch([Example(read(SCENE))], random.Random(0))
    word, place, step = 1, 9, 1e-4

    def mean(nudge: float) -> float:
        def choose(weights: torch.Tensor, at: int) -> torch.Tensor:
            raised = weights.log()
            raised[:, place] += nudge if at == word else 0.0
            return raised.softmax(-1)

        with torch.no_grad():
            trace = model(drawing.paint(batch.shapes).double(), batch.words, choose)
        return -float(costs(trace, batch.following).mean())

    slope = (mean(step) - mean(-step)) / (2 * step)
    assert found.soft[word, place] == pytest.approx(slope, abs=1e-5)


def test_the_page_says_the_models_own_numbers(only_scenes: Path) -> None:  # noqa: F811
    test = app(PAGE, scene=SCENE, va_word="1", va_panel="0", va_place="14")
    assert not trouble(test)
    found = looked.written(origin(only_scenes, SOFT), SCENE)[0]
    told = " ".join(html(test))
    assert number(float(found.weights[1, 14]), 4) in told
    assert number(float(found.scores[1, 14])) in told
    assert found.words[1] in seen(test)


@pytest.mark.parametrize("scene", ["empty", TEN, "<script>", "동그라미"])
def test_any_scene_stands(scene: str) -> None:
    test = app(PAGE, scene=scene)
    assert not trouble(test)
    shown = " ".join(each.value for each in (*test.caption, *test.warning))
    assert {"empty": "", TEN: "10 shapes"}.get(scene, "is none") in shown


@pytest.mark.parametrize("view", ["share", "gradient"])
def test_the_other_views_stand(view: str, monkeypatch: pytest.MonkeyPatch, only_scenes: Path) -> None:  # noqa: F811
    """Also with what an untrained model measures."""
    assert not trouble(app(PAGE, va_view=view, va_draw="3", va_series="1", va_group="2"))
    models = [looked.captioner(origin(only_scenes, kind)) for kind in (SOFT, HARD)]
    few = by_lot(6)
    measured = tuple(
        record.Captioner(
            name=kind, kind=kind, weights="abc", exact=exact(model, few), looked=tuple(shares(model, few)),
            varied=tuple(varied(model, few * 6, draws=3, batches=2)),
        )
        for kind, model in zip((SOFT, HARD), models, strict=True)
    )  # fmt: skip
    monkeypatch.setattr(record, "captioners", lambda: measured)
    test = app(PAGE, va_view=view)
    assert not trouble(test)
    if view == "share":
        kind = next(each for each in measured[0].looked if each.sort == "kind")
        assert f"{100 * kind.share:.0f} %" in seen(test)
        assert np.allclose(right.table(measured)[0, 0], 100 * kind.share)
    else:
        soft = next(each for each in measured[0].varied if each.over == "draws")
        assert soft.variance == 0
        assert "0" in said(test)
