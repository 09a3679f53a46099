"""Head switchboard: the outcome and the scoreboards against models that are changed by hand; its controls and its address."""

import copy
import threading
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

from figures import theme
from figures.changed import switchboard
from pages.head_switchboard import boards, score, switches
from tests.apps import SEEN, SEEN_FRENCH, app, fall, html, said, stands_at_every_depth, trouble
from tests.pages.drawings import drawings
from transformer.analysis.effects import log_probability, mean_heads, traced
from transformer.checkpoint import Checkpoint
from transformer.decoding.search import best, greedy
from transformer.model import Transformer
from transformer.what_if import Head, WhatIf, attention, every_head
from ui.changed import guess, measure, names, outcome, telling
from ui.frame import Session
from ui.session.state import Search

pytestmark = [
    pytest.mark.usefixtures("forgotten"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
PAGE, TEXT, FRENCH = "pages/200_head_switchboard.py", SEEN, SEEN_FRENCH
GREEDY = Search(1)
TWO = (Head("encoder", 1, 2), Head("cross", 2, 4))


def zeroed(model: Transformer, *heads: Head) -> Transformer:
    """A model of its own whose columns of W_O for these heads are 0."""
    changed, d_head = copy.deepcopy(model), model.config.d_head
    for head in heads:
        with torch.no_grad():
            columns = slice(head.head * d_head, (head.head + 1) * d_head)
            attention(changed, head.kind, head.layer).W_O.weight[:, columns] = 0
    return changed


def off(*heads: Head) -> WhatIf:
    return switches.Asked(
        picture="switches", how="off", every=heads, switched=dict.fromkeys(heads, "off"), head=heads[0]
    ).what_if


def test_the_outcome_is_that_of_a_model_without_these_columns(session: Session) -> None:
    by_hand, walk = zeroed(session.checkpoint.model, *TWO), session.walk
    pair = outcome.compared(session, off(*TWO))
    source, reference = walk.source_ids[:-1], walk.written_ids
    assert pair.after.total == pytest.approx(log_probability(by_hand, source, reference), abs=1e-4)
    assert pair.before.total == pytest.approx(np.log(walk.chances).sum(), abs=1e-4)
    written = best(greedy(by_hand, source, 2 * len(reference) + 8)).ids
    assert pair.after.text == session.checkpoint.tokenizer.decode(written)
    with torch.inference_mode():
        chances = traced(by_hand, source, reference[:-1]).logits[0].double().softmax(-1).numpy()
    np.testing.assert_allclose(outcome.distributions(pair.after), chances, atol=1e-5)
    np.testing.assert_allclose(pair.after.chances, chances[range(len(reference)), reference], atol=1e-5)
    place = int(outcome.moved(pair).argmax())
    far = np.abs(chances - outcome.distributions(pair.before)).sum(1) / 2
    assert place == far.argmax()
    for id, _before, after in outcome.rivals(pair, place):
        assert after == pytest.approx(chances[place, id], abs=1e-5)


def test_an_empty_change_is_the_model_itself(session: Session) -> None:
    pair = outcome.compared(session, WhatIf())
    assert pair.before is pair.after
    assert pair.fall == 0
    assert torch.equal(pair.before.trace.logits, session.walk.trace.logits)


def test_means_are_those_of_held_out_sentences(session: Session) -> None:
    corpus, pairs = outcome.held_out(session.origin)
    assert 5 < len(pairs) <= outcome.SENTENCES
    assert corpus == ""
    expected = mean_heads(session.checkpoint.model, [(source, target[:-1]) for source, target in pairs])
    for place, means in outcome.means(session.origin).items():
        assert torch.allclose(means, expected[place])
    head = TWO[1]
    pair = outcome.compared(session, WhatIf(heads=((head, "mean"),)))
    said = pair.after.trace.decoder.layers[2].cross_attention.heads[0, head.head]
    assert torch.allclose(said, expected["cross", 2][head.head].expand_as(said))


def test_the_scoreboard_of_many_sentences_is_the_mean_of_each(session: Session) -> None:
    model, (_corpus, pairs) = session.checkpoint.model, outcome.held_out(session.origin)
    found = score.worth([score.held_out_board(session.origin, place) for place in range(3)])
    assert set(found) == set(every_head(model))
    for head in TWO:
        without = zeroed(model, head)
        falls = [log_probability(model, *pair) - log_probability(without, *pair) for pair in pairs[:3]]
        assert found[head].mean == pytest.approx(np.mean(falls), abs=1e-4)
        assert found[head].spread == pytest.approx(np.std(falls), abs=1e-4)
        assert found[head].helped == sum(fall > 0 for fall in falls)


def test_the_board_shows_the_falls_where_its_clicks_report(session: Session) -> None:
    model, walk = session.checkpoint.model, session.walk
    asked = switches.Asked(picture="score", how="off", every=tuple(every_head(model)), switched={}, head=TWO[0])
    picture = boards.scored(session, asked)
    [drawing] = drawings(switchboard, "board", lambda: boards.scored(session, asked))
    for head in TWO:
        block = drawing["blocks"][("encoder", "decoder", "cross").index(head.kind)]
        fall = log_probability(model, walk.source_ids[:-1], walk.written_ids) - log_probability(
            zeroed(model, head), walk.source_ids[:-1], walk.written_ids
        )
        assert block.values[head.layer, head.head] == pytest.approx(fall, abs=1e-4)
        assert switches.clicked(asked, [block.number, head.layer, head.head]) == head
    assert switches.clicked(asked, [0, 9, 9]) is None
    assert [row[2] for row in picture.table[1]] == sorted((row[2] for row in picture.table[1]), reverse=True)


@pytest.mark.parametrize("mode", theme.MODES)
def test_what_is_written_on_a_switch_can_be_read(mode: theme.Mode) -> None:
    """Also on the colour in the middle, of a head that is neither on nor off."""
    texts = (("off", "=<br>uniform", "on"),)
    block = switchboard.Block(
        name="Encoder", number=0, values=np.array([[0.0, 0.5, 1.0]]), texts=texts, switched=((True, True, False),)
    )
    figure = switchboard.board([block], colours="switch", title="", mode=mode).to_dict()
    muted, panel = (theme.luminance(colour[mode]) for colour in (theme.MUTED, theme.PANEL))
    [middle] = theme.shades(switchboard.coloured("switch", 1.0, mode), [0.5])
    for background, ink in zip(
        (muted, theme.luminance(middle), panel), figure["data"][1]["textfont"]["color"], strict=True
    ):
        light, dark = sorted((background, theme.luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5
    assert figure["data"][0]["meta"]["cells"]["words"] == [["off", "= uniform", "on"]]


def test_below_a_switched_head_no_map_moves(session: Session) -> None:
    asked = switches.Asked(picture="maps", how="off", every=tuple(every_head(session.checkpoint.model)),
                           switched={Head("decoder", 1, 0): "off"}, head=TWO[0])  # fmt: skip
    pair = outcome.compared(session, asked.what_if)
    [drawing] = drawings(switchboard, "board", lambda: boards.moved(session, asked, pair))
    encoder, decoder, cross = (block.values for block in drawing["blocks"])
    assert encoder.max() == decoder[:2].max() == cross[0].max() == 0
    assert cross[1].min() > 0
    assert decoder[2].min() > 0


def test_codes_come_back_and_nonsense_does_not(checkpoint: Checkpoint) -> None:
    known = every_head(checkpoint.model)
    switched = {Head("cross", 2, 3): "off", Head("encoder", 0, 1): "uniform", Head("decoder", 1, 4): "mean"}
    assert names.codes(switched) == "c3.4-e1.2u-d2.5m"
    assert names.switched(names.codes(switched), known) == switched
    assert names.switched("c9.9-e1.2-x-c0.1-e1.2.3-" + "c1.1" * 900, known) == {Head("encoder", 0, 1): "off"}
    assert names.switched("c1.1-" * 9000, known) == {Head("cross", 0, 0): "off"}
    assert names.head("c1.1u", known) is None


def test_words_that_differ_are_marked_and_counted() -> None:
    found = telling.difference("Le chat noir dort.", "Le chat dort bien !")
    assert found.words == 3, "noir goes, and two stand for the full stop"
    assert [word.strip() for word, differs in found.before if differs] == ["noir", "."]
    assert [word.strip() for word, differs in found.after if differs] == ["bien", "!"]
    assert telling.difference("", "").words == 0
    marked = telling.marked((("<b>", True),), "ins")
    assert marked == "<ins>&lt;b&gt;</ins>"


def test_a_link_shows_what_was_clicked(session: Session) -> None:
    """Switches, how a click switches and the picture come out of the address, and the outcome with them."""
    test = app(PAGE, text=TEXT, target="mine", french=FRENCH, sw_heads="e2.3-c3.5", sw_how="mean", sw_picture="score")
    assert trouble(test) == []
    assert fall(test) == pytest.approx(outcome.compared(session, off(*TWO)).fall, abs=0.006)
    assert test.segmented_control(key="pick_sw_how").value == "mean"
    assert test.segmented_control(key="pick_sw_picture").value == "score"
    test.button(key="sw_heads_reset").click().run()
    assert test.session_state["sw_heads"] == ""
    assert "can least do without head" in said(test)
    test.button(key="sw_heads_undo").click().run()
    assert test.session_state["sw_heads"] == "e2.3-c3.5"
    assert "falls by" in said(test) or "rises by" in said(test)


def test_a_click_switches_a_head_and_a_second_one_switches_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", kept)
    every = (TWO[0], Head("encoder", 1, 3))

    def asked() -> switches.Asked:
        now = names.switched(str(kept.get("sw_heads", "")), every)
        return switches.Asked(picture="score", how="off", every=every, switched=now, head=every[0])

    for expected in ("e2.3", ""):
        switches.take(asked(), [0, 1, 2])
        assert kept["sw_heads"] == expected
    switches.take(asked(), [0, 1, 2])
    switches.take(asked(), [0, 1, 3])
    assert kept["sw_heads"] == "e2.3-e2.4"
    switches.take(asked(), [2, 7, 7])
    assert kept["sw_heads"] == "e2.3-e2.4"


def test_two_sessions_with_different_switches_never_see_each_others(session: Session) -> None:
    """Twice each, one after the other in turn, and many at once on one checkpoint."""
    changes = [off(TWO[0]), off(TWO[1]), WhatIf(heads=((TWO[1], "uniform"),)), WhatIf()]
    codes = ["e2.3", "c3.5", "c3.5u"]
    apps = [app(PAGE, text=TEXT, target="mine", french=FRENCH, sw_heads=code) for code in codes]
    for _turn in range(2):
        for test, change in zip(apps, changes, strict=False):
            test.run()
            assert fall(test) == pytest.approx(outcome.compared(session, change).fall, abs=0.006)
    expected, wrong = [outcome.compared(session, change).after.total for change in changes], []
    plain = torch.clone(session.checkpoint.model.matrix)

    def learner(number: int) -> None:
        for _ in range(5):
            outcome.outcome.clear()  # type: ignore[attr-defined]
            if outcome.compared(session, changes[number]).after.total != expected[number]:
                wrong.append(number)

    threads = [threading.Thread(target=learner, args=(number,)) for number in range(len(changes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert torch.equal(session.checkpoint.model.matrix, plain)


def test_a_guess_comes_before_the_outcome() -> None:
    test = app(PAGE, text=TEXT, sw_heads="e2.3", sw_ask="true")
    assert trouble(test) == []
    assert "falls by" not in said(test)
    assert "rises by" not in said(test)
    test.button(key="sw_guess_most").click().run()
    assert "You guessed" in said(test)
    fall(test)
    test.button(key="sw_heads_reset").click().run()
    assert "You guessed" not in said(test)


@pytest.mark.parametrize(("after", "right"), [
    ("The cat sleeps .", "none"), ("The cat eats .", "some"), ("A dog eats .", "most"), ("", "most"),
])  # fmt: skip
def test_what_a_guess_is_worth(after: str, right: str) -> None:
    one, other = (
        outcome.Outcome(text=text, finished=True, trace=None, log_probabilities=())  # type: ignore[arg-type]
        for text in ("The cat sleeps .", after)
    )
    assert guess.truth(outcome.Compared(one, other)) == right


def measured(test: AppTest) -> AppTest:
    """The same page when all slices of the measurement are through."""
    for _slice in range(60):
        if "Held-out sentences of" in said(test):
            return test
        assert [each.key for each in test.button if each.key == "sw_sample_stop"], "it can be stopped"
        test.run()
    raise AssertionError("it never ends")


def test_the_held_out_sentences_are_measured_when_asked_for(session: Session) -> None:
    test = app(PAGE, text=TEXT, sw_picture="sample")
    test.button(key="sw_sample_measure").click().run()
    told = said(measured(test))
    assert trouble(test) == []
    assert "It is not known what this model learned from" in told, "why these sentences"
    boards = [score.held_out_board(session.origin, place) for place in range(len(outcome.held_out(session.origin)[1]))]
    found = score.worth(boards)
    best = max(found, key=lambda head: found[head].mean)
    [first] = [text for text in html(test) if 'class="atlas-seen"' in text]
    assert names.short(best) in first
    assert telling.times(found[best].mean) in first
    assert "Held-out sentences of" in said(measured(app(PAGE, text=TEXT, sw_picture="sample", sw_sample="yes")))


def test_a_measurement_is_made_in_slices_stopped_and_gone_on_with(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "SLICE", 0.0)
    test = app(PAGE, text=TEXT, sw_picture="sample", sw_sample="yes")
    assert trouble(test) == []
    assert [each.key for each in test.button if each.key == "sw_sample_measure"] == []
    test.button(key="sw_sample_stop").click().run()
    assert trouble(test) == []
    assert test.session_state["sw_sample"] == ""
    test.session_state["_sw_sample_found"][1].append(score.held_out_board(session.origin, 0))
    test.run()
    assert test.button(key="sw_sample_measure").label.startswith("Measure on ")
    assert any("1 of " in each.value and "about" in each.value for each in test.caption), "an estimate before"


def test_it_says_why_the_sentences_are_of_another_corpus() -> None:
    def checkpoint(*corpora: str) -> SimpleNamespace:
        return SimpleNamespace(card={"corpora": [{"name": name} for name in corpora]})

    assert outcome.why_these(checkpoint("grammar-en-fr"), "grammar-en-fr") == ""  # type: ignore[arg-type]
    both = outcome.why_these(checkpoint("tatoeba-en-fr", "grammar-en-fr"), "grammar-en-fr")  # type: ignore[arg-type]
    assert "tatoeba-en-fr does not come with the app" in both
    assert "grammar-en-fr, from which it learned too" in both


@pytest.mark.parametrize("picture", ["switches", "score", "sample", "maps", "out"])
@pytest.mark.parametrize("strange", [
    {"text": "😀", "target": "mine", "french": "한"}, {"text": "<b>hi</b>", "target": "mine", "french": "<i>$x$ {far}"},
    {"sw_heads": "c99.1-🙂-e1.1x"}, {"sw_heads": "e1.1u-e1.2m-c1.1-c1.2-c1.3-c1.4-c1.5", "sw_head": "d9.9", "sw_how": "x"},
    {"special": "false", "text": "A", "target": "mine", "french": "A", "sw_head": "c3.1", "piece": "1", "source": "1"},
], ids=str)  # fmt: skip
def test_awkward_sentences_and_absurd_addresses(picture: str, strange: dict[str, str]) -> None:
    test = app(PAGE, **{"text": TEXT, "sw_picture": picture} | strange)
    stands_at_every_depth(test)
