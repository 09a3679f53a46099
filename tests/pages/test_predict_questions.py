"""Predict, then reveal: every kind's answer from the numbers that it gives or from the trace, and answers as people type them."""

import math
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from figures.labels import label
from pages.predict.facts import Facts
from pages.predict.kinds import KINDS
from tests.relatives.test_kept import keep_scored
from tests.small_models import uneven_checkpoint
from transformer.analysis.effects import redecoded, scoreboard, traced
from transformer.decoding.search import best, greedy
from transformer.tokenizer import Tokenizer
from transformer.training import history
from transformer.what_if import MISSING, apply
from ui import text
from ui.asking import question
from ui.asking.question import Given, Question, Sentence, Verdict, check, read
from ui.frame import Session

pytestmark = [
    pytest.mark.usefixtures("forgotten"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
SEEDS = range(12)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """The usual small model, and relatives that some kinds ask about."""
    shelf = tmp_path_factory.mktemp("runs")
    uneven_checkpoint(shelf / "small", tokenizer)
    keep_scored(shelf, tokenizer)
    return shelf


def asked(session: Session, kind: str, seed: int = 0) -> Question | None:
    return KINDS[kind](Facts(session=session, dice=random.Random(f"{seed}/{kind}")))


def every(session: Session, kind: str) -> list[Question]:
    """What a kind asks of twelve learners."""
    found = [each for seed in SEEDS if (each := asked(session, kind, seed))]
    assert found, kind
    return found


def entry(step: int, exact: float | None) -> history.Entry:
    return history.Entry(
        step=step, epoch=1, share=step / 100, seconds=1.0, loss=9.0 - step / 50, learning_rate=0.1, gradient_norm=1.0,
        tokens_per_second=1.0, seconds_left=1.0, validation_loss=None, bleu=None, exact_match=exact, snapshot=exact is not None,
    )  # fmt: skip


@pytest.fixture
def with_history(monkeypatch: pytest.MonkeyPatch) -> list[history.Entry]:
    told = [entry(step, exact) for step, exact in ((1, 0.0), (10, 0.0), (30, 20.0), (60, 70.0), (100, 90.0))]
    monkeypatch.setattr(history, "read", lambda _folder: told)
    return told


def test_there_are_at_least_twelve_kinds_on_at_least_twelve_pages(session: Session, with_history: object) -> None:
    pages = {each.page for kind in KINDS for each in every(session, kind)}
    assert len(KINDS) >= 12
    assert len(pages) >= 12
    assert all((Path("pages") / f"{page}.py").exists() and text.has_lesson(page) for page in pages)


@pytest.mark.parametrize("kind", KINDS)
def test_what_holds_for_every_question(session: Session, with_history: object, kind: str) -> None:
    told = every(session, kind)
    assert all(each.kind == kind for each in told)
    for each in told:
        assert all(math.isfinite(each.given.values[cell]) for cell in each.given.hidden)
        assert "{" not in each.asked.plain + each.why.plain
        typed = str(int(each.right) + 1) if each.options else each.answer
        assert check(each, typed) == Verdict(True, *vars_of(check(each, typed)))
        if each.options:
            others = [place for place in range(len(each.options)) if place != each.right]
            assert not any(check(each, str(place + 1)).right for place in others)  # type: ignore[union-attr]
        else:
            away = each.right + 2 * each.tolerance + 1
            assert not check(each, f"{away:.6f}").right  # type: ignore[union-attr]
    again = every(session, kind)
    assert [each.asked.plain for each in again] == [each.asked.plain for each in told]
    assert len({(each.asked.plain, each.options) for each in told}) > 1 or kind in ("missed", "blind", "half", "habit")


def vars_of(verdict: Verdict | None) -> tuple[str, float | None]:
    assert verdict is not None
    return verdict.said, verdict.far


def rows(each: Question) -> np.ndarray:
    """The numbers that are given, as they can be read on the screen."""
    return np.round(each.given.values, 3)


def test_what_a_pocket_calculator_finds(session: Session) -> None:
    """The answer can be worked out from the rounded numbers of the picture, within the tolerance."""
    for each in every(session, "enters"):
        (row,), (root,), (position,), _ = rows(each)
        assert row * root + position == pytest.approx(each.right, abs=each.tolerance)
    for each in every(session, "score"):
        queries, keys, products = rows(each)[:, :-1]
        d_k = session.checkpoint.model.config.d_head
        total = np.nansum(queries * keys) + products[-1]
        assert total / math.sqrt(d_k) == pytest.approx(each.right, abs=each.tolerance)
    for each in every(session, "weight"):
        powers = np.exp(rows(each)[0])
        shares = powers / powers.sum()
        assert np.abs(shares - each.right).min() < 0.01
        assert np.abs(each.given.values[1] - shares).max() < 0.01
        assert np.isclose(each.given.values[1], each.right).any()
    for each in every(session, "unscaled"):
        scores, weights, raw = each.given.values
        powers = np.exp(rows(each)[0] * math.sqrt(session.checkpoint.model.config.d_head))
        assert (powers / powers.sum())[weights.argmax()] == pytest.approx(each.right, abs=each.tolerance)
        assert raw.sum() == pytest.approx(1)
        assert np.exp(scores) / np.exp(scores).sum() == pytest.approx(weights, abs=1e-4)
    for each in every(session, "mixture"):
        weights, values, _sum = rows(each)[:, :-1]
        assert (weights * values).sum() == pytest.approx(each.right, abs=each.tolerance)
    for each in every(session, "normed"):
        added, mean, deviation, gain, bias, _out = rows(each)[:, 0]
        assert gain * (added - mean) / deviation + bias == pytest.approx(each.right, abs=each.tolerance)
    for each in every(session, "future"):
        powers = np.exp(rows(each)[0])
        later = each.given.values[1] == 0  # under the mask
        assert powers[later].sum() / powers.sum() == pytest.approx(each.right, abs=each.tolerance)
    for each in every(session, "odds"):
        assert math.exp(rows(each)[0, 0] - rows(each)[0, 1]) == pytest.approx(each.right, abs=each.tolerance)
        chances = each.given.values[1]
        assert chances[0] / chances[1] == pytest.approx(each.right, rel=1e-3)
    for each in every(session, "survives"):
        so_far, piece, _sum = rows(each).T
        order = np.argsort(-(so_far + piece))
        assert each.given.rows[order[1]] == each.answer


def test_sinusoids_are_those_of_the_paper(session: Session) -> None:
    d_model = session.checkpoint.model.config.d_model
    for each in every(session, "sinusoid"):
        ((place, column),) = each.given.hidden
        wave = math.cos if column % 2 else math.sin
        assert each.right == pytest.approx(wave(place / 10000 ** ((column // 2 * 2) / d_model)), abs=1e-5)


def test_sizes(session: Session) -> None:
    config, walk = session.checkpoint.model.config, session.walk
    for each in every(session, "shape"):
        assert each.right % config.d_head == 0
        assert each.right / config.d_head in (len(walk.source), len(walk.read))
    assert {each.right for each in every(session, "parameters")} == {4 * (config.d_model**2 + config.d_model)}
    assert all(each.right == pytest.approx(math.log(config.vocabulary_size)) for each in every(session, "blind"))
    for each in every(session, "rate"):
        ((row, _),) = each.given.hidden
        step = int(each.given.rows[row])
        assert each.right == pytest.approx(1000 / math.sqrt(config.d_model) * min(step**-0.5, step * 4000**-1.5))
    for each in every(session, "pieces"):
        assert int(each.answer) == each.given.values[1, 0] != 0


def test_where_heads_look_is_read_from_the_trace(session: Session) -> None:
    cross = session.walk.cross
    for each in every(session, "looks"):
        layer, head, place, source = (int(each.there[key]) - 1 for key in ("layer", "head", "piece", "source"))
        assert cross[layer][head, place].argmax() == source
        assert label(session.walk.source[source]) == each.answer.removesuffix(f" ({source + 1})")
    for each in every(session, "adds"):
        sizes = each.given.values[1]
        assert each.answer == f"head {sizes.argmax() + 1}"
    for each in every(session, "habit"):
        assert each.given.values[0].argmax() == each.right
    for each in every(session, "forbidden"):
        assert each.right == len(session.walk.read) - int(each.there["key"])


def test_a_habit_is_a_mean_over_the_rows(session: Session) -> None:
    weights = session.walk.trace.encoder.layers[0].self_attention.weights[0].numpy()
    before = np.array([np.mean([head[row, row - 1] for row in range(1, len(head))]) for head in weights])
    same = np.array([np.mean(np.diag(head)) for head in weights])
    for each in every(session, "habit"):
        if each.there["layer"] == "1" and "piece before" in each.asked.plain:
            np.testing.assert_allclose(each.given.values[0], before, atol=1e-6)
        if each.there["layer"] == "1" and "its own piece" in each.asked.plain:
            np.testing.assert_allclose(each.given.values[0], same, atol=1e-6)


def test_what_has_entered_the_decoder(session: Session) -> None:
    read_pieces = [label(piece) for piece in session.walk.read]
    for each in every(session, "has_read"):
        assert each.answer == " ".join(read_pieces[: int(each.there["piece"])])


def test_what_comes_next_is_read_from_the_logits(session: Session) -> None:
    model, walk, tokenizer = session.checkpoint.model, session.walk, session.checkpoint.tokenizer
    for each in every(session, "early"):
        place = int(each.there["piece"]) - 1
        with torch.inference_mode():
            id = int(model.logits(walk.trace.decoder.layers[0].output[0, place]).argmax())
        assert each.answer == label(tokenizer.piece(id).piece)
    for each in every(session, "second"):
        logits = walk.trace.logits[0, int(each.there["piece"]) - 1].clone()
        logits[[0, 1]] = -math.inf
        assert each.answer == label(tokenizer.piece(int(logits.topk(2).indices[1])).piece)
    for each in every(session, "neighbour"):
        assert each.given.values[0].argmax() == each.right


def test_the_lab_is_that_of_the_real_model(session: Session) -> None:
    model, walk, tokenizer = session.checkpoint.model, session.walk, session.checkpoint.tokenizer
    falls = scoreboard(model, walk.source_ids[:-1], walk.written_ids)
    for each in every(session, "missed"):
        assert each.given.values[int(each.right), 0] == pytest.approx(falls[0].fall)
        assert each.given.values[:, 0].argmax() == each.right
    written = {
        part: tokenizer.decode(best(greedy(apply(model, change), walk.source_ids[:-1], 2 * len(walk.written) + 8, redecoded)).ids)
        for part, change in MISSING.items()
    }  # fmt: skip
    codes = {"po": "positions", "ns": "scaling", "nr": "residual", "nn": "norm", "mdf": "mask"}
    for each in every(session, "part_gone"):
        expected = written[codes[each.there["mp_do"]]].strip() or "(nothing)"
        assert expected.startswith(each.answer.removesuffix(" …"))


def test_what_is_left_out_is_left_out(session: Session) -> None:
    """The fall is that of the sentence without the word's pieces, run on its own."""
    model, walk = session.checkpoint.model, session.walk
    for each in every(session, "left_out")[:4]:
        place, first = (int(each.there[key]) - 1 for key in ("piece", "source"))
        falls = []
        for start in range(first + 1, len(walk.source)):
            without = (*walk.source_ids[:first], *walk.source_ids[start:-1])
            with torch.inference_mode():
                traces = [traced(model, ids, walk.written_ids[:-1]) for ids in (walk.source_ids[:-1], without)]
            whole, less = (trace.logits[0].log_softmax(-1)[place, walk.written_ids[place]] for trace in traces)
            falls.append(float(whole - less))
        told = each.given.values[0, int(each.right)]
        assert np.abs(np.array(falls) - told).min() < 1e-4
        assert told == each.given.values.max()


def test_when_half_was_right(session: Session, with_history: list[history.Entry]) -> None:
    assert {each.answer for each in every(session, "half")} == {"60"}
    assert asked(session, "half") is not None
    with_history[:] = with_history[:2]
    assert asked(session, "half") is None


@pytest.mark.parametrize(("typed", "value"), [
    ("0.5", 0.5), ("0,5", 0.5), ("−0.5", -0.5), ("+2", 2.0), (" 50 % ", 0.5), ("50%", 0.5), ("1/4", 0.25), ("-3 / 4", -0.75), ("1e-3", 0.001),
    (".5", 0.5), ("7.", 7.0), ("٣", 3.0),
])  # fmt: skip
def test_numbers_as_people_type_them(typed: str, value: float) -> None:
    assert read(typed) == pytest.approx(value)


@pytest.mark.parametrize("typed", [
    "", " ", "a", "1/0", "nan", "inf", "1e999", "--1", "0x10", "1 2", "½", "9" * 400, "<b>", "{x}", "1,2,3",
])  # fmt: skip
def test_what_is_no_number(typed: str) -> None:
    assert read(typed) is None


def whole(right: float) -> Question:
    given = Given(
        title="t", rows=("a",), columns=("b",), values=np.array([[right]]), hidden=frozenset({(0, 0)}), names=("x", "y"), value_name="v"
    )  # fmt: skip
    return Question(kind="k", page="p", asked=Sentence("?"), given=given, right=right, why=Sentence("!"), digits=0)


def test_thousands_may_be_parted() -> None:
    assert all(check(whole(16640), typed).right for typed in ("16640", "16,640", "16 640", "16.640", "16’640"))  # type: ignore[union-attr]
    assert not check(whole(16640), "16,64").right  # type: ignore[union-attr]


def test_a_question_that_cannot_be_is_refused() -> None:
    good = whole(1)
    with pytest.raises(ValueError, match="options"):
        Question(kind="k", page="p", asked=good.asked, given=good.given, right=0, why=good.why, options=("a", "a"))
    with pytest.raises(ValueError, match="number"):
        whole(math.nan)
    outside = replace(good.given, hidden=frozenset({(3, 0)}))
    with pytest.raises(ValueError, match="hides"):
        replace(good, given=outside)


def test_numbers_have_a_true_minus() -> None:
    assert question.number(-0.25, 2) == "−0.25"
    assert question.number(-0.0001, 2) == "0.00"
