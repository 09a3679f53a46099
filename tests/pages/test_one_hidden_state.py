"""One hidden state: every number of a cell from its equation, the steps that a piece chooses, what is left, and odd addresses."""

from pathlib import Path

import numpy as np
import pytest

import transformer.checkpoint
from pages.one_hidden_state import equation, steps, trying
from relatives.long.sentences import prolonged, prolonging
from relatives.recurrent import OneState
from tests.apps import app, html, trouble
from tests.relatives.test_kept import keep
from tests.small_models import small_checkpoint
from transformer import checkpoint
from transformer.tokenizer import Tokenizer
from ui.frame.visits import Seen
from ui.session import relatives, state

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE, TEXT = "pages/400_one_hidden_state.py", "I see the dog."


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """A Transformer and the three models with one hidden state, all taught by the grammar."""
    folder = tmp_path_factory.mktemp("runs")
    small_checkpoint(folder / "paper", tokenizer, corpora=[{"name": "grammar-en-fr"}])
    for kind in ("tanh", "gru", "lstm"):
        keep(folder, kind, tokenizer)
        card = checkpoint.read_card(folder / kind) | {"corpora": [{"name": "grammar-en-fr"}]}
        checkpoint.write_card(folder / kind, card)
    return folder


@pytest.fixture
def shelf(taught: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Only these."""
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (taught,))
    return taught


def seen_by(shelf: Path, kind: str) -> Seen:
    """What a page is given."""
    origin = state.origin(shelf / kind)
    walk = relatives.own(origin, TEXT, state.Search(1))
    return Seen(name=kind, origin=origin, checkpoint=state.any_opened(origin), walk=walk, special=True)


@pytest.mark.parametrize("kind", ["tanh", "gru", "lstm"])
def test_every_number_of_a_step_follows_from_its_equation(kind: str, shelf: Path) -> None:
    found = steps.steps(seen_by(shelf, kind))
    for each in (found[0], found[3], found[-1]):
        for name in steps.names(each.trace):
            for column in (0, 7):
                shown, computed = equation.check(each, name, column)
                assert computed == pytest.approx(shown, abs=1e-5), (name, each.number)
                lines = equation.lines(each, name, column)
                assert f"{computed:.3f}".replace("-", "−") in lines[-1].how


def test_the_steps_are_those_of_both_halves(shelf: Path) -> None:
    seen = seen_by(shelf, "gru")
    found = steps.steps(seen)
    assert [each.piece for each in found] == [*seen.walk.source, *seen.walk.read]
    last, first = found[len(seen.walk.source) - 1], found[len(seen.walk.source)]
    assert np.array_equal(last.row("states"), first.row("before")), "the last state is handed over"


@pytest.mark.parametrize("view", ["steps", "states", "left"])
@pytest.mark.parametrize("kind", ["tanh", "gru", "lstm"])
def test_each_view_is_shown(view: str, kind: str, shelf: Path) -> None:
    test = app(PAGE, oh_view=view, relative=kind, text=TEXT, oh_band="2", oh_column="3", checkpoint="paper")
    assert trouble(test) == []
    assert test.session_state["relative"] == kind
    if view == "steps":
        step = steps.steps(seen_by(shelf, kind))[-1]
        assert any("dimension" in said and "atlas-sum" in said for said in html(test)), step


@pytest.mark.parametrize(
    "asked",
    [
        {"oh_step": "99"}, {"oh_step": "x"}, {"oh_band": "-1", "oh_column": "999999"}, {"oh_view": "nonsense"}, {"relative": "no such"},
        {"text": ""}, {"text": "dog " * 120}, {"text": "a"}, {"text": "안녕 <b>"}, {"oh_view": "left", "oh_longer": "99"},
        {"oh_view": "left", "text": "a", "oh_one": "7"}, {"target": "mine", "french": "Je vois le chien."},
    ],
)  # fmt: skip
def test_an_address_can_ask_for_anything(asked: dict[str, str], shelf: Path) -> None:
    test = app(PAGE, **{"text": TEXT, "checkpoint": "gru", **asked})
    assert trouble(test) == []
    assert html(test) or test.info


def test_the_sidebar_s_model_is_shown_if_it_is_one(shelf: Path) -> None:
    assert app(PAGE, checkpoint="lstm", text=TEXT).session_state["relative"] == "lstm"


def test_without_such_a_model_it_is_said_how_to_train_one(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_checkpoint(tmp_path / "paper", tokenizer)
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path,))
    test = app(PAGE)
    assert trouble(test) == []
    assert any("--model gru" in code.value for code in test.code)


def test_what_is_left_is_the_angle_between_two_readings(shelf: Path) -> None:
    """The state after the first pieces, had another come first; by the whole model, step by step."""
    origin = state.origin(shelf / "gru")
    opened = state.any_opened(origin)
    model, ids = opened.model, tuple(opened.tokenizer.encode(TEXT))
    assert isinstance(model, OneState)
    found = trying.fading(origin, ids, (9, 11))
    for row, other in enumerate((9, 11)):
        one, two = (trying.states_of(model, [each])[0] for each in (ids, (other, *ids[1:])))
        for at in range(len(ids)):
            angle = one[at] @ two[at] / np.linalg.norm(one[at]) / np.linalg.norm(two[at])
            assert found[row, at] == pytest.approx(angle, abs=1e-6)
    assert trying.swapped(origin, ids, 1, 1) == pytest.approx(1)


def test_the_probe_learns_what_can_be_learned(shelf: Path) -> None:
    """From the state right after a piece that piece can be read, even of an untrained model; and it is counted on held-out sentences."""
    found = trying.probe(state.origin(shelf / "gru"))
    assert found is not None
    assert found.right[0] > 0.9 > found.commonest
    assert (found.counts <= trying.TESTED).all()


def test_the_probe_is_least_squares() -> None:
    rng = np.random.default_rng(1)
    states, labels = rng.normal(size=(50, 4)), rng.integers(0, 3, 50)
    fitted = trying.ridge(states, labels, 3)
    inputs = np.concatenate([states, np.ones((50, 1))], axis=1)
    gradient = (inputs @ fitted.T - np.eye(3)[labels]).T @ inputs + trying.RIDGE * fitted
    assert np.abs(gradient).max() < 1e-9


def test_the_sentence_is_prolonged_by_the_clauses_asked_for(shelf: Path) -> None:
    test = app(PAGE, relative="gru", checkpoint="gru", text=TEXT, oh_view="left", oh_longer="2")
    assert trouble(test) == []
    pieces = len(state.any_opened(state.origin(shelf / "gru")).tokenizer.encode(prolonged(TEXT, prolonging(), 2)))
    assert any(f"After <b>{pieces - 1}</b> pieces" in said for said in html(test))
