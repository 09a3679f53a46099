"""The page about output and search: every number against the trace or NumPy, forced pieces, and the page itself."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import transformer.checkpoint
from figures.labels import label
from pages.output_and_search import beam as beam_view
from pages.output_and_search import greedy as search_view
from pages.output_and_search import output, seen, why
from pages.output_and_search import sums as output_sums
from tests import ROOT, apps
from tests.apps import app, trouble
from tests.small_models import untrained
from transformer.decoding.sampling import Cuts, sample
from transformer.decoding.search import best, greedy
from transformer.tokenizer import Tokenizer
from ui import text
from ui.frame import Session
from ui.session import state
from ui.session.walk import walk
from ui.show.sums import number

PAGE = "pages/100_output_and_search.py"
SENTENCE, FRENCH = "I see the dog.", "Je vois le chien."
page = partial(app, PAGE, text=SENTENCE)
pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
WAYS = [
    Cuts(),
    Cuts(temperature=0.5),
    Cuts(temperature=2.0, top_k=5),
    Cuts(temperature=1.3, top_p=0.3),
    Cuts(temperature=0.7, top_k=9, top_p=0.8),
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
def test_the_candidates_are_numpy_s(session: Session, how: Cuts) -> None:
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
def test_the_chances_after_the_cuts_are_those_of_sampling(session: Session, how: Cuts) -> None:
    model, source = session.checkpoint.model, session.checkpoint.tokenizer.encode(SENTENCE)
    for place in range(len(session.walk.written)):
        found = output.next_piece(session, place, how)
        chances = dict(zip(found.ids, found.chances, strict=True))
        step = next(iter(sample(
            model, source, None, how, 1, prefix=session.walk.written_ids[:place],
        )))  # fmt: skip
        drawn = {each.id: each.chance for each in step.candidates}
        assert len(chances.keys() & drawn.keys()) >= output.TOP
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
    how = Cuts(temperature=0.8)
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


def line(test: AppTest) -> str:
    """The first line, without markup."""
    [found] = [text for text in apps.html(test) if 'class="atlas-seen"' in text]
    return re.sub(r"<[^>]*>", "", found)


FORCED = {"target": "mine", "french": FRENCH}


def test_the_first_line_tells_what_follows_and_how_probable_it_is(folders: Path, session: Session) -> None:
    shares = session.walk.trace.logits[0, 2].double().softmax(-1)
    found = output.next_piece(session, 2, Cuts())
    told = line(page(piece="3", **FORCED))
    assert f"Having read {label(session.walk.read[2])}, the model gives {label(session.walk.written[2])} " in told
    mine = float(shares[session.walk.written_ids[2]])
    assert seen.probability(mine) in told
    assert found.labels[0] in told, "the best of the others"


def test_layers_tell_of_one_position_by_what_it_has_read_and_writes(folders: Path, session: Session) -> None:
    told = line(page(output="lens", piece="3", **FORCED))
    walk, ids = session.walk, output.lens(session).ids[:, 2]
    assert f"Read {label(walk.read[2])}, about to write {label(walk.written[2])}: layer 1 would write" in told
    for id in (ids[1], ids[-1]):
        assert label(session.checkpoint.tokenizer.piece(int(id)).piece) in told


@pytest.mark.parametrize(
    ("picture", "phrase"),
    [
        ("next", "makes the first surer"),
        ("lens", "hint and no more"),
        ("steps", "never looks back"),
        ("beam", "drops the weaker ones"),
    ],
)
def test_every_picture_has_its_own_story(folders: Path, picture: str, phrase: str) -> None:
    story = text.lesson("100_output_and_search").of(picture).sections["Story"]
    assert phrase in story
    assert len(story.split()) <= 65
    told = " ".join(each.value for each in page(output=picture).markdown)
    assert phrase in " ".join(told.split())


@pytest.mark.parametrize(("ids", "yes"), [
    ((5, 5, 5), True), ((5, 5), False), ((1, 2, 1, 2, 1, 2), True), ((1, 2, 1, 2, 1), False), ((), False), ((7, 1, 2, 3, 1, 2, 3, 1, 2, 3), True),
    ((1, 2, 3, 4), False),
])  # fmt: skip
def test_a_repetition_is_three_times_the_same_in_a_row(ids: tuple[int, ...], yes: bool) -> None:
    assert why.repeats(ids) is yes


@pytest.mark.parametrize(
    ("ids", "word"), [((2,), "empty"), ((), "empty"), ((5, 6), "cut off"), ((5, 6, 2), ""), ((5, 5, 5, 2), "repeats")]
)
def test_an_empty_a_cut_and_a_repeated_translation_is_called_so(ids: tuple[int, ...], word: str) -> None:
    told = why.doubt(ids, 2)
    assert told == "" if not word else word in told


def test_it_is_said_where_the_translation_stands(folders: Path, session: Session) -> None:
    """This untrained model writes rubbish."""
    free = search_view.path(session.origin, SENTENCE, ())
    note = why.doubt(free.ids, 2)
    assert note
    assert note in said(page(output="steps"))


def test_the_page_of_the_tree_is_in_the_address(folders: Path, session: Session) -> None:
    found = beam_view.tree(session, 4, 0.6)

    def start(**asked: str) -> int:
        return next(
            each["start"]
            for each in apps.sent(page(output="beam", search="greedy", width="4", **asked))
            if len(each.get("steps", ())) > 1
        )

    assert start(piece="2") == 1, "the step of the chosen piece"
    assert start(piece="2", beam_step="0") == 0
    assert start(beam_step=str(found.last)) == found.last
    assert start(piece="2", beam_step="999") == 1


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> Iterator[state.Origin]:
    """The small shipped model."""
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (ROOT / "pretrained",))
    yield state.origin(ROOT / "pretrained" / "grammar-en-fr")
    st.cache_data.clear()


def test_a_sentence_where_greedy_loses_is_a_press_away(shipped: state.Origin) -> None:
    asks = {"checkpoint": "grammar-en-fr", "output": "beam", "text": "The black cat sees the dog."}
    test = app(PAGE, **asks)
    assert "greedy search writes the same" in said(test)
    assert not [button for button in test.button if button.key == "take_loser"], (
        "nothing is searched before it is asked for"
    )
    test.button(key="find_loser").click().run()
    found = why.loser(shipped, 4, 0.6)
    assert found
    model, source = state.opened(shipped).model, state.opened(shipped).tokenizer.encode(found.text)
    assert best(greedy(model, source, search_view.most(model.config))).ids == found.greedy
    assert found.beam_total > found.greedy_total
    test.button(key="take_loser").click().run()
    assert test.text_input(key="text").value == found.text
    assert "Greedy search writes" in said(test)
    assert number(found.greedy_total, 2) in said(test)
    assert number(found.beam_total, 2) in said(test)
    test.button(key="give_back").click().run()
    assert test.text_input(key="text").value == asks["text"]


def test_where_a_score_is_better_than_the_sum_the_length_penalty_is_told(folders: Path) -> None:
    test = page(output="beam", search="greedy")
    assert "length penalty" in said(test)
    assert "So a score can be better than the sum" in " ".join(each.value for each in test.markdown)
