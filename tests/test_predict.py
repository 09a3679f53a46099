"""Predict, then reveal: every kind's answer from the numbers that it gives or from the trace, who gets which question, the page."""

import csv
import io
import math
import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from figures.labels import label
from tests.conftest import SEEN, SEEN_FRENCH
from tests.test_pages import app, html, trouble
from transformer import history
from transformer.decoding import best, greedy
from transformer.effects import redecoded, scoreboard, traced
from transformer.what_if import MISSING, apply
from ui import frame, text
from ui.frame import Session
from ui.predict import deal, question, record
from ui.predict.facts import Facts
from ui.predict.kinds import KINDS, TOPICS
from ui.predict.question import Given, Question, Sentence, Verdict, check, read

pytestmark = [
    pytest.mark.usefixtures("folders"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
PAGE = "pages/260_predict.py"
SEEDS = range(12)


def asked(session: Session, kind: str, seed: int = 0) -> Question | None:
    return KINDS[kind](Facts(session=session, dice=random.Random(f"{seed}/{kind}"), label=label))


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


@pytest.mark.parametrize("seed", [1, 2, 99])
def test_a_learner_meets_every_kind_once_before_any_twice(seed: int) -> None:
    assert sorted(deal.order(seed, deal.ALL, 0)) == sorted(KINDS)
    assert deal.order(seed, deal.ALL, 0) != deal.order(seed, deal.ALL, 1)
    assert sorted(deal.order(seed, "decoder", 0)) == sorted(make.__name__ for make in TOPICS["decoder"])


def test_every_learner_gets_other_questions_and_the_same_again(session: Session) -> None:
    told = {
        seed: [deal.dealt(session, label, seed, number, deal.ALL).asked.plain for number in range(1, 6)]
        for seed in range(1, 9)
    }
    assert len({tuple(each) for each in told.values()}) == 8
    assert told[3] == [deal.dealt(session, label, 3, number, deal.ALL).asked.plain for number in range(1, 6)]


def test_what_cannot_be_asked_is_passed_over(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in KINDS:
        if kind != "shape":
            monkeypatch.setitem(KINDS, kind, lambda _facts: None)
    assert deal.dealt(session, label, 1, 1, "output").kind == "shape"


def test_sentences_by_number_are_held_out_and_differ(session: Session) -> None:
    bank = deal.bank(session.origin)
    assert len(bank) >= deal.FEW
    full = Session(name="", lesson=text.lesson("260_predict"), mode="light", **vars(session))
    texts = [deal.with_dealt(full, seed, 0).walk.source_text for seed in range(1, 13)]
    assert len(set(texts)) > 3
    assert set(texts) <= set(bank)
    assert (
        deal.with_dealt(full, 1, 1).walk.source_text != texts[0]
        or deal.with_dealt(full, 2, 1).walk.source_text != texts[1]
    )


def said(test: AppTest) -> str:
    """What the page says."""
    return re.sub("<[^>]+>", "", " ".join([*html(test), *(each.value for each in test.markdown)]))


def start(**more: str) -> AppTest:
    test = app(PAGE, text=SEEN, target="mine", french=SEEN_FRENCH, **more)
    assert trouble(test) == []
    return test


def now(session: Session, number: int = 1, about: str = deal.ALL, seed: int = 1) -> Question:
    return deal.dealt(session, label, seed, number, about)


def place_of(session: Session, about: str, number: bool) -> int:
    """The first question of a topic that wants a number, or a choice."""
    return next(count for count in range(1, 30) if bool(now(session, count, about).options) != number)


def test_a_number_that_is_near_counts_and_is_explained(session: Session) -> None:
    place = place_of(session, "attention", number=True)
    here = now(session, place, "attention")
    test = start(pr_about="attention", pr_number=str(place))
    assert here.asked.plain in said(test)
    assert here.why.plain not in said(test)
    for typed, complaint in (("", "Write a number"), ("<b>many</b>", "is not a number")):
        field(test).set_value(typed)
        submit(test)
        assert complaint in test.warning[0].value
    field(test).set_value(here.answer.replace(".", ","))
    submit(test)
    assert "✓ Right" in said(test)
    assert here.why.plain in said(test)
    assert test.session_state["pr_said"]
    (line,) = record_of(test)
    assert line.right
    assert line.asked == here.asked.plain


def field(test: AppTest) -> TextInput:
    return next(each for each in test.text_input if str(each.key).startswith("pr_typed"))


def submit(test: AppTest) -> None:
    next(each for each in test.button if each.label == "Check").click().run()
    assert trouble(test) == []


def record_of(test: AppTest) -> list[record.Line]:
    return list(test.session_state[record.RECORD].values())


def test_a_wrong_choice_is_told_and_the_first_answer_counts(session: Session) -> None:
    place = place_of(session, "output", number=False)
    here = now(session, place, "output")
    test = start(pr_about="output", pr_number=str(place))
    submit(test)
    assert "Choose one" in test.warning[0].value
    wrong = next(each for each in range(len(here.options)) if each != here.right)
    next(each for each in test.segmented_control if str(each.key).startswith("pr_typed")).set_value(str(wrong + 1))
    submit(test)
    assert f"✗ You said {here.options[wrong]}. It is {here.answer}." in said(test)
    test.button(key="pr_next").click().run()
    assert test.session_state["pr_said"] == ""
    test.button(key="pr_show").click().run()
    test.button(key="pr_back").click().run()
    test.button(key="pr_show").click().run()
    assert [(line.said, line.right) for line in record_of(test)] == [(here.options[wrong], False), ("", False)]
    assert "0 of 2 right" in said(test)


def test_a_link_shows_the_same_question_and_what_was_answered(session: Session) -> None:
    for place in (1, 7, 40):
        here = now(session, place, seed=5)
        asked_of = {"pr_number": str(place), "pr_seed": "5"}
        assert here.asked.plain in said(start(**asked_of))
        assert "It is" in said(start(**asked_of, pr_said="show"))
        right = str(int(here.right) + 1) if here.options else here.answer
        assert "✓ Right" in said(start(**asked_of, pr_said=right))


@pytest.mark.parametrize("wanted", [
    {"pr_number": "0"}, {"pr_number": "x"}, {"pr_number": "99999"}, {"pr_seed": "-1"}, {"pr_seed": "x"}, {"pr_about": "?"}, {"pr_from": "?"},
    {"pr_said": "99"}, {"pr_said": "<script>"}, {"pr_said": "9" * 300}, {"pr_from": "dealt", "pr_number": "500", "pr_seed": "999"},
], ids=str)  # fmt: skip
def test_an_absurd_address(wanted: dict[str, str]) -> None:
    assert trouble(start(**wanted)) == []


def test_a_sentence_by_number_is_shown_and_other_topics_begin_anew(session: Session) -> None:
    test = start(pr_from="dealt", pr_seed="3")
    first = test.session_state["_scope"]
    assert first != " ".join((*session.walk.source, "→", *session.walk.written))
    test.number_input(key="pr_seed").set_value(4).run()
    assert test.session_state["_scope"] != first
    test.button(key="pr_next").click().run()
    assert test.session_state["pr_number"] == 2
    test.selectbox(key="pick_pr_about").set_value("input").run()
    assert test.session_state["pr_number"] == 1
    assert trouble(test) == []


def test_the_session_can_be_taken_away_and_harms_no_spreadsheet() -> None:
    line = record.Line(
        seed=3, number=2, page="50_one_head", model="m", sentence="=HYPERLINK(1)", asked="How, “much”?", said="-0.5", answer="−0.5", right=True
    )  # fmt: skip
    columns, cells = record.sheet([line], "@SUM(A1)")
    from ui.tables import csv_text

    told = list(csv.reader(io.StringIO(csv_text(columns, cells))))
    assert len(told[0]) == len(told[1]) == len(columns)
    assert told[1][0] == "'@SUM(A1)"
    assert "'=HYPERLINK(1)" in told[1]
    assert "-0.5" in told[1]
    assert told[1][-1] == "1"
    assert not any(cell.startswith(("=", "+", "@")) for cell in told[1])


def test_a_link_comes_before_what_was_chosen_earlier() -> None:
    test = app("pages/60_many_heads.py", text=SEEN, layer="1", head="2")
    assert test.session_state["head"] == "2"
    test.query_params["to_view"], test.query_params["head"] = "1", "4"
    test.run()
    assert test.session_state["head"] == "4"
    assert "to_view" not in test.query_params


def test_numbers_have_a_true_minus() -> None:
    assert question.number(-0.25, 2) == "−0.25"
    assert question.number(-0.0001, 2) == "0.00"


def test_every_page_leads_to_questions_about_it(session: Session) -> None:
    assert {frame.topic_of(page) for page in frame.pages() if page != "260_predict"} == set(TOPICS)
    assert frame.topic_of("90_cross_attention") == "attention"
    assert frame.topic_of("home") == frame.topic_of("260_predict") == ""
