"""The mean of any heads: the numbers are NumPy's mean of the chosen weights, and any choice comes back from the address."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from figures.heads import attention, lines
from pages.many_heads import chosen_heads, heads, mean
from pages.many_heads.chosen_heads import Place
from pages.many_heads.heads import KINDS
from tests.apps import SEEN, SEEN_FRENCH, app, html, pictures, room, seen, sent, session_of, told, trouble, unfold
from tests.pages.drawings import drawings
from tests.pages.test_many_heads import weights_of
from transformer.checkpoint import Checkpoint
from ui.session import choice

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/60_many_heads.py"
SOME: tuple[Place, ...] = ((0, 1), (1, 0), (1, 4))
KNOWN = chosen_heads.every(3, 5)


def mean_page(**asked: str) -> AppTest:
    """The page at the mean."""
    test = app(PAGE, **{"text": SEEN, "target": "mine", "french": SEEN_FRENCH, "heads": "mean"} | asked)
    assert trouble(test) == []
    return test


def by_hand(checkpoint: Checkpoint, kind: str, among: Sequence[Place]) -> np.ndarray:
    """The mean of the weights (query, key), straight from the trace."""
    return np.mean([weights_of(checkpoint, kind, layer)[head] for layer, head in among], axis=0)


@pytest.mark.parametrize("special", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("drawn", "module"), [("map", attention), ("lines", lines)])
def test_the_mean_is_that_of_the_chosen_heads(
    checkpoint: Checkpoint, kind: str, drawn: str, module: object, special: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "place", lambda key, _length: {"piece": 2, "source": 2}.get(key))
    asked = heads.averaged(kind, SOME, drawn)  # type: ignore[arg-type]
    [drawing] = drawings(
        module, "heatmap" if drawn == "map" else "lines", partial(mean.picture, session_of(checkpoint, special), asked)
    )  # type: ignore[arg-type]
    whole, (first, second) = by_hand(checkpoint, kind, SOME), drawing["origin"]
    rows, columns = drawing["weights"].shape
    np.testing.assert_allclose(drawing["weights"], whole[first : first + rows, second : second + columns], atol=1e-6)
    if special:
        np.testing.assert_allclose(drawing["weights"].sum(1), 1, atol=1e-5)
    if drawn == "lines":
        shift = int(kind == "decoder")
        assert [next(iter(places)) for places in drawing["places"]] == [first - shift, second - shift]


@given(some.sets(some.sampled_from(KNOWN)))
def test_any_choice_comes_back_from_the_address(chosen: set[Place]) -> None:
    code = chosen_heads.spelled(chosen, KNOWN)
    assert set(chosen_heads.read(code, KNOWN)) == chosen
    assert len(code) <= 4 + 4 * (len(KNOWN) // 2 + 1)


@pytest.mark.parametrize("nonsense", ["", "0.0", "9.9", "spiral", "but-", "but-9.9", "1.2.3", "-" * 3000])
def test_nonsense_counts_as_all(nonsense: str) -> None:
    assert chosen_heads.read(nonsense, KNOWN) == KNOWN


def test_what_is_chosen_is_named() -> None:
    assert chosen_heads.named(KNOWN, 3, 5) == "all 15 heads"
    assert chosen_heads.named((), 3, 5) == "none"
    assert chosen_heads.named(set(KNOWN) - {(1, 0)}, 3, 5) == "all but 2.1"
    assert chosen_heads.named({(0, 1), *KNOWN[5:10]}, 3, 5) == "1.2, layer 2"
    assert chosen_heads.of("cross", SOME, 3, 5) == "Cross-attention, mean of 3 heads: 1.2, 2.1, 2.5"
    assert chosen_heads.of("encoder", [(1, 2)], 2, 5) == "Encoder self-attention, layer 2, head 3"


def test_a_click_checks_a_head_and_before_them_a_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, str] = {}
    monkeypatch.setattr(chosen_heads.st, "session_state", state)
    for cell, then in (
        ([1, 1], {(0, 1), (1, 4)}),  # it was there
        ([2, 3], {*SOME, (2, 2)}),
        ([1, 0], {*SOME, *KNOWN[5:10]}),  # the whole layer, of which two were there
    ):
        chosen_heads.taker("decoder", set(SOME), KNOWN)(cell)
        assert set(chosen_heads.read(state["mean_decoder"], KNOWN)) == then
    chosen_heads.taker("decoder", {*SOME, *KNOWN[5:10]}, KNOWN)([1, 0])
    assert set(chosen_heads.read(state["mean_decoder"], KNOWN)) == {(0, 1)}


def test_the_cell_is_told_as_the_mean_of_which_weights(folders: Path, checkpoint: Checkpoint) -> None:
    test = mean_page(kind="cross", mean_cross="1.2-2.1-2.5", piece="2", source="4")
    own = [weights_of(checkpoint, "cross", layer)[head][1, 3] for layer, head in SOME]
    assert told(test, np.mean(own), "head 1.2", "head 2.1", "head 2.5", "× 0.333")
    assert f"<b>{min(own):.2f}</b> to <b>{max(own):.2f}</b>" in seen(test)
    assert any(
        each.get("name") == "heads_picture" and "1.2, 2.1, 2.5" in each["steps"][0]["look"] for each in sent(test)
    )


def test_one_head_alone_is_told_from_its_dot_product(folders: Path, checkpoint: Checkpoint) -> None:
    test = mean_page(kind="encoder", mean_encoder="2.3", source="2", key="3", drawn="lines")
    assert told(test, weights_of(checkpoint, "encoder", 1)[2][1, 2], "softmax", "more terms")


def test_all_none_and_invert(folders: Path) -> None:
    test = mean_page(kind="cross", mean_cross="1.2-2.1-2.5")
    test.button(key="mean_invert").click().run()
    assert test.session_state["mean_cross"] == "but-1.2-2.1-2.5"
    assert "<b>12</b> heads together" in seen(test)
    test.button(key="mean_none").click().run()
    assert "No head is chosen" in test.info[0].value
    assert not [each for each in html(test) if 'class="atlas-cell' in each]
    assert pictures(test) >= 2, "the board is still there"
    unfold(test, "numbers", "formula", "code")
    assert trouble(test) == []
    test.button(key="mean_all").click().run()
    assert "<b>15</b> heads together" in seen(test)
    assert "15" in room(test)


def test_each_attention_has_a_choice_of_its_own(folders: Path) -> None:
    test = mean_page(kind="cross", mean_cross="1.2", mean_encoder="2.3-2.4")
    assert "this head" in seen(test)
    test.segmented_control(key="pick_kind").set_value("encoder").run()
    assert "<b>2</b> heads together" in seen(test)
    test.segmented_control(key="pick_kind").set_value("decoder").run()
    assert "<b>15</b> heads together" in seen(test)


def test_the_proof_leads_to_the_switches_of_just_these_heads(folders: Path) -> None:
    test = mean_page(kind="cross", mean_cross="1.2-2.1")
    assert any("sw_heads=c1.2-c2.1" in link.proto.query_string for link in test.get("page_link"))
