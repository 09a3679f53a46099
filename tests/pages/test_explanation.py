"""Is attention an explanation?: what the page says against the model run anew; its guess, its warning and its address."""

import re
from functools import partial
from html import unescape
from urllib.parse import parse_qs

import numpy as np
import pytest
import streamlit as st
import torch
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from figures.changed import explanation
from figures.labels import label
from pages.explanation import asked as asking
from pages.explanation import methods, resting, sample
from pages.explanation import pictures as drawn
from pages.explanation.asked import Asked
from pages.explanation.methods import METHODS, Method
from tests.apps import SEEN, SEEN_FRENCH, app, html, pictures, stands_at_every_depth, trouble
from tests.pages.drawings import drawings
from transformer.analysis.effects import traced
from transformer.text import clean
from transformer.tokenizer import Tokenizer
from transformer.what_if import Mask, WhatIf, apply
from ui.changed import machine, outcome, telling
from ui.frame import Session
from ui.measures import attributed
from ui.measures.words import Words, words_of
from ui.session import state
from ui.show.sums import number

pytestmark = [
    pytest.mark.usefixtures("forgotten"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
PAGE, TEXT, FRENCH = "pages/250_explanation.py", SEEN, SEEN_FRENCH
OPEN = {"text": TEXT, "target": "mine", "french": FRENCH, "ex_ask": "false"}


def said(test: AppTest) -> str:
    """All HTML of the page, without its tags."""
    return re.sub(r"<[^>]*>", "", " ".join(html(test)).replace("</td>", " "))


def alts(test: AppTest) -> list[str]:
    """What the page's components are given, their text alternatives among it."""
    return [str(each.proto) for each in test.get("bidi_component")]


def question(place: int, layer: int = 2, head: int | None = None) -> Asked:
    return Asked(
        place=place, layer=layer, head=head, method="left", pair=None, guess="", guessing=False, view="methods"
    )


def every(session: Session, place: int, layer: int = 2, head: int | None = None) -> tuple[Method, ...]:
    return methods.methods(session, attributed.found(session, place), place, layer, head)


def chance(session: Session, source: tuple[int, ...], place: int) -> float:
    """The log-probability of a French piece for a source without the end piece."""
    with torch.inference_mode():
        logits = traced(session.checkpoint.model, source, session.walk.written_ids[:-1]).logits[0, place]
        return float(logits.log_softmax(-1)[session.walk.written_ids[place]])


def test_the_words_are_those_of_the_sentence(session: Session) -> None:
    words = words_of(session.checkpoint.tokenizer, TEXT, session.walk.source_ids[:-1])
    assert words.names == ("The", "black", "cat", "sees", "the", "dog", ".")
    summed = words.summed(np.arange(len(session.walk.source), dtype=float))
    assert summed.tolist() == [float(sum(places)) for places in (*words.pieces, (len(session.walk.source) - 1,))]
    assert words.of(len(session.walk.source) - 1) == len(words) == 7


@given(
    text=some.text(max_size=30)
    | some.sampled_from(["did n't", "I'm Tom's.", "😀🦊 a", "나는 ▁ x", "▁▁ ▁", "a\u202eb ..."])
)
def test_every_piece_belongs_to_one_word(tokenizer: Tokenizer, text: str) -> None:
    if not (ids := tokenizer.encode(text)):
        return
    words = words_of(tokenizer, clean(text), ids)
    assert [place for pieces in words.pieces for place in pieces] == list(range(len(ids)))
    assert len(words.names) == len(words.pieces)
    assert all(words.names)


def test_clitics_and_punctuation_are_words(tokenizer: Tokenizer) -> None:
    for text, names in (("I didn't see Tom's cat!", "I did n't see Tom 's cat !"), ("Well, yes.", "Well , yes .")):
        assert " ".join(words_of(tokenizer, text, tokenizer.encode(text)).names) == names


def test_each_row_is_its_own_method(session: Session) -> None:
    """Every number of the picture, from the trace or from the model run anew."""
    place, walk = 3, session.walk
    attention, rollout, gradient, integrated, left = every(session, place, 1, 4)
    words = attributed.found(session, place).words
    for word, pieces in enumerate(words.pieces):
        assert attention.words[word] == pytest.approx(walk.cross[1][4, place, list(pieces)].sum(), abs=1e-6)
        rest = tuple(id for each, id in enumerate(walk.source_ids[:-1]) if each not in pieces)
        fall = chance(session, walk.source_ids[:-1], place) - chance(session, rest, place)
        assert left.words[word] == pytest.approx(fall, abs=1e-4)
    assert np.isnan(left.words[-1])
    assert rollout.words.sum() == pytest.approx(1 - 0.5**3)
    found = attributed.found(session, place).integrated
    assert integrated.words.sum() == pytest.approx(float((found.with_words - found.without_words - found.left_over)[0]))
    assert float(found.with_words[0]) == pytest.approx(np.log(walk.chances[place]), abs=1e-4)
    assert not np.allclose(gradient.words, integrated.words, atol=1e-3)
    for each in (attention, rollout, gradient, integrated, left):
        assert np.nansum(np.abs(each.shares)) == pytest.approx(1)
        assert each.top == np.abs(each.words[:-1]).argmax()
    mean = every(session, place, 1)[0]
    np.testing.assert_allclose(mean.words, words.summed(walk.cross[1][:, place].mean(0).astype(float)), atol=1e-6)
    five = every(session, place, 1, 4)
    make = partial(drawn.comparison, session, question(place, 1, 4), words, five)
    [drawing] = drawings(explanation, "methods", make)
    np.testing.assert_allclose(drawing["shares"][4], left.shares)
    assert drawing["strongest"] == [each.top for each in every(session, place, 1, 4)]
    assert drawing["signed"] == [False, False, True, True, True]


def test_agreement_is_that_of_the_words_without_the_end(session: Session) -> None:
    rows = every(session, 2)
    table = methods.table(rows)
    np.testing.assert_allclose(table, table.T)
    np.testing.assert_allclose(np.diag(table), 1)
    one, other = (np.abs(rows[place].words[:7]) for place in (0, 3))
    same = sum(np.sign(one[i] - one[j]) * np.sign(other[i] - other[j]) for i in range(7) for j in range(i))
    assert table[0, 3] == pytest.approx(same / 21)


@pytest.mark.parametrize("method", METHODS)
def test_a_link_shows_the_cell_with_its_numbers(session: Session, method: str) -> None:
    test = app(PAGE, **OPEN, layer="2", head="3", piece="4", source="3", ex_method=method, ex_pair="rollout-integrated")
    assert trouble(test) == []
    assert [test.segmented_control(key=f"pick_{key}").value for key in ("layer", "head")] == ["2", "3"]
    rows = every(session, 3, 1, 2)
    row, word = rows[METHODS.index(method)], attributed.found(session, 3).words.of(2)
    told = said(test)
    assert f"/ {number(row.total)} = {number(float(row.shares[word]))}" in told
    name = attributed.found(session, 3).words.names[word]
    assert f": what {name} is given for {label(session.walk.written[3])}" in unescape(told)
    assert ("Attention, layer 2, head 3" in told) == (method == "attention")
    test.segmented_control(key="pick_ex_view").set_value("ranks").run()
    told = said(test)
    assert "Rollout and Integrated gradients: 7 words make 21 pairs" in told
    assert f"= {number(methods.agreement(rows[1], rows[3]).tau)}" in told


def test_the_cell_of_leave_one_out_reads_the_shorter_sentence(session: Session) -> None:
    test = app(PAGE, **OPEN, piece="4", source="2", ex_method="left")
    known = attributed.found(session, 3)
    word = known.words.of(1)
    rest = tuple(id for each, id in enumerate(session.walk.source_ids[:-1]) if each not in known.words.pieces[word])
    assert f"“{session.checkpoint.tokenizer.decode(rest)}”" in said(test)
    assert f"without itlog p = {number(chance(session, rest, 3))}" in said(test)
    end = app(PAGE, **OPEN, piece="4", source=str(len(session.walk.source)), ex_method="left")
    assert "cannot be left out" in said(end)


def test_integrated_gradients_show_what_is_left_over(session: Session) -> None:
    test = app(PAGE, **OPEN, piece="3", source="1", ex_method="integrated")
    found = attributed.found(session, 2).integrated
    whole, nothing = float(found.with_words[0]), float(found.without_words[0])
    assert whole == pytest.approx(chance(session, session.walk.source_ids[:-1], 2), abs=1e-4)
    assert f"{number(whole)} − ({number(nothing)}) = {number(whole - nothing)}" in said(test)
    total, left = float(found.values.sum()), float(found.left_over[0])
    assert f"together: {number(total)}. {number(left)} is left over, with slopes at {found.points} points" in said(test)
    assert abs(left) <= 0.05 * max(1, abs(whole - nothing))


def looks(session: Session, ending: bool) -> tuple[int, int, int]:
    """A layer, a head and a place whose largest weight lies at the end of the sentence, or not."""
    words = attributed.found(session, 0).words
    for layer, weights in enumerate(session.walk.cross):
        for head in range(session.walk.heads):
            for place in range(len(session.walk.written)):
                if (words.summed(weights[head, place].astype(float)).argmax() >= len(words) - 1) == ending:
                    return layer, head, place
    raise AssertionError("there is no such head")


@pytest.mark.parametrize("ending", [True, False])
def test_the_warning_is_there_when_attention_rests_at_the_end_and_only_then(session: Session, ending: bool) -> None:
    session.walk = state.forced_walk(session.origin, "I see the dog.", FRENCH)  # type: ignore[misc]
    layer, head, place = looks(session, ending)
    test = app(
        PAGE, **OPEN | {"text": "I see the dog."}, layer=str(layer + 1), head=str(head + 1), piece=str(place + 1)
    )
    assert trouble(test) == []
    assert ("⚠" in said(test)) is ending
    if not ending:
        return
    walk, words = session.walk, attributed.found(session, place).words
    row = words.summed(walk.cross[layer][head, place].astype(float))
    name = "</s>" if row.argmax() == len(words) else words.names[int(row.argmax())]
    assert f"rests on {label(name) if name == '</s>' else name}: {row.max():.2f} of its weight" in unescape(said(test))
    where = [len(walk.source) - 1] if name == "</s>" else list(words.pieces[-1])
    allowed = tuple(each not in where for each in range(len(walk.source)))
    blind = apply(session.checkpoint.model, WhatIf(masks=(Mask("cross", (allowed,) * len(walk.written)),)))
    with torch.inference_mode():
        logits = traced(blind, walk.source_ids[:-1], walk.written_ids[:-1]).logits[0, place]
    away = np.log(walk.chances[place]) - float(logits.log_softmax(-1)[walk.written_ids[place]])
    found = resting.resting(
        session, question(place, layer, head), attributed.found(session, place), every(session, place, layer, head)[0]
    )
    assert found is not None
    assert found.away == pytest.approx(away, abs=1e-4)
    attention = walk.trace.decoder.layers[layer].cross_attention
    W_O = session.checkpoint.model.decoder_layers[layer].cross_attention.W_O.weight.detach()
    parts = attention.weights[0, head, place, :, None] * (attention.values[0, head] @ W_O[:, head * 4 : head * 4 + 4].T)
    lengths = np.linalg.norm(words.summed(parts.T.double().numpy()), axis=0)
    assert found.length == pytest.approx(lengths[row.argmax()], abs=1e-5)
    assert found.lengths == pytest.approx(lengths.sum(), abs=1e-5)
    assert f"has length {number(found.length, 2)}, of {number(found.lengths, 2)} in all: {found.share:.2f}" in said(
        test
    )


@pytest.mark.parametrize(("weight", "length", "away", "natural", "told"), [
    (0.6, 0.1, 0.01, False, "the attention is parked"), (0.6, 0.1, 0.5, False, "does use this place"),
    (0.6, 0.5, 0.5, False, "does use this place"), (0.6, 0.5, -0.02, False, "hardly needs it"),
    (0.6, 0.1, 0.01, True, "ends the sentence too"),
])  # fmt: skip
def test_the_warning_says_no_more_than_its_numbers(
    session: Session, weight: float, length: float, away: float, natural: bool, told: str
) -> None:
    found = resting.Resting(
        word=7, place=8, weight=weight, length=length, lengths=1.0, away=away, fall=None, natural=natural
    )
    assert told in resting.conclusion(session, question(2), found)
    assert ("far less" in resting.lengths(found)) == (length < weight / 2)


def test_a_guess_comes_first_and_is_then_told() -> None:
    test = app(PAGE, **OPEN | {"ex_ask": "true", "piece": "4"})
    assert trouble(test) == []
    assert "methods name" not in said(test)
    assert "? Five answers" not in " ".join(alts(test))
    assert "rank the words" not in " ".join(alts(test))
    assert "Which word matters most" in " ".join(alts(test))
    test.button(key="ex_show").click().run()
    assert "name" in said(test)
    assert "Your guess" not in said(test)
    assert "? Five answers" in " ".join(alts(test))
    test.segmented_control(key="pick_ex_view").set_value("ranks").run()
    assert "rank the words" in " ".join(alts(test))
    link = app(PAGE, **OPEN | {"ex_ask": "true", "piece": "4", "ex_guess": "4.3"})
    assert "Your guess, “cat”, is named by" in said(link)
    link.button(key="ex_again").click().run()
    assert link.session_state["ex_guess"] == ""
    assert "Your guess" not in said(link)
    another = app(PAGE, **OPEN | {"ex_ask": "true", "piece": "5", "ex_guess": "4.3"})
    assert "Your guess" not in said(another), "that was another piece"


def test_a_guess_is_judged_by_the_methods_that_name_it(session: Session) -> None:
    rows = every(session, 3)
    top = rows[3].top
    assert top is not None
    same = [each.code for each in rows if each.top == top]
    told = said(app(PAGE, **OPEN, piece="4", ex_guess=f"4.{top + 1}"))
    assert f"is named by {len(same)} of 5: {', '.join(methods.names()[code] for code in same)}." in told
    missed = next(word for word in range(7) if all(each.top != word for each in rows))
    assert "is named by no method" in said(app(PAGE, **OPEN, piece="4", ex_guess=f"4.{missed + 1}"))


def test_clicks_point_at_words_and_pairs(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", kept)
    words = attributed.found(session, 3).words
    asking.take_cell(question(3), words, [2, 1])
    assert kept == {"ex_method": "rollout", "piece": 4, "source": words.pieces[2][0] + 1}
    asking.take_cell(question(3), words, [7, 0])
    assert kept["source"] == len(session.walk.source)
    asking.take_cell(question(3), words, [2, 9])
    assert kept["ex_method"] == "attention"
    asking.take_pair([4, 1])
    assert kept["ex_pair"] == "left-rollout"
    asking.take_guess(question(3), [5, 0])
    assert kept["ex_guess"] == "4.6"


def measured(test: AppTest) -> AppTest:
    """The same page when all slices of the measurement are through."""
    for _slice in range(60):
        if "Beside leave-one-out" in said(test):
            return test
        assert [each.key for each in test.button if each.key == "ex_sample_stop"], "it can be stopped"
        test.run()
    raise AssertionError("it never ends")


def test_the_held_out_sentences_are_measured_when_asked_for(session: Session) -> None:
    test = app(PAGE, **OPEN, layer="1", head="2")
    assert "Beside leave-one-out" not in said(test)
    test.segmented_control(key="pick_ex_view").set_value("general").run()
    test.button(key="ex_sample_measure").click().run()
    test = measured(test)
    assert trouble(test) == []
    found = [
        each
        for place in range(len(outcome.held_out(session.origin)[1]))
        if (each := sample.sentence(session.origin, place))
    ]
    hits, taus = [], []
    for each, (source, target) in zip(found, outcome.held_out(session.origin)[1], strict=True):
        words = words_of(session.checkpoint.tokenizer, session.checkpoint.tokenizer.decode(source), source)
        pieces = [session.checkpoint.tokenizer.piece(id).piece for id in target[:-1]]
        places = [place for place, piece in enumerate(pieces) if any(sign.isalpha() for sign in piece)]
        with torch.inference_mode():
            weights = (
                traced(session.checkpoint.model, source, target[:-1]).decoder.layers[0].cross_attention.weights[0, 1]
            )
        attention = words.summed(weights[places].double().numpy())[:, :-1]
        left = np.abs(each.others["left"])
        hits += (attention.argmax(1) == left.argmax(1)).tolist()
        taus.append(np.mean([methods.attributions.agreement(*pair).tau for pair in zip(attention, left, strict=True)]))
    told = f"Attention, layer 1, head 2 {np.mean(hits):.0%} {number(float(np.mean(taus)), 2)} ± {np.std(taus):.2f}"
    assert told in said(test)
    assert f"{len(hits)} French pieces in {len(found)} held-out sentences" in said(test)
    assert "Beside leave-one-out" in said(measured(app(PAGE, **OPEN, ex_sample="yes", ex_view="general")))


@pytest.mark.parametrize("strange", [
    {"text": "😀", "target": "mine", "french": "한"}, {"text": "<b>hi</b>", "target": "mine", "french": "<i>$x$ {far}"},
    {"text": "A", "target": "mine", "french": "A"}, {"text": "Hello.", "special": "false"}, {"text": "cat " * 59},
    {"ex_method": "x", "ex_pair": "left-left-left", "ex_guess": "99.99"}, {"ex_pair": "x-left", "ex_guess": "1.1x"},
    {"piece": "8", "source": "8", "special": "false"}, {"text": "the the the .", "source": "1", "ex_method": "gradient"},
], ids=str)  # fmt: skip
def test_awkward_sentences_and_absurd_addresses(strange: dict[str, str]) -> None:
    for ask in ("true", "false"):
        test = app(PAGE, **OPEN | {"ex_ask": ask} | strange)
        assert trouble(test) == []
        assert pictures(test) >= 3
        stands_at_every_depth(test)
    test.segmented_control(key="pick_ex_view").set_value("ranks").run()
    assert trouble(test) == []
    short = strange.get("text") in ("A", "Hello.", "😀")
    assert ("too few words" in said(test)) is short
    assert ("7 words make 21 pairs" in said(test)) is ("text" not in strange)


@pytest.mark.parametrize(("away", "fall", "told"), [
    (0.5, 0.2, ["falls by <b>0.50</b>", "it falls by <b>0.20</b>"]), (-0.0042, -0.3, ["rises by <b>4.2×10⁻³</b>", "it rises by <b>0.30</b>"]),
])  # fmt: skip
def test_what_rises_does_not_fall_by_less_than_nothing(away: float, fall: float, told: list[str]) -> None:
    found = resting.Resting(word=7, place=7, weight=0.6, length=0.1, lengths=1.0, away=away, fall=fall, natural=False)
    assert all(each in resting.effects(found) for each in told)
    assert "−" not in resting.effects(found)


def test_no_method_is_compared_with_itself(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where attention comes closest to leave-one-out, it is told once."""
    one = sample.Result(hits=0.8, tau=0.5, spread=0.1)
    found = [sample.sentence(session.origin, 0)]
    monkeypatch.setattr(sample, "sentences", lambda _session: ("grammar-en-fr", found))
    feet: list[str] = []
    monkeypatch.setattr(sample, "table_of", lambda _title, _head, _rows, foot: feet.append(foot))
    for attention in (0.9, 0.7):
        results = dict.fromkeys(METHODS[:-1], one) | {"attention": sample.Result(hits=attention, tau=0.5, spread=0.1)}
        monkeypatch.setattr(sample, "results", lambda *_asked, results=results: results)
        sample.tell(session, question(2))
    assert [foot.count("Attention, layer 3, mean") for foot in feet] == [1, 1]
    assert "comes closest" in feet[0]
    assert "90%" in feet[0]
    assert "Attention, layer 3, mean</b>: in <b>70%" in feet[1]


def test_the_word_that_attention_names_can_be_covered_in_the_whole_model(session: Session) -> None:
    """In one line, and the link covers exactly that word in cross-attention."""
    test = app(PAGE, **OPEN, piece="4")
    known, top = attributed.found(session, 3), every(session, 3)[0].top
    assert top is not None
    places = known.words.pieces[top]
    allowed = tuple(each not in places for each in range(len(session.walk.source)))
    blind = apply(session.checkpoint.model, WhatIf(masks=(Mask("cross", (allowed,) * len(session.walk.written)),)))
    with torch.inference_mode():
        logits = traced(blind, session.walk.source_ids[:-1], session.walk.written_ids[:-1]).logits[0, 3]
    away = np.log(session.walk.chances[3]) - float(logits.log_softmax(-1)[session.walk.written_ids[3]])
    assert f"{telling.times(away)} times" in said(test)
    [query] = [each.proto.query_string for each in test.get("page_link") if "mp_do" in each.proto.query_string]
    [code] = parse_qs(query)["mp_do"]
    read = machine.read(
        code, session.checkpoint.model.config, machine.Sizes(len(session.walk.source), len(session.walk.read))
    )
    assert read.mask("cross").flipped == {(row, key) for row in range(len(session.walk.read)) for key in places}


def test_the_shared_model_is_not_written_to(session: Session) -> None:
    before = {name: tensor.clone() for name, tensor in session.checkpoint.model.state_dict().items()}
    every(session, 1)
    words = attributed.found(session, 1).words
    assert isinstance(words, Words)
    assert all(torch.equal(before[name], tensor) for name, tensor in session.checkpoint.model.state_dict().items())
    assert all(each.grad is None for each in state.opened(session.origin).model.parameters())
