"""One head and Cross-attention: the sum of a weight goes on, step by step, by buttons, by the address, to the next layer."""

import re
from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests import apps
from tests.apps import html, room, seen, trouble
from ui.controls import in_head
from ui.show import chain

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
TEXT = "The black cat sleeps here."
HEAD, CROSS = "pages/50_one_head.py", "pages/90_cross_attention.py"


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """Nothing is remembered from one test to the next."""
    yield
    st.cache_data.clear()


def app(page: str, **asked: str) -> AppTest:
    """The page with the small trained model."""
    test = apps.app(page, **{"text": TEXT, "checkpoint": "grammar-en-fr", "search": "greedy"} | asked)
    assert trouble(test) == []
    return test


def press(test: AppTest, key: str) -> AppTest:
    """Press a button."""
    test.button(key=key).click().run()
    assert trouble(test) == []
    return test


def begins(told: str) -> str:
    """The number with which a step begins."""
    found = re.search(r'so far</span><span class="how">([^<]+)<', told)
    assert found, told[:300]
    return found[1]


def ends(told: str) -> str:
    """The last number in bold, which is the end of a step."""
    return re.findall(r"<b>([^<]+)</b>", told)[-1]


@pytest.mark.parametrize(("page", "kind", "steps"), [
    (HEAD, "encoder", 10), (HEAD, "decoder", 6), (HEAD, "cross", 10), (CROSS, "cross", 10),
])  # fmt: skip
def test_next_leads_through_all_steps_each_from_the_number_before(page: str, kind: str, steps: int) -> None:
    test = app(page, kind=kind, layer="1", head="2", source="3", piece="3", key="2", fold_formula="true")
    assert "asks" in room(test)
    before = ""
    for step in range(1, steps + 1):
        told = room(press(test, "chain_next"))
        assert f"<b>{step}/{steps}</b>" in told
        assert before in ("", begins(told)), f"step {step}"
        assert test.session_state["chain"] == step
        before = ends(told)
    assert not [button for button in test.button if button.key == "chain_next"]
    for step in range(steps - 1, 0, -1):
        assert f"<b>{step}/{steps}</b>" in room(press(test, "chain_back"))
    assert "asks" in room(press(test, "chain_back"))


@pytest.mark.parametrize("page", [HEAD, CROSS])
def test_the_address_brings_a_step_back_and_all_its_terms_stand_there(page: str) -> None:
    test = app(
        page, kind="cross", layer="1", head="2", source="3", piece="3", chain="4", dimension="11", head_dimension="5"
    )
    told = room(test)
    assert "<b>4/10</b>" in told
    assert "dimension <b>11</b>" in told
    assert len(re.findall(r"<tr>", told)) == 64, "all numbers of the concatenation"
    assert "head 2, dim 5" in told
    at_keys = room(app(page, kind="cross", layer="1", head="2", source="3", piece="3", chain="2"))
    assert len(re.findall(r"<tr>", at_keys)) == len(test.session_state["_scope"].split("→")[0].split())


@pytest.mark.parametrize(("kind", "layer", "then"), [
    ("encoder", "1", ("encoder", "2")), ("encoder", "2", ("cross", "1")), ("decoder", "1", ("cross", "1")),
    ("decoder", "2", ("cross", "2")), ("cross", "1", ("decoder", "2")),
])  # fmt: skip
def test_at_the_end_it_goes_on_with_the_same_piece(kind: str, layer: str, then: tuple[str, str]) -> None:
    test = app(HEAD, kind=kind, layer=layer, source="3", piece="3", chain="6" if kind == "decoder" else "10")
    line = seen(test)
    told = room(test)
    handed = re.search(r"(?:dimension|dim) <b>(\d+)</b>", told)
    press(test, "chain_onward")
    assert tuple(test.segmented_control(key=f"pick_{key}").value for key in ("kind", "layer")) == then
    assert test.session_state["chain"] is None
    assert handed is None or test.session_state["dimension"] == int(handed[1])
    asked = re.findall(r"<b>([^<]*)</b>", line)
    if kind == "encoder":
        assert f"<b>{asked[0]}</b>" in seen(test)
        assert test.session_state["source"] == 3
    else:
        read = re.findall(r"Having read <b>([^<]*)</b>, about to write <b>([^<]*)</b>", line)
        assert read
        assert read == re.findall(r"Having read <b>([^<]*)</b>, about to write <b>([^<]*)</b>", seen(test))


@pytest.mark.parametrize("page", [HEAD, CROSS])
def test_the_last_layer_leads_to_the_output(page: str) -> None:
    test = app(page, kind="cross", layer="2", head="1", chain="10")
    assert any(
        link.proto.page.startswith("output_and_search")
        for link in test.get("page_link")
        if "output" in link.proto.label
    )
    assert not [button for button in test.button if button.key == "chain_onward"]


def test_cross_attention_goes_on_to_its_own_next_layer() -> None:
    test = app(CROSS, layer="1", head="3", source="3", piece="3", chain="10")
    press(test, "chain_onward")
    assert test.segmented_control(key="pick_layer").value == "2"
    assert (test.session_state["piece"], test.session_state["source"]) == (3, 3)


def test_of_the_mean_the_head_is_followed_that_looks_there_most() -> None:
    test = app(CROSS, layer="1", head="mean", source="3", piece="3")
    assert "mean" in room(test)
    assert re.search(r"head <b>\d</b>", room(press(press(test, "chain_next"), "chain_next")))


def test_without_the_division_the_way_ends_here() -> None:
    test = app(HEAD, kind="encoder", source="3", scale="false", chain="4")
    assert "Switched off" in room(test)
    assert not [button for button in test.button if (button.key or "").startswith("chain")]


def test_a_click_in_the_picture_leads_back_to_the_sum_of_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {"chain": 4}
    monkeypatch.setattr(chain.pointed.st, "session_state", state)
    monkeypatch.setattr(in_head.st, "session_state", state)
    from pages.one_head import steps

    steps.stand_at(2)
    assert (state["chain"], state["step"]) == (None, 3)


@pytest.mark.parametrize("page", [HEAD, CROSS])
@pytest.mark.parametrize("asked", [
    {"chain": "99"}, {"chain": "x"}, {"chain": "7", "kind": "decoder"}, {"chain": "3", "source": "none", "piece": "none"},
    {"chain": "8", "dimension": "9999", "head_dimension": "77"}, {"chain": "5", "text": "<b>hi</b> 😀"},
    {"chain": "2", "kind": "decoder", "key": "6", "piece": "1"},
], ids=str)  # fmt: skip
def test_absurd_addresses(page: str, asked: dict[str, str]) -> None:
    test = app(page, **asked)
    assert [told for told in html(test) if "<b>hi<" in told] == []
    room(test)
