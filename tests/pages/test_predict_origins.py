"""Questions about relatives: each answer from the numbers that are given, with a pocket calculator; nothing asked where there are none."""

import math
import random
from pathlib import Path

import numpy as np
import pytest

from pages.predict.facts import Facts
from pages.predict.kinds import KINDS, TOPICS
from tests.relatives.test_kept import keep_scored
from tests.small_models import uneven_checkpoint
from transformer.tokenizer import Tokenizer
from ui.asking.question import Question
from ui.frame import Session
from ui.session import relatives, state

pytestmark = [
    pytest.mark.usefixtures("forgotten"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
SEEDS = range(8)


def every(session: Session, kind: str) -> list[Question]:
    """What a kind asks of eight learners."""
    found = [KINDS[kind](Facts(session=session, dice=random.Random(f"{seed}/{kind}"))) for seed in SEEDS]
    asked = [each for each in found if each]
    assert asked, kind
    return asked


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """The usual small model, and relatives of several kinds, whose cards tell how well they translate."""
    shelf = tmp_path_factory.mktemp("runs")
    uneven_checkpoint(shelf / "small", tokenizer)
    keep_scored(shelf, tokenizer)
    return shelf


def given(each: Question) -> np.ndarray:
    """The numbers as they can be read on the screen."""
    return np.round(each.given.values, 3)


def test_there_are_eight_kinds_at_least() -> None:
    assert len(TOPICS["origins"]) >= 8


def test_what_a_pocket_calculator_finds(session: Session) -> None:
    for each in every(session, "gated"):
        before, update, new, _ = given(each)[:, 0]
        assert (1 - update) * new + update * before == pytest.approx(each.right, abs=each.tolerance)
    for each in every(session, "kept"):
        before, forget, enter, new, _ = given(each)[:, 0]
        assert forget * before + enter * new == pytest.approx(each.right, abs=each.tolerance)
    for each in every(session, "additive"):
        v, mixed, products = given(each)
        count = len(each.given.columns) - 2
        assert (v * mixed)[:count].sum() + products[count] == pytest.approx(each.right, abs=each.tolerance)
    for each in every(session, "context"):
        weights, values, _ = given(each)[:, :-1]
        assert (weights * values).sum() == pytest.approx(each.right, abs=each.tolerance)


def test_a_share_is_the_softmax_of_the_scores(session: Session) -> None:
    for each in every(session, "aligned"):
        powers = np.exp(given(each)[0])
        shares = powers / powers.sum()
        assert min(abs(share - each.right) for share in shares) < each.tolerance
        assert shares == pytest.approx(each.given.values[1], abs=0.01)


def test_what_is_handed_over_is_as_wide_as_a_state(session: Session) -> None:
    for each in every(session, "squeezed"):
        opened = state.any_opened(state.readable()[each.there["relative"]])
        assert each.right == opened.model.config.d_model == 10


def test_the_model_that_pays_less_is_the_one_that_does(session: Session) -> None:
    for each in every(session, "cheaper"):
        text, french = session.walk.source_text, session.walk.target_text
        paid = [relatives.reading(state.readable()[name], text, french, state.Search(1)) for name in each.options]
        losses = [found.loss for found in paid if not isinstance(found, str)]
        assert losses[int(each.right)] == min(losses)


def test_the_better_one_is_what_its_card_says(session: Session) -> None:
    scores = {"tanh": 0.0, "gru": 20.0, "lstm": 40.0, "bahdanau": 60.0}
    for each in every(session, "better"):
        assert scores[each.answer] == max(scores[name] for name in each.options)


def test_what_sizes_say(session: Session) -> None:
    heads, pieces = session.checkpoint.model.config.heads, len(session.walk.source)
    for each in every(session, "matrix"):
        assert each.right == heads * each.given.values[0, 0] ** 2
    assert {each.right for each in every(session, "waiting")} == {1, pieces}
    for each in every(session, "spread"):
        assert each.right == pytest.approx(math.sqrt(each.given.values[0, 0]))


def test_without_relatives_nothing_is_asked_about_them(
    session: Session, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relatives, "models", lambda _kinds: {})
    for kind in ("gated", "kept", "squeezed", "additive", "aligned", "context", "cheaper"):
        assert KINDS[kind](Facts(session=session, dice=random.Random(kind))) is None
