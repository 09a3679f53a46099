"""Two sentences in one model: both maps, their difference and the distances against forward passes, and whatever may be typed."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from pages.compare import second
from tests.apps import SEEN, app, html, pictures, room, said, seen, sent, stands_at_every_depth, trouble
from tests.figures.samples import cells
from transformer.analysis.compare import beside, drift, elsewhere, paired
from transformer.checkpoint import Checkpoint
from transformer.decoding.ways import Search, found
from ui.session.state import Origin

pytestmark = [
    pytest.mark.usefixtures("forgotten"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
PAGE, OTHER = "pages/330_compare.py", "The black dog sees the red dog."
ASKED = {"text": SEEN, "cmp_text": OTHER, "cmp_view": "sentences", "search": "greedy"}


def figure(test: AppTest, name: str) -> dict[str, Any]:
    """A figure that the page sent to the browser."""
    return next(json.loads(each["steps"][0]["figure"]) for each in sent(test) if each.get("name") == name)


def passed(checkpoint: Checkpoint, text: str) -> tuple[Any, list[str], list[str], list[str]]:
    """A forward pass of its own, and the pieces of source, read and written."""
    source = checkpoint.tokenizer.encode(text)
    written = list(found(checkpoint.model, source, Search(1), 80))
    with torch.inference_mode():
        trace = checkpoint.model(torch.tensor([[*source, 2]]), torch.tensor([[1, *written[:-1]]]))
    spelled = checkpoint.tokenizer.spelled
    return trace, list(spelled([*source, 2])), list(spelled([1, *written[:-1]])), list(spelled(written))


def weights(trace: Any, kind: str, layer: int, head: int | None) -> np.ndarray:
    node = trace.encoder.layers[layer] if kind == "encoder" else trace.decoder.layers[layer]
    found = (node.cross_attention if kind == "cross" else node.self_attention).weights[0].numpy()
    return found.mean(0) if head is None else found[head]


def named(label: str) -> tuple[str, str]:
    """Whose row it is, and its piece."""
    side, colon, piece = label.partition(": ")
    return (side, piece) if colon and side in "AB" else ("", label)


@pytest.mark.parametrize(("kind", "head"), [("encoder", "mean"), ("encoder", "2"), ("decoder", "3"), ("cross", "mean"), ("cross", "5")])  # fmt: skip
def test_both_maps_and_their_difference_are_the_models_own(checkpoint: Checkpoint, kind: str, head: str) -> None:
    test = app(PAGE, **ASKED, kind=kind, layer="2", head=head)
    assert trouble(test) == []
    drawn = figure(test, "compare_maps")
    told = drawn["data"][0]["meta"]["cells"]
    shape = (3, len(told["rows"]), len(told["columns"]))
    shown = np.concatenate([cells(drawn, shape)[:2], cells(drawn, shape, 1)[2:]])
    number = None if head == "mean" else int(head) - 1
    for side, text in enumerate((SEEN, OTHER)):
        trace, source, read, written = passed(checkpoint, text)
        expected = weights(trace, kind, 1, number)
        queries, keys = {"encoder": (source, source), "decoder": (read, read), "cross": (written, source)}[kind]
        mine = ["B", "A"][side]
        rows = [at for at, name in enumerate(told["rows"]) if named(name)[0] != mine]
        columns = [at for at, name in enumerate(told["columns"]) if named(name)[0] != mine]
        assert (len(rows), len(columns)) == (len(queries), len(keys)), "each piece has its row, in order"
        np.testing.assert_allclose(shown[side][np.ix_(rows, columns)], expected, atol=1e-6)
        empty = np.setdiff1d(np.arange(shape[1]), rows)
        assert np.isnan(shown[side][empty]).all(), "and what the other sentence alone has is empty"
    np.testing.assert_allclose(shown[2], shown[1] - shown[0], atol=1e-6)


def test_the_clicked_cell_tells_both_numbers_and_leads_to_each(checkpoint: Checkpoint) -> None:
    test = app(PAGE, **ASKED, kind="encoder", layer="1", head="2", source="2", key="4")
    (one, *_), (other, *_) = passed(checkpoint, SEEN), passed(checkpoint, OTHER)
    a, b = (float(weights(each, "encoder", 0, 1)[1, 3]) for each in (one, other))
    for number in (f"{a:.3f}", f"{b:.3f}"):
        assert f"<b>{number}</b>" in room(test)
    links = [each.proto.page_link if hasattr(each.proto, "page_link") else each.proto for each in test.get("page_link")]
    [mine, theirs] = [
        each.query_string for each in links if "head=2" in each.query_string and "kind=encoder" in each.query_string
    ]
    assert "to_text" not in mine
    assert "to_text=The+black+dog+sees+the+red+dog." in theirs
    assert "source=2" in theirs
    assert "key=4" in theirs


def test_how_far_a_row_looks_elsewhere_counts_what_lies_on_new_pieces() -> None:
    first = beside(np.array([[0.5, 0.5], [0.2, 0.8]], dtype=np.float32), paired("ab", "ac"), paired("ab", "ac"), 0)
    other = beside(np.array([[0.1, 0.9], [0.3, 0.7]], dtype=np.float32), paired("ab", "ac"), paired("ab", "ac"), 1)
    found = elsewhere(first, other)
    assert found[0] == pytest.approx(0.9), "0.5 → 0.1 on a, all that was on b is gone"
    assert np.isnan(found[1:]).all(), "b and c have no partner"


@pytest.mark.parametrize(("one", "other", "expected"), [
    ("abc", "abc", [(0, 0), (1, 1), (2, 2)]), ("abc", "axc", [(0, 0), (1, None), (None, 1), (2, 2)]),
    ("ab", "aab", [(None, 0), (0, 1), (1, 2)]), ("", "a", [(None, 0)]), ("ab", "cd", [(0, None), (1, None), (None, 0), (None, 1)]),
])  # fmt: skip
def test_the_same_pieces_in_the_same_order_are_partners(one: str, other: str, expected: list[Any]) -> None:
    found = paired(one, other)
    assert {pair for pair in found if None not in pair} == {pair for pair in expected if None not in pair}
    for side, text in enumerate((one, other)):
        assert [pair[side] for pair in found if pair[side] is not None] == list(range(len(text)))
    assert all(one[a] == other[b] for a, b in found if a is not None and b is not None)
    assert len(found) == len(expected)


def test_the_distance_is_a_share_of_the_mean_length() -> None:
    a, b = np.array([3.0, 4.0]), np.array([0.0, 5.0])
    assert drift(a, b) == pytest.approx(np.sqrt(10) / 5)
    assert drift(a, a) == 0
    assert drift(a, -a) == pytest.approx(2)


@pytest.mark.parametrize("side", ["source", "target"])
def test_distances_by_layer_are_the_models_own(checkpoint: Checkpoint, side: str) -> None:
    test = app(PAGE, **ASKED, cmp_picture="layers", side=side)
    assert trouble(test) == []
    drawn = figure(test, "compare_layers")
    told = drawn["data"][0]["meta"]["cells"]
    shown = cells(drawn, (len(told["rows"]), len(told["columns"])))
    both = [passed(checkpoint, text) for text in (SEEN, OTHER)]
    pieces = [each[1] if side == "source" else each[2] for each in both]
    traces = [each[0].encoder if side == "source" else each[0].decoder for each in both]
    vectors = [
        [
            each.embedding.scaled[0].numpy(),
            each.embedding.output[0].numpy(),
            *(layer.output[0].numpy() for layer in each.layers),
        ]
        for each in traces
    ]
    assert shown.shape[1] == len(vectors[0])
    for row, (one, other) in enumerate(paired(*pieces)):
        if one is None or other is None:
            assert np.isnan(shown[row]).all()
            continue
        a, b = (np.stack([station[at] for station in each]) for each, at in zip(vectors, (one, other), strict=True))
        mean = (np.linalg.norm(a, axis=1) + np.linalg.norm(b, axis=1)) / 2
        np.testing.assert_allclose(shown[row], np.linalg.norm(b - a, axis=1) / mean, atol=1e-5)
        assert shown[row][0] == 0, "the same row of the table"


def test_what_only_one_sentence_has_can_be_pointed_at_and_is_told(checkpoint: Checkpoint) -> None:
    ours, theirs = (passed(checkpoint, text)[1] for text in (SEEN, OTHER))
    alone = next(other for one, other in paired(ours, theirs) if one is None)
    only = app(PAGE, **ASKED, kind="encoder", source="none", cmp_row=str(alone), cmp_column=str(alone))
    assert "is only in <b>B</b>: its row has no partner" in seen(only)
    assert "in <b>B</b>. The other sentence has no such pair" in room(only)
    layers = app(PAGE, **ASKED, cmp_picture="layers", source="none", cmp_row=str(alone), cmp_stage="1")
    assert "is only in <b>B</b>: it has no partner" in said(layers)
    assert trouble(only) == trouble(layers) == []


def test_the_same_sentence_twice_is_told() -> None:
    test = app(PAGE, **{**ASKED, "cmp_text": SEEN})
    assert "A and B are the same sentence" in seen(test)
    assert stands(test)


def stands(test: AppTest) -> bool:
    return trouble(test) == [] and pictures(test) >= 2


@pytest.mark.parametrize("strange", [
    {"cmp_text": "  "}, {"cmp_text": "word " * 120}, {"cmp_text": "나는 학생"}, {"cmp_text": "<b>hi</b> $x$"}, {"cmp_picture": "none"},
    {"cmp_view": "neither"}, {"cmp_row": "99", "cmp_column": "-1", "source": "none", "cmp_stage": "77"}, {"kind": "x", "layer": "9", "head": "z"},
    {"special": "false"}, {"target": "mine", "french": "Le chat."}, {"text": "I", "cmp_text": "Dogs bark loudly."}, {"text": "a b. c d."},
], ids=str)  # fmt: skip
def test_awkward_sentences_and_absurd_addresses(strange: dict[str, str]) -> None:
    for more in ({}, {"cmp_picture": "layers"}, {"kind": "cross"}):
        test = app(PAGE, **(ASKED | more | strange))
        assert trouble(test) == []
        assert not any("<b>hi" in each for each in html(test))
        assert len(test.get("text_input")) >= 1, "nothing is lost"


def test_a_second_sentence_that_is_too_long_is_named() -> None:
    test = app(PAGE, **(ASKED | {"cmp_text": "word " * 120}))
    assert any("B: This sentence has" in each.value.replace("\\", "") for each in test.info)


def test_without_a_second_sentence_one_word_is_changed(checkpoint: Checkpoint, origin: Origin) -> None:
    other = second.suggested(origin, SEEN)
    one, two = (checkpoint.tokenizer.encode(each) for each in (SEEN, other))
    assert sum(a != b for a, b in zip(one, two, strict=True)) == 1
    test = app(PAGE, **{key: value for key, value in ASKED.items() if key != "cmp_text"})
    assert test.text_input(key="pick_cmp_text").value == other
    test.text_input(key="pick_cmp_text").set_value("I see a red dog.").run()
    assert test.session_state["cmp_text"] == "I see a red dog."
    assert trouble(test) == []


def test_who_followed_the_second_sentence_and_comes_back_finds_both() -> None:
    test = app(PAGE, **ASKED)
    test.text_input(key="text").set_value(OTHER).run()
    assert test.text_input(key="pick_cmp_text").value == SEEN


def test_every_depth_is_filled() -> None:
    stands_at_every_depth(app(PAGE, **ASKED))
    stands_at_every_depth(app(PAGE, **ASKED, cmp_picture="layers"))


@pytest.mark.parametrize(("page", "asked"), [
    ("50_one_head", {"kind": "decoder", "layer": "2", "head": "3"}), ("60_many_heads", {"kind": "decoder", "layer": "2", "head": "3"}),
    ("60_many_heads", {"heads": "maps", "kind": "decoder", "layer": "2", "head": "3"}),
    ("90_cross_attention", {"layer": "2", "head": "3"}),
])  # fmt: skip
def test_pages_with_maps_lead_here(page: str, asked: dict[str, str]) -> None:
    test = app(f"pages/{page}.py", text=SEEN, search="greedy", **asked)
    found = [
        each.proto.query_string for each in test.get("page_link") if "cmp_view=sentences" in each.proto.query_string
    ]
    assert len(found) == 1
    for part in (f"kind={asked.get('kind', 'cross')}", "layer=2", "head=3", f"to_back={page}"):
        assert part in found[0]


def test_a_cell_that_a_link_with_another_sentence_asks_for_is_pointed_at() -> None:
    test = app("pages/50_one_head.py", text=SEEN, search="greedy", source="3")
    for key, value in {"to_text": OTHER, "to_view": "1", "source": "2", "key": "4"}.items():
        test.query_params[key] = value
    test.switch_page("pages/330_compare.py").run()
    assert trouble(test) == []
    assert (test.session_state["source"], test.session_state["key"]) == (2, 4)
