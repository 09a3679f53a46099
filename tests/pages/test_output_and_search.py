"""The page about output and search: every number against the trace or NumPy, forced pieces, and the page itself."""

import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

import transformer.checkpoint
from pages.output_and_search import greedy as search_view
from pages.output_and_search import output
from pages.output_and_search import sums as output_sums
from pages.output_and_search.output import Settings
from tests import apps
from tests.apps import app, trouble
from tests.small_models import untrained
from transformer.decoding.search import best, greedy, sample
from transformer.tokenizer import Tokenizer
from ui import text
from ui.frame import Session
from ui.session import state
from ui.session.walk import walk

PAGE = "pages/100_output_and_search.py"
SENTENCE, FRENCH = "I see the dog.", "Je vois le chien."
page = partial(app, PAGE, text=SENTENCE)
pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
WAYS = [
    Settings(),
    Settings(temperature=0.5),
    Settings(temperature=2.0, top_k=5),
    Settings(temperature=1.3, top_p=0.3),
    Settings(temperature=0.7, top_k=9, top_p=0.8),
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """A folder with one untrained checkpoint, whose end piece is not too rare."""
    model = untrained(tokenizer, seed=4).requires_grad_(False)
    model.matrix[2] *= 3.0
    folder = tmp_path_factory.mktemp("runs")
    transformer.checkpoint.save(folder / "small", model, tokenizer, {})
    return folder


@pytest.fixture(scope="module")
def session(shelf: Path) -> Session:
    """A page's session over a French sentence that was given."""
    origin = state.origin(shelf / "small")
    checkpoint = state.opened(origin)
    ids = (*checkpoint.tokenizer.encode(FRENCH), checkpoint.model.config.end_id)
    return Session(
        name="100_output_and_search", lesson=text.lesson("100_output_and_search"), origin=origin, checkpoint=checkpoint,
        walk=walk(checkpoint, SENTENCE, ids, forced=True), mode="light", special=True, search=state.Search(1),
    )  # fmt: skip


@pytest.mark.parametrize("how", WAYS, ids=str)
def test_the_candidates_are_numpy_s(session: Session, how: Settings) -> None:
    for place in range(len(session.walk.written)):
        found = output.next_piece(session, place, how)
        logits = session.walk.trace.logits[0, place].numpy().astype(np.float64)
        exps = np.exp(logits / how.temperature - (logits / how.temperature).max())
        shares, ids = exps / exps.sum(), list(found.ids)
        np.testing.assert_allclose(found.logits, logits[ids], atol=1e-4)
        np.testing.assert_allclose(found.scaled, logits[ids] / how.temperature, atol=1e-4)
        np.testing.assert_allclose(found.exps, exps[ids], atol=1e-4)
        np.testing.assert_allclose(found.probabilities, shares[ids], atol=1e-4)
        assert found.total == pytest.approx(exps.sum(), abs=1e-4)
        assert [int((logits > logits[id]).sum()) for id in ids] == list(found.ranks)
        assert found.ranks[: output.TOP] == tuple(range(output.TOP))
        assert session.walk.written_ids[place] in ids
        assert found.rest == pytest.approx(
            (exps.sum() - exps[ids].sum(), 1 - shares[ids].sum(), 1 - found.chances.sum())
        )


@pytest.mark.parametrize("how", WAYS, ids=str)
def test_the_chances_after_the_cuts_are_those_of_sampling(session: Session, how: Settings) -> None:
    model, source = session.checkpoint.model, session.checkpoint.tokenizer.encode(SENTENCE)
    for place in range(len(session.walk.written)):
        found = output.next_piece(session, place, how)
        chances = dict(zip(found.ids, found.chances, strict=True))
        step = next(iter(sample(
            model, source, None, how.temperature, how.top_k or None, how.top_p,
            torch.Generator().manual_seed(1), prefix=session.walk.written_ids[:place],
        )))  # fmt: skip
        drawn = {each.id: each.chance for each in step.candidates}
        assert len(chances.keys() & drawn.keys()) >= 9
        for id in chances.keys() & drawn.keys():
            assert chances[id] == pytest.approx(drawn[id], abs=1e-4)
        assert found.chances.sum() <= 1 + 1e-9
        if how.top_k:
            assert found.left <= how.top_k


def test_the_dot_product_is_the_logit(session: Session) -> None:
    for place in range(len(session.walk.written)):
        for id in (0, 5, 77, session.walk.written_ids[place]):
            dot = output.dot_product(session, place, id)
            assert dot.total == pytest.approx(session.walk.trace.logits[0, place, id].item(), abs=1e-4)
            shown = sum(term.product for term in dot.largest(6)) + dot.rest(6)[1]
            assert shown == pytest.approx(dot.total, abs=1e-9)


def test_the_lens_is_the_last_step_after_every_layer(session: Session) -> None:
    matrix, decoder = session.checkpoint.model.matrix.numpy(force=True), session.walk.trace.decoder
    seen = output.lens(session)
    vectors = [decoder.embedding.output, *(layer.output for layer in decoder.layers)]
    assert len(seen.rows) == len(vectors)
    for row, vector in enumerate(vectors):
        logits = vector[0].numpy() @ matrix.T
        shares = np.exp(logits - logits.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        np.testing.assert_allclose(seen.probabilities[row], shares.max(-1), atol=1e-4)
        np.testing.assert_array_equal(seen.ids[row], shares.argmax(-1))
    np.testing.assert_array_equal(seen.ids[-1], session.walk.trace.logits[0].argmax(-1).numpy())


def test_without_force_the_path_is_greedy_search(session: Session) -> None:
    model, source = session.checkpoint.model, session.checkpoint.tokenizer.encode(SENTENCE)
    steps = list(greedy(model, source, search_view.most(model.config)))
    path = search_view.path(session.origin, SENTENCE, ())
    assert path.ids == best(steps).ids
    assert path.total == pytest.approx(best(steps).total, abs=1e-4)
    assert set(path.ranks) == {0}
    for step in steps:
        mine = [
            (int(id), float(p))
            for id, p in zip(path.others[:, step.position], path.log_probabilities[:, step.position], strict=True)
        ]
        theirs = [(each.id, each.log_probability) for each in step.candidates[: len(mine)]]
        assert [p for _, p in mine] == pytest.approx([p for _, p in theirs], abs=1e-4)
        assert mine[0][0] == theirs[0][0]


def test_a_forced_piece_stays_and_greedy_search_goes_on(session: Session) -> None:
    model, source = session.checkpoint.model, session.checkpoint.tokenizer.encode(SENTENCE)
    free = search_view.path(session.origin, SENTENCE, ())
    for position in range(min(3, len(free.ids))):
        beginning = (*free.ids[:position], int(free.others[2, position]))
        if beginning[-1] == model.config.end_id:
            continue
        mine = search_view.path(session.origin, SENTENCE, beginning)
        whole = best(greedy(model, source, search_view.most(model.config), prefix=beginning))
        assert mine.ids == whole.ids
        assert mine.ids[: position + 1] == beginning
        assert mine.total == pytest.approx(whole.total, abs=1e-4)
        assert mine.rows[position] == mine.ranks[position] == 2
        assert set(mine.ranks[position + 1 :]) <= {0}


def test_a_forced_end_ends(session: Session) -> None:
    mine = search_view.path(session.origin, SENTENCE, (9, 2))
    assert mine.ids == (9, 2)
    assert mine.finished


def test_what_greedy_search_would_write_anyway_is_not_forced() -> None:
    assert search_view.without_own_choice((7, 8, 9, 10), (0, 3, 0, 0)) == (7, 8)
    assert search_view.without_own_choice((7, 8), (0, 0)) == ()
    assert search_view.without_own_choice((), ()) == ()


@pytest.mark.parametrize(("asked", "ids"), [
    ("", ()), ("5.6", (5, 6)), ("5.2.6", (5, 2)), ("5.x.6", (5,)), ("0", ()), ("1.5", ()), ("5..6", (5,)), ("-5", ()),
    ("5.99999999999", (5,)), ("٣", ()), ("600", ()), ("²", ()),
])  # fmt: skip
def test_only_what_can_begin_a_translation_is_forced(
    asked: str, ids: tuple[int, ...], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "session_state", {search_view.FORCE: asked})
    assert search_view.beginning(session.checkpoint.model.config) == ids


def test_a_very_long_beginning_is_cut(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {search_view.FORCE: ".".join(["5"] * 500)})
    ids = search_view.beginning(session.checkpoint.model.config)
    assert ids == (5,) * state.MOST_TARGET
    assert search_view.path(session.origin, SENTENCE, ids).ids == ids


def test_the_lesson_is_filled_with_this_sentence_s_numbers(session: Session) -> None:
    how = Settings(temperature=0.8)
    found = output.next_piece(session, 2, how)
    values = output_sums.values(session, found, 0, how, 0.6)
    sections = session.lesson.sections
    wanted = set(re.findall(r"\[\[(\w+)\]\]", sections["Numbers"] + sections["Formula"]))
    assert wanted <= values.keys()
    shares = session.walk.trace.logits[0].double().softmax(-1).numpy()
    total = np.log(shares[np.arange(len(session.walk.written)), list(session.walk.written_ids)]).sum()
    assert float(values["sum"]) == pytest.approx(total, abs=1e-3)
    assert float(values["score"]) == pytest.approx(total / ((5 + len(session.walk.written)) / 6) ** 0.6, abs=1e-3)
    for source in re.findall(r"^source: (\S+)$", sections["Code"], re.MULTILINE):
        assert source.startswith("transformer.")


def said(test: AppTest) -> str:
    """All that the page says in HTML."""
    assert trouble(test) == []
    return apps.said(test)


def test_temperature_and_cuts_are_in_the_address_and_in_the_arithmetic(folders: Path) -> None:
    test = page(temperature="1.5", top_k="3", piece="2")
    assert test.slider(key="temperature").value == 1.5
    assert "/ 1.5 =" in said(test)
    assert "The cuts leave 3 of 600 pieces" in said(test)
    test.slider(key="top_k").set_value(0).run()
    assert "The cuts leave" not in said(test)


def test_undo_and_reset_give_the_free_translation_back(folders: Path) -> None:
    free = said(page(output="steps"))
    test = page(output="steps", force="9")
    assert "you forced" in said(test)
    test.button(key="undo_force").click().run()
    assert test.session_state["force"] == ""
    assert "The model is free" in said(test)
    assert "The model is free" in free
    test = page(output="steps", force="9.8.7")
    test.button(key="undo_force").click().run()
    assert test.session_state["force"] in ("9.8", "9")
    test.button(key="reset_force").click().run()
    assert test.session_state["force"] == ""


def test_a_forced_beginning_is_forgotten_with_its_sentence(folders: Path) -> None:
    test = page(output="steps", force="9.8")
    test.text_input(key="text").set_value("The cat sleeps.").run()
    assert "The model is free" in said(test)


def test_the_beam_says_greedy_and_beam_and_follows_its_sliders(folders: Path) -> None:
    test = page(output="beam", search="greedy")
    before = said(test)
    assert "length penalty" in before
    assert "Greedy" in before
    test.slider(key="length_penalty").set_value(0.0).run()
    assert "<sup>0.0</sup> = <b>1.0000</b>" in said(test)
    test.slider(key="width").set_value(2).run()
    assert said(test)


@pytest.mark.parametrize("asked", [
    {"force": "abc.999999"}, {"force": "5." * 300}, {"node": "99.99"}, {"node": "1.2.3"}, {"node": "1.1"}, {"node": "x"},
    {"candidate": "-5"}, {"candidate": "999999"}, {"deep": "77"}, {"temperature": "99"}, {"temperature": "0"},
    {"top_k": "-1"}, {"top_p": "7"}, {"length_penalty": "x"}, {"width": "1"}, {"output": "zzz"}, {"piece": "70"},
    {"special": "false"},
], ids=str)  # fmt: skip
@pytest.mark.parametrize("picture", ["next", "lens", "steps", "beam"])
def test_absurd_addresses(folders: Path, picture: str, asked: dict[str, str]) -> None:
    assert said(page(**({"output": picture} | asked)))


@pytest.mark.parametrize("sentence", ["😀", "나는 학생입니다.", "<b>hi</b>", "a\x00b", "a"], ids=ascii)
@pytest.mark.parametrize("picture", ["next", "lens", "steps", "beam"])
def test_awkward_sentences(folders: Path, picture: str, sentence: str) -> None:
    assert "<b>hi</b> <" not in said(page(output=picture, text=sentence))
    for depth in ("numbers", "formula", "code"):
        said(page(output=picture, text=sentence, depth=depth, target="mine", french=sentence))
