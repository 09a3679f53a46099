"""The pages of one head: a click on any cell of any picture leads to its sum, which holds the trace's number."""

import re
from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests import apps
from tests.apps import html, room, said, seen, trouble, written
from ui.controls import in_head

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
TEXT = "The black cat sleeps here."
QKV, HEAD = "pages/40_queries_keys_values.py", "pages/50_one_head.py"


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


def lesson(test: AppTest) -> str:
    """All Markdown of the page."""
    return " ".join(written(test))


@pytest.mark.parametrize("page", [QKV, HEAD])
def test_without_a_choice_it_says_how_to_choose(page: str) -> None:
    test = app(page, piece="none", source="none")
    assert "atlas-empty" in (room(test) if page == HEAD else room(app(page, piece="none", source="none", matrix="q")))
    assert "French" not in room(test)


@pytest.mark.parametrize("page", [QKV, HEAD])
def test_a_word_is_chosen_before_the_learner_chooses_and_its_sum_stands_there(page: str) -> None:
    test = app(page)
    assert "more terms" in room(test)
    assert "<b>sleeps</b>" in seen(test)
    assert test.segmented_control(key="pick_layer").value == "1"


def test_asking_is_not_being_asked() -> None:
    """Both products of page 4 are those of page 5, before the division."""
    told = room(app(QKV, kind="encoder", source="2", key="3"))
    there, back = (re.findall(r"= <b>(−?[0-9.]+)</b>", told)[place] for place in (0, 1))
    assert there != back
    for query, key, total in (("2", "3", there), ("3", "2", back)):
        assert f"= <b>{total}</b>" in room(app(HEAD, kind="encoder", source=query, key=key))


def test_a_click_on_a_vector_tells_where_its_number_comes_from() -> None:
    told = room(app(QKV, kind="encoder", source="2", key="3", band="5", head_dimension="7"))
    assert "Dimension <b>7</b> of <b>K</b> for <b>cat</b>" in told


def test_why_divide_is_answered_where_it_stands() -> None:
    lines = []
    for layer, source, head in (("1", "2", "1"), ("1", "2", "2"), ("2", "4", "3"), ("2", "5", "4"), ("2", "3", "2")):
        test = app(HEAD, kind="encoder", source=source, head=head, layer=layer)
        lines += [text for text in html(test) if 'class="atlas-why"' in text]
    assert len(lines) == 5
    assert {len(re.findall(r"<b>([0-9.]+)</b>", line)) for line in lines} == {1, 4}, "sure either way, or not"
    link, beside = [each.proto for each in test.get("page_link") if "to_back" in each.proto.query_string]
    assert link.page.startswith("machine_parts")
    assert beside.page.startswith("compare")
    assert "to_back=50_one_head" in link.query_string


@pytest.mark.parametrize("page", [QKV, HEAD])
@pytest.mark.parametrize("kind", ["encoder", "decoder", "cross"])
def test_a_chip_chooses_the_row(page: str, kind: str) -> None:
    told = room(app(page, kind=kind, piece="2", source="2"))
    assert "atlas-sum" in told
    assert "more terms" in told


@pytest.mark.parametrize(("kind", "matrix", "side"), [
    ("cross", "q", "French"), ("cross", "k", "English"), ("cross", "v", "English"), ("encoder", "q", "layer 1"),
])  # fmt: skip
def test_it_says_what_x_is(kind: str, matrix: str, side: str) -> None:
    assert side in lesson(app(QKV, kind=kind, matrix=matrix, layer="2"))


def test_the_chosen_dimension_is_summed() -> None:
    told = room(app(QKV, kind="encoder", matrix="k", key="2", head_dimension="5"))
    assert "Dimension <b>5</b> of <b>K</b> for <b>black</b>" in told


def test_a_masked_cell_says_that_it_may_not_be_looked_at() -> None:
    told = room(app(HEAD, kind="decoder", piece="1", key="4", step="3"))
    assert "may not look" in told
    assert "(−∞)" in told


def test_the_step_that_was_clicked_is_marked() -> None:
    for step in range(1, in_head.STEPS + 1):
        told = room(app(HEAD, kind="encoder", source="2", key="3", step=str(step)))
        assert f'<li class=now data-steps="{step}">' in told
    assert '<li class=now data-steps="1">' in room(app(HEAD, kind="encoder", source="2", key="3"))


def test_a_dimension_of_the_output_is_a_sum_over_the_keys() -> None:
    told = room(app(HEAD, kind="encoder", source="2", step="5", head_dimension="3"))
    assert "Dimension <b>3</b>" in told
    assert "<small>black</small>" in told


def test_the_division_can_be_switched_off() -> None:
    test = app(HEAD, kind="encoder", source="2")
    assert "Switched off" not in room(test)
    test.toggle(key="scale").set_value(False).run()
    assert "Switched off" in room(test)
    assert "not divided" in said(test)
    assert "Switched off" in room(app(HEAD, kind="encoder", source="2", scale="false"))


@pytest.mark.parametrize("page", [QKV, HEAD])
@pytest.mark.parametrize("depth", ["numbers", "formula", "code"])
@pytest.mark.parametrize("chosen", [{}, {"kind": "decoder", "piece": "1", "key": "5"}], ids=["nothing", "masked"])
def test_no_depth_is_empty_or_has_gaps(page: str, depth: str, chosen: dict[str, str]) -> None:
    test = app(page, depth=depth, **chosen)
    said = lesson(test)
    assert "[[" not in said
    assert len(said) > (50 if depth == "code" else 300)
    assert bool(test.code) == (depth == "code")


@pytest.mark.parametrize("page", [QKV, HEAD])
@pytest.mark.parametrize("asked", [
    {"head_dimension": "9999", "step": "77", "source": "1"}, {"head_dimension": "x", "step": "-1"}, {"matrix": "z"},
    {"kind": "zzz", "scale": "perhaps"}, {"key": "999", "piece": "0", "kind": "decoder"}, {"special": "false", "piece": "9"},
], ids=str)  # fmt: skip
def test_absurd_addresses(page: str, asked: dict[str, str]) -> None:
    assert len(app(page, **asked).get("bidi_component")) >= 2


def test_the_proof_of_the_division_leads_to_the_machine_without_it() -> None:
    [query] = [
        link.proto.query_string
        for link in app(HEAD, kind="encoder", source="2").get("page_link")
        if "mp_lab" in link.proto.query_string
    ]
    assert {"mp_lab=parts", "mp_do=ns", "to_view=1"} <= set(query.split("&"))
