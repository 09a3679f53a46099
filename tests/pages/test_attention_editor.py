"""Attention editor: edits and their codes, and the outcome against the last layer recomputed by NumPy; controls and address."""

import re
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

import transformer.checkpoint
from figures.changed import before_after
from pages.attention_editor import desk as desks
from pages.attention_editor import elsewhere, telling
from tests.apps import SEEN, SEEN_FRENCH, app, fall, html, pictures, said, sent, stands_at_every_depth, trouble
from tests.pages.drawings import drawings
from tests.small_models import untrained
from transformer.tokenizer import Tokenizer
from transformer.what_if import Head, Row
from ui.changed import edits, outcome, undo
from ui.changed.edits import Place
from ui.frame import Session
from ui.session import choice

pytestmark = [
    pytest.mark.usefixtures("forgotten"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
PAGE, TEXT, FRENCH = "pages/210_attention_editor.py", SEEN, SEEN_FRENCH
MINE = {"text": TEXT, "target": "mine", "french": FRENCH}
LAST = Place("cross", 2, 1, 3)


def normed(x: np.ndarray, norm: object) -> np.ndarray:
    """LayerNorm by its formula."""
    centred = x - x.mean(-1, keepdims=True)
    rate = np.sqrt((centred**2).mean(-1, keepdims=True) + norm.norm.eps)  # type: ignore[attr-defined]
    return centred / rate * numbers(norm.norm.weight) + numbers(norm.norm.bias)  # type: ignore[attr-defined]


def numbers(tensor: object) -> np.ndarray:
    """A tensor in double precision."""
    return tensor.detach().double().numpy()  # type: ignore[attr-defined,no-any-return]


def linear(x: np.ndarray, module: object) -> np.ndarray:
    """x W + b."""
    return x @ numbers(module.weight).T + numbers(module.bias)  # type: ignore[attr-defined]


def by_hand(session: Session, place: Place, shares: list[float]) -> np.ndarray:
    """The distributions (place, vocabulary) if one row of the last cross-attention is set: that layer recomputed by NumPy."""
    model = session.checkpoint.model
    inside, layer = session.walk.trace.decoder.layers[-1], model.decoder_layers[-1]
    heads, row = numbers(inside.cross_attention.heads[0]).copy(), np.array(shares) / np.sum(shares)
    for head in range(len(heads)) if place.head is None else [place.head]:
        heads[head, place.query] = row @ numbers(inside.cross_attention.values[0, head])
    side_by_side = np.concatenate(list(heads), axis=1)
    x = numbers(inside.after_self_attention.output[0])
    x = normed(x + linear(side_by_side, layer.cross_attention.W_O), layer.after_cross_attention)
    hidden = np.maximum(linear(x, layer.feed_forward.W_1), 0)
    x = normed(x + linear(hidden, layer.feed_forward.W_2), layer.after_feed_forward)
    logits = x @ numbers(model.matrix).T
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


@pytest.mark.parametrize("place", [LAST, LAST._replace(head=None)], ids=["one head", "all heads"])
def test_the_outcome_is_the_last_layer_recomputed_by_hand(session: Session, place: Place) -> None:
    shares, keys = {1: 250, 4: 750}, len(session.walk.source)
    expected = by_hand(session, place, [shares.get(key, 0) for key in range(keys)])
    pair = outcome.compared(session, edits.what_if({place: shares}, 5))
    np.testing.assert_allclose(outcome.distributions(pair.after), expected, atol=1e-5)
    ids = session.walk.written_ids
    assert pair.after.total == pytest.approx(np.log(expected[range(len(ids)), ids]).sum(), abs=1e-3)
    assert outcome.moved(pair).argmax() == place.query, "the last layer's rows do not hear of each other"


def test_what_is_said_of_one_head_comes_after_what_is_said_of_all() -> None:
    given = {LAST: {0: 1000}, LAST._replace(head=None): {2: 1000}, Place("encoder", 0, 0, 1): {1: 1000}}
    rows = edits.what_if(given, 2).rows
    assert rows == edits.what_if(dict(reversed(given.items())), 2).rows
    assert rows[:3] == (
        Row(Head("cross", 2, 0), 3, (0.0, 0.0, 1000.0)), Row(Head("cross", 2, 1), 3, (0.0, 0.0, 1000.0)),
        Row(Head("cross", 2, 1), 3, (1000.0,)),
    )  # fmt: skip


def test_a_click_pins_and_a_second_one_lets_go() -> None:
    pinned = edits.pinned({}, LAST, 2)
    assert pinned == {LAST: {2: edits.WHOLE}}
    assert edits.pinned(pinned, LAST, 4) == {LAST: {4: edits.WHOLE}}
    assert edits.pinned(pinned, LAST, 2) == {}
    two = edits.shared(edits.shared({}, LAST, 2), LAST, 0)
    assert two == {LAST: {0: 500, 2: 500}}
    assert edits.shared(edits.shared(two, LAST, 2), LAST, 0) == {}


def test_what_all_heads_are_told_takes_the_place_of_what_one_was_told() -> None:
    every, elsewhere = LAST._replace(head=None), LAST._replace(query=0)
    given = {LAST: {2: 1000}, elsewhere: {1: 1000}}
    assert edits.pinned(given, every, 3) == {elsewhere: {1: 1000}, every: {3: 1000}}
    assert edits.shared(given, every, 3) == {elsewhere: {1: 1000}, every: {3: 1000}}
    assert edits.weighted(given, every, 0, 1.0, [0.5, 0.5], []) == {elsewhere: {1: 1000}, every: {0: 1000}}
    assert edits.pinned({every: {3: 1000}}, LAST, 2) == {every: {3: 1000}, LAST: {2: 1000}}


def test_the_slider_keeps_the_proportions_of_the_others() -> None:
    row = edits.weighted({}, LAST, 1, 0.4, [0.1, 0.6, 0.3], [0.2, 0.2, 0.6])[LAST]
    assert row == {0: 150, 1: 400, 2: 450}
    assert edits.weighted({}, LAST, 1, 1.0, [0.1, 0.6, 0.3], [])[LAST] == {1: 1000}
    again = edits.weighted({}, LAST, 1, 0.5, [0.0, 1.0, 0.0], [0.2, 0.2, 0.6])[LAST]
    assert again == {0: 125, 1: 500, 2: 375}, "of a pinned row: those of the model"
    assert edits.weighted({}, LAST, 0, 0.0, [1.0, 0.0], [1.0, 0.0]) == {}


def test_codes_come_back_and_nonsense_does_not(session: Session) -> None:
    given = {LAST: {2: 1000}, Place("decoder", 0, None, 1): {0: 300, 4: 700}, Place("encoder", 1, 4, 7): {6: 1000}}
    assert edits.codes(given) == "c3.2q4k3-d1.aq2k1w300k5w700-e2.5q8k7"
    assert edits.read(edits.codes(given), session) == given
    for wrong in (
        "c4.1q1k1",
        "e3.1q1k1",
        "c1.6q1k1",
        "c1.1q99k1",
        "c1.1q1k99",
        "c1.1q1k1w0",
        "c1.1q1",
        "x",
        "c0.1q1k1",
        "é",
    ):
        assert edits.read(wrong, session) == {}, wrong
    assert len(edits.read("-".join(f"c1.1q1k{key}w9999" for key in range(1, 9)), session)) == 1
    assert edits.read("c1.1q1k1w9999k2w5", session) == {Place("cross", 0, 0, 0): {0: 1000, 1: 5}}


def desk_of(session: Session, given: edits.Edits, place: Place, monkeypatch: pytest.MonkeyPatch) -> desks.Desk:
    """The desk that the controls would give, with that row chosen."""
    monkeypatch.setattr(st, "session_state", {"piece": place.query + 1, "source": 5})
    pair = outcome.compared(session, edits.what_if(given, 5))
    views = desks.pictures.both(session, pair, place.kind, place.layer)
    return desks.Desk(
        kind=place.kind, layer=place.layer, head=place.head, click="pin", edits=given, pair=pair, views=views, view="maps",
        query=place.query, key=4,
    )  # fmt: skip


def test_room_4_and_the_map_tell_the_changed_row(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {LAST: {1: 250, 4: 750}}
    desk = desk_of(session, given, LAST, monkeypatch)
    values = session.walk.trace.decoder.layers[2].cross_attention.values[0, 1].numpy()
    np.testing.assert_allclose(telling.output(desk, 1, 3), 0.25 * values[1] + 0.75 * values[4], atol=1e-5)
    [drawing] = drawings(before_after, "maps", lambda: telling.picture(session, desk))
    assert drawing["after"][3].tolist() == pytest.approx([0, 0.25, 0, 0, 0.75, *[0] * (len(values) - 5)])
    np.testing.assert_allclose(drawing["after"].sum(1), 1, atol=1e-5)
    assert list(drawing["edited"]) == [3]
    assert telling.terms(desk, 1, 3).startswith("0.750 · v")
    assert "750" not in telling.listed(session, desk)
    assert "75%" in telling.listed(session, desk)
    told = telling.values(session, desk)
    assert float(told["z_after"].replace("−", "-")) == pytest.approx(
        0.25 * values[1, 0] + 0.75 * values[4, 0], abs=6e-4
    )


def test_a_click_on_either_side_edits_the_row(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_of(session, {}, LAST, monkeypatch)
    desks.take(desk, [0, 3, 6])
    assert st.session_state["ed_rows"] == "c3.2q4k7"
    assert (st.session_state["piece"], st.session_state["source"]) == (4, 7)
    undo.undo("ed_rows")
    assert st.session_state["ed_rows"] == ""


def test_a_link_shows_the_edits(session: Session) -> None:
    code = "c3.2q4k3-d1.aq2k1w300k2w700"
    test = app(PAGE, **MINE, ed_rows=code, kind="decoder", layer="1", head="mean", ed_click="share")
    assert trouble(test) == []
    expected = outcome.compared(session, edits.what_if(edits.read(code, session), 5)).fall
    assert fall(test) == pytest.approx(expected, abs=0.006)
    assert "Edited: Cross 3.2" in said(test)
    assert test.selectbox(key="pick_ed_click").value == "share"
    test.button(key="ed_rows_reset").click().run()
    assert "Send it elsewhere" in said(test)
    test.button(key="ed_rows_undo").click().run()
    assert test.session_state["ed_rows"] == code


def test_a_piece_that_is_made_to_look_at_another_word_writes_that(session: Session) -> None:
    """The proof of the values, by its button and by a link: the word is the one from which the surest other piece comes."""
    model, walk, at = session.checkpoint.model, session.walk, 2
    sureness = {}
    for source in elsewhere_candidates(session, at):
        rows = {Place("cross", layer, None, at): {source: 1000} for layer in range(3)}
        after = outcome.distributions(outcome.compared(session, edits.what_if(rows, model.config.heads)).after)[at]
        sureness[source] = np.delete(after, walk.written_ids[at]).max()
    best = max(sureness, key=sureness.__getitem__)
    code = "-".join(f"c{layer}.aq{at + 1}k{best + 1}" for layer in (1, 2, 3))
    test = app(PAGE, **MINE, piece=str(at + 1))
    test.button(key="ed_elsewhere").click().run()
    assert trouble(test) == []
    assert test.session_state["ed_rows"] == code
    link = app(PAGE, **MINE, piece=str(at + 1), ed_case="elsewhere", to_back="90_cross_attention", ed_ask="true")
    assert link.session_state["ed_rows"] == code
    pair = outcome.compared(session, edits.what_if(edits.read(code, session), model.config.heads))
    chance = outcome.distributions(pair.after)[at].max()
    for each in (test, link):
        [first] = [text for text in html(each) if 'class="atlas-seen"' in text]
        assert "but made to look at" in first
        assert f"{chance:.3f}" in first
    link.button(key="ed_rows_undo").click().run()
    assert link.session_state["ed_rows"] == ""


def elsewhere_candidates(session: Session, at: int) -> list[int]:
    """The whole words that the piece looks at less than at another."""
    own = int(session.walk.cross[-1].mean(0)[at].argmax())
    words = [place for place in range(len(session.walk.source)) if choice.is_word(session.walk.source, place)]
    return [place for place in words if place != own]


def test_one_head_that_looks_elsewhere_is_not_the_proof(session: Session) -> None:
    whole = {Place("cross", layer, None, 2): {3: 1000} for layer in range(3)}
    assert elsewhere.forced(session, whole) == elsewhere.Forced(2, 3)
    assert elsewhere.forced(session, {LAST: {3: 1000}}) is None
    assert elsewhere.forced(session, whole | {Place("cross", 0, None, 2): {4: 1000}}) is None
    assert elsewhere.forced(session, whole | {Place("encoder", 0, None, 2): {3: 1000}}) is None
    assert elsewhere.forced(session, {}) is None


def test_the_chances_and_the_maps_are_views_of_their_own() -> None:
    """And before the guess, no chance of the changed model is told."""
    for view, name in (("maps", "ed_maps"), ("out", "ed_out")):
        test = app(PAGE, **MINE, ed_rows="c3.aq4k2", ed_view=view)
        assert [each["name"] for each in sent(test) if each.get("name", "").startswith("ed_")] == [name]
    asked = app(PAGE, **MINE, ed_rows="c3.aq4k2", ed_view="out", ed_ask="true")
    assert '<th scope="col">changed</th>' not in said(asked)
    assert '<th scope="col">changed</th>' in said(test)
    assert "what will become" in said(asked)


def test_the_slider_sets_the_chosen_cell_and_the_row_can_be_let_go() -> None:
    test = app(PAGE, **MINE, kind="cross", layer="3", head="2", piece="4", source="3")
    test.slider(key="_ed_share").set_value(60).run()
    assert trouble(test) == []
    shares = re.findall(r"k([0-9]+)w([0-9]+)", test.session_state["ed_rows"])
    assert ("3", "600") in shares
    assert sum(int(share) for _, share in shares) == pytest.approx(1000, abs=6)
    assert test.slider(key="_ed_share").value == 60
    test.button(key="ed_free").click().run()
    assert test.session_state["ed_rows"] == ""


def test_edits_belong_to_their_sentence() -> None:
    test = app(PAGE, **MINE, ed_rows="c3.2q4k3")
    test.text_input(key="text").set_value("I see the dog.").run()
    assert trouble(test) == []
    assert test.session_state["ed_rows"] == ""
    assert test.button(key="ed_rows_undo").disabled


def test_two_sessions_with_different_edits_never_see_each_others(session: Session) -> None:
    codes = ["c3.2q4k3", "c3.2q4k1", "c3.aq4k3"]
    falls = [outcome.compared(session, edits.what_if(edits.read(code, session), 5)).fall for code in codes]
    assert len({round(each, 6) for each in falls}) == 3
    apps = [app(PAGE, **MINE, ed_rows=code) for code in codes]
    for _turn in range(2):
        for test, expected in zip(apps, falls, strict=True):
            test.run()
            assert fall(test) == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize("kind", ["encoder", "decoder", "cross"])
@pytest.mark.parametrize("strange", [
    {"text": "😀", "target": "mine", "french": "한", "ed_rows": "c1.1q1k1"}, {"ed_rows": "d1.aq1k5-c1.1q1k2-🙂"},
    {"text": "<b>hi</b>", "target": "mine", "french": "<i>$x$ {far}", "ed_rows": "e1.aq1k2-c3.aq1k2", "piece": "1"},
    {"special": "false", "text": "A", "target": "mine", "french": "A", "ed_rows": "c3.1q1k1", "piece": "2", "source": "2"},
    {"head": "x", "layer": "9", "piece": "0", "key": "1", "ed_click": "?"}, {"ed_ask": "true", "ed_rows": "c1.1q1k1"},
], ids=str)  # fmt: skip
def test_awkward_sentences_and_absurd_addresses(kind: str, strange: dict[str, str]) -> None:
    test = app(PAGE, **{"text": TEXT, "kind": kind} | strange)
    stands_at_every_depth(test)


@pytest.mark.parametrize(
    "page", [PAGE, *(f"pages/{name}.py" for name in ("200_head_switchboard", "250_explanation", "260_predict"))]
)
def test_a_model_of_one_head_in_one_layer(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    model = untrained(tokenizer, d_model=8, heads=1, decoder_layers=1)
    transformer.checkpoint.save(tmp_path / "one", model, tokenizer, {})
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path,))
    for picture in ("switches", "score", "sample", "maps"):
        asked = {
            "sw_heads": "e1.1-d1.1m-c1.1u",
            "ed_rows": "c1.1q2k3-c1.aq1k1",
            "sw_sample": "yes",
            "sw_picture": picture,
            "ex_ask": "false",
            "pr_number": str(len(picture)),
        }
        test = app(page, text=TEXT, **asked)
        assert trouble(test) == []
        assert pictures(test) >= 3
