"""The stack, Flow: the parts that are drawn are the norms of vectors that add up to the trace's own; what is told of them is exact."""

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from figures.numbers import flow as drawing
from pages.the_stack import flow, flow_shown, stack
from tests.apps import SEEN, SEEN_FRENCH, app, html, pictures, room, said, seen, session_of, told, trouble, unfold
from tests.pages.drawings import drawings
from tests.pages.test_the_stack import SIDES, asked
from transformer.checkpoint import Checkpoint
from transformer.what_if import Head, WhatIf
from ui.changed import outcome
from ui.frame import Session
from ui.session.state import Search

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE = "pages/70_the_stack.py"
HEADS = 5


def flow_page(**also: str) -> AppTest:
    """The page at the flow."""
    test = app(PAGE, **{"text": SEEN, "target": "mine", "french": SEEN_FRENCH, "stack": "flow"} | also)
    assert trouble(test) == []
    return test


@pytest.mark.parametrize("measured", ["here", "top"])
@pytest.mark.parametrize("side", SIDES)
def test_the_parts_add_up_and_the_bars_are_their_lengths(checkpoint: Checkpoint, side: str, measured: str) -> None:
    given, what = session_of(checkpoint), replace(asked(checkpoint, side), picture="flow", measured=measured)
    found, boxes = flow.flow(given, what), stack.boxes(given, what.sentence)
    for row in range(1, len(boxes) + 1):
        whole = sum(found.vector(*each) for each in found.beside(row))  # type: ignore[misc]
        output = boxes[-1].output if measured == "top" else boxes[row - 1].output
        np.testing.assert_allclose(whole, output, atol=1e-4)
    [drawn] = drawings(drawing, "flow", partial(flow_shown.picture, given, what))
    assert drawn["lengths"].shape == (len(boxes) + 1, HEADS + 3)
    for (row, part), length in np.ndenumerate(drawn["lengths"]):
        vector = found.vector(row, part)
        assert np.isnan(length) if vector is None else length == pytest.approx(np.linalg.norm(vector), abs=1e-6)
    assert np.isfinite(drawn["lengths"][1, 1 : HEADS + 1]).all()
    assert np.isfinite(drawn["lengths"][-1, HEADS + 1])


@pytest.mark.parametrize("side", SIDES)
def test_a_clicked_head_is_told_by_piece_and_all_shares_make_one(
    folders: Path, checkpoint: Checkpoint, side: str
) -> None:
    """A head of the first attention, straight from the weights, through LayerNorm with the spread that it found."""
    test = flow_page(side=side, source="4", piece="3", flow_row="1", flow_part="3")
    trace, model = session_of(checkpoint).walk.trace, checkpoint.model
    layer = (trace.encoder if side == "source" else trace.decoder).layers[0]
    own = (model.encoder_layers if side == "source" else model.decoder_layers)[0]
    norm = (own.after_attention if side == "source" else own.after_self_attention).norm
    box = layer.after_attention if side == "source" else layer.after_self_attention
    vector = layer.self_attention.heads[0, 2, 3].numpy() @ own.self_attention.W_O.weight.numpy(force=True)[:, 8:12].T
    added = box.added[0, 3].numpy()
    vector = norm.weight.numpy(force=True) * (vector - vector.mean()) / np.sqrt(added.var() + norm.eps)
    output = box.output[0, 3].numpy()
    assert f"<b>{np.linalg.norm(vector):.3f}</b> long" in room(test)
    assert told(test, vector @ output / (output @ output), "its share", "by piece")
    assert "= <b>1.000</b>" in room(test)


def test_what_rollout_takes_for_granted_is_measured(folders: Path, checkpoint: Checkpoint) -> None:
    given, what = session_of(checkpoint), replace(asked(checkpoint, "source", row=3), picture="flow")
    line = seen(flow_page(side="source", source="4"))
    assert f"leaves <b>{flow_shown.kept(given, what):.2f}</b>" in line
    assert "rollout: 0.50" in line
    found = flow_shown.values(given, what)
    rolled = np.eye(len(given.walk.source))
    for layer in given.walk.trace.encoder.layers:
        rolled = (layer.self_attention.weights[0].numpy().mean(0) + np.eye(len(rolled))) / 2 @ rolled
    assert found["by_weight"] == f"{rolled[3, 3]:.2f}"


@pytest.mark.parametrize("side", SIDES)
def test_what_each_piece_brings_arrives_at_the_top_as_the_head_that_brings_it(
    checkpoint: Checkpoint, side: str
) -> None:
    for measured in ("here", "top"):
        found = flow.flow(session_of(checkpoint), replace(asked(checkpoint, side), measured=measured))
        for row, box in enumerate(found.stations, 1):
            for part in range(len(found.lengths[0])):
                each = found.by_key(row, part)
                assert (each is None) is (box.sub == "feed" or not 0 < part <= HEADS)
                if each is not None:
                    np.testing.assert_allclose(each.sum(0), found.vector(row, part), atol=1e-9)


def test_the_proof_takes_the_head_away_that_adds_most(session: Session, folders: Path, checkpoint: Checkpoint) -> None:
    what = replace(asked(checkpoint, "target"), picture="flow")
    head, length = flow_shown.strongest(session, what)
    every = [box.heads for box in flow.here(session, what).stations if len(box.heads)]
    assert length == pytest.approx(max(np.linalg.norm(each, axis=1).max() for each in every))
    changed = outcome.outcome(
        session.origin, session.walk.source_text, session.walk.written_ids, Search(1), WhatIf(heads=((head, "off"),))
    )
    test = flow_page(side="target", piece="3")
    apart = flow_shown.told_apart(float(np.mean(session.walk.chances)), float(np.mean(changed.chances)))
    assert apart[0] != apart[1]
    assert f"<b>{apart[1]}</b>, not <b>{apart[0]}</b>" in said(test)
    letter = {"decoder": "d", "cross": "c"}[head.kind]
    code = f"sw_heads={letter}{head.layer + 1}.{head.head + 1}"
    assert any(code in link.proto.query_string for link in test.get("page_link"))
    assert isinstance(head, Head)


def test_a_head_of_cross_attention_leads_on_into_the_encoder(folders: Path) -> None:
    test = flow_page(side="target", piece="3", flow_row="2", flow_part="1")
    [button] = [each for each in test.button if each.key == "flow_onward"]
    button.click().run()
    assert trouble(test) == []
    assert test.segmented_control(key="pick_side").value == "source"
    assert not [each for each in test.button if each.key == "flow_onward"]
    name = re.sub(r"\\", "", button.label).removeprefix("Follow ").removesuffix(" through the encoder")
    assert f"of <b>{name}</b>" in seen(test)


@pytest.mark.parametrize("strange", [
    {"flow_row": "99", "flow_part": "2"}, {"flow_row": "1", "flow_part": "6"}, {"flow_row": "x"}, {"flow_at": "moon"},
    {"flow_row": "0", "flow_part": "0", "flow_at": "top"}, {"text": "A", "french": "A", "special": "false"}, {"text": "😀"},
    {"flow_row": "2", "flow_part": "0", "flow_at": "top"}, {"piece": "none", "source": "none"}, {"text": "<b>hi</b>", "french": "<i>$x$"},
], ids=str)  # fmt: skip
@pytest.mark.parametrize("side", SIDES)
def test_absurd_addresses(folders: Path, side: str, strange: dict[str, str]) -> None:
    test = flow_page(side=side, **strange)
    unfold(test, "numbers", "formula", "code")
    assert trouble(test) == []
    assert pictures(test) >= 2
    assert not any("[[" in each.value for each in test.markdown)
    assert [text for text in html(test) if "<i>" in text or "<b>hi<" in text] == []
