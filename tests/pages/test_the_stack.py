"""The stack: every number that the page shows, recomputed from the model's weights by NumPy; its controls and its address."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from figures.labels import label
from figures.numbers import bands as figure_bands
from pages.the_stack import add_norm, firing, path, proofs, stack
from pages.the_stack.stack import Asked
from tests.apps import SEEN, SEEN_FRENCH, app, html, pictures, session_of, told, trouble, unfold
from tests.pages.drawings import drawings
from transformer.checkpoint import Checkpoint
from transformer.what_if import apply
from ui.changed import machine
from ui.controls import sides
from ui.session.state import Origin

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
PAGE, TEXT, FRENCH = "pages/70_the_stack.py", SEEN, SEEN_FRENCH
SIDES = ("source", "target")


def asked(checkpoint: Checkpoint, side: str, row: int = 3, layer: int = 1, sub: str = "feed") -> Asked:
    """What the controls would say."""
    given = session_of(checkpoint)
    sentence = replace(sides.sentence(given.walk, side, given.special, read_only=True), chosen=row)  # type: ignore[arg-type]
    return Asked(picture="", sentence=sentence, layer=layer, sub=sub)  # type: ignore[arg-type]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("row", [0, 3])
def test_add_and_norm_by_hand(checkpoint: Checkpoint, side: str, row: int) -> None:
    given, what = session_of(checkpoint), asked(checkpoint, side, row)
    epsilon, before = 1e-5, None
    for box in stack.boxes(given, what.sentence):
        layer = stack.module(given, what.sentence, box.layer)
        norm = getattr(layer, stack.part(what.sentence, box.sub)).norm
        np.testing.assert_allclose(box.x + box.update, box.added, atol=1e-6)
        assert box.mean == pytest.approx(box.added.mean(), abs=1e-4)
        assert box.deviation == pytest.approx(np.sqrt(box.added.var() + epsilon), abs=1e-4)
        by_hand = (box.added - box.added.mean()) / np.sqrt(box.added.var() + epsilon)
        np.testing.assert_allclose(box.scaled, by_hand, atol=1e-4)
        by_hand = by_hand * norm.weight.numpy(force=True) + norm.bias.numpy(force=True)
        np.testing.assert_allclose(box.output, by_hand, atol=1e-4)
        np.testing.assert_allclose(box.scaled * box.gain + box.bias, box.output, atol=1e-4)
        if before is not None:
            np.testing.assert_allclose(box.x, before, atol=1e-6)
        before = box.output
    trace = given.walk.trace
    whole = trace.encoder.output if side == "source" else trace.decoder.output
    np.testing.assert_allclose(before, whole[0, row].numpy(), atol=1e-6)


@pytest.mark.parametrize("side", SIDES)
def test_what_a_sub_layer_adds_is_its_output(checkpoint: Checkpoint, side: str) -> None:
    given, what = session_of(checkpoint), asked(checkpoint, side)
    for box in stack.boxes(given, what.sentence):
        layer = stack.layers(given, what.sentence)[box.layer]
        name = {"self": "self_attention", "cross": "cross_attention", "feed": "feed_forward"}[box.sub]
        np.testing.assert_allclose(box.update, getattr(layer, name).output[0, 3].numpy(), atol=1e-4)


@pytest.mark.parametrize("side", SIDES)
def test_the_path_by_hand(checkpoint: Checkpoint, side: str) -> None:
    given, what = session_of(checkpoint), asked(checkpoint, side)
    found = path.path(given, what)
    trace = given.walk.trace
    start = (trace.encoder if side == "source" else trace.decoder).embedding.output[0, 3].numpy()
    np.testing.assert_allclose(found.vectors[0], start, atol=1e-6)
    assert len(found.boxes) == (4 if side == "source" else 9)
    for station, vector in enumerate(found.vectors):
        size = np.sqrt((vector**2).sum())
        assert found.curves[path.LENGTH][station] == pytest.approx(size, abs=1e-4)
        cosine = vector @ start / (size * np.sqrt((start**2).sum()))
        assert found.curves[path.START][station] == pytest.approx(cosine, abs=1e-4)
        if station:
            update, before = found.boxes[station - 1].update, found.vectors[station - 1]
            assert found.curves[path.ADDED][station] == pytest.approx(np.sqrt((update**2).sum()), abs=1e-4)
            cosine = vector @ before / (size * np.sqrt((before**2).sum()))
            assert found.curves[path.BEFORE][station] == pytest.approx(cosine, abs=1e-4)
    assert np.isnan(found.curves[path.ADDED][0])


@pytest.mark.parametrize("side", SIDES)
def test_hidden_units_by_hand(checkpoint: Checkpoint, side: str) -> None:
    given, what = session_of(checkpoint), asked(checkpoint, side)
    found, layer = firing.firing(given, what, 1), stack.layers(given, what.sentence)[1]
    hidden, active = layer.feed_forward.hidden[0, 3].numpy(), layer.feed_forward.active[0, 3].numpy()
    np.testing.assert_allclose([found.cell(unit).total for unit in range(17)], hidden, atol=1e-4)
    np.testing.assert_allclose(np.maximum(0, found.hidden), active, atol=1e-6)
    assert found.fires == sum(number > 0 for number in active)
    assert [found.active[unit] for unit in found.strongest] == sorted(found.active, reverse=True)[: firing.STRONGEST]
    bias = stack.module(given, what.sentence, 1).feed_forward.W_2.bias.numpy(force=True)
    np.testing.assert_allclose(found.active @ found.second + bias, layer.feed_forward.output[0, 3].numpy(), atol=1e-4)
    shares = firing.shares(given, what)
    assert shares[1][0] == found.fires
    assert shares[1][2] == pytest.approx((layer.feed_forward.active[0].numpy() > 0).mean())


def test_the_bands_hold_what_the_arithmetic_tells(checkpoint: Checkpoint) -> None:
    given, what = session_of(checkpoint), asked(checkpoint, "target", sub="cross")
    box = stack.box(given, what.sentence, 1, "cross")
    [drawing] = drawings(figure_bands, "bands", lambda: add_norm.picture(given, what))
    bands = np.concatenate([numbers for _name, _bands, numbers in drawing["groups"]])
    trace = given.walk.trace.decoder.layers[1].after_cross_attention
    np.testing.assert_allclose(bands[add_norm.X], trace.input[0, 3].numpy(), atol=1e-4)
    np.testing.assert_allclose(bands[add_norm.ADDED], trace.added[0, 3].numpy(), atol=1e-4)
    np.testing.assert_allclose(bands[add_norm.OUTPUT], trace.output[0, 3].numpy(), atol=1e-4)
    lines = add_norm.chain(box, add_norm.OUTPUT, 5)
    shown = re.search(r"<b>(.*?)</b>", lines[-1].how)
    assert shown
    assert float(shown[1].replace("−", "-")) == pytest.approx(float(trace.output[0, 3, 5]), abs=6e-4)
    assert [line.now for line in lines] == [False, False, False, False, True]


def test_the_address_brings_picture_layer_and_box_back(folders: Path) -> None:
    test = app(PAGE, text=TEXT, stack="norm", side="target", layer="2", around="cross", target="mine", french=FRENCH)
    assert trouble(test) == []
    found = [test.segmented_control(key=f"pick_{key}").value for key in ("stack", "side", "layer", "around")]
    assert found == ["norm", "target", "2", "cross"]


@pytest.mark.parametrize("picture", ["path", "norm", "feed"])
@pytest.mark.parametrize("side", SIDES)
def test_every_picture_of_both_sides_at_every_depth(folders: Path, picture: str, side: str) -> None:
    test = app(PAGE, text=TEXT, stack=picture, side=side, target="mine", french=FRENCH)
    for depth in ("numbers", "formula", "code"):
        unfold(test, depth)
        assert trouble(test) == [], depth
        assert not any("[[" in said.value for said in test.markdown), depth


@pytest.mark.parametrize("picture", ["path", "norm", "feed"])
@pytest.mark.parametrize("strange", [
    {"text": "😀", "target": "mine", "french": "한"}, {"text": "<b>hi</b>", "target": "mine", "french": "<i>$x$"}, {"text": "a\x00b"},
    {"unit": "9999", "dimension": "-3", "curve": "9", "station": "77", "norm_band": "8"},
    {"curve": "1", "station": "0"}, {"layer": "99", "around": "x"}, {"around": "cross", "piece": "99", "source": "0"},
    {"special": "false", "text": "A", "target": "mine", "french": "A"}, {"piece": "0", "source": "1", "unit": "3"},
], ids=str)  # fmt: skip
def test_awkward_sentences_and_absurd_addresses(folders: Path, picture: str, strange: dict[str, str]) -> None:
    for side in SIDES:
        test = app(PAGE, **{"text": TEXT, "stack": picture, "side": side} | strange)
        assert trouble(test) == []
        assert pictures(test) >= 2
        assert not any("<i>" in said or "<b>hi" in said for said in html(test))


def test_the_end_piece_is_never_read(folders: Path, checkpoint: Checkpoint) -> None:
    """Its chip shows the position that wrote it: the last that the decoder read."""
    last = len(session_of(checkpoint).walk.written)
    test = app(PAGE, text=TEXT, target="mine", french=FRENCH, side="target", piece=str(last), curve="0",
               station="9")  # fmt: skip
    assert trouble(test) == []
    vector = session_of(checkpoint).walk.trace.decoder.output[0, -1].numpy()
    assert told(test, float(np.linalg.norm(vector)), "Length of the vector")


def test_a_clicked_unit_is_told_from_its_dot_product(folders: Path, checkpoint: Checkpoint) -> None:
    test = app(PAGE, text=TEXT, stack="feed", side="source", source="4", layer="2", unit="6")
    hidden = float(session_of(checkpoint).walk.trace.encoder.layers[1].feed_forward.hidden[0, 3, 6])
    assert told(test, hidden, "Unit <b>6</b>")


def test_a_clicked_point_of_the_path_is_told(folders: Path, checkpoint: Checkpoint) -> None:
    test = app(PAGE, text=TEXT, side="source", source="4", curve="0", station="2")
    vector = session_of(checkpoint).walk.trace.encoder.layers[0].output[0, 3].numpy()
    assert told(test, float(np.linalg.norm(vector)), "Length of the vector")


def line(test: AppTest) -> str:
    """The first line, without markup."""
    [found] = [text for text in html(test) if 'class="atlas-seen"' in text]
    return re.sub(r"<[^>]*>", "", found)


def test_the_first_line_says_what_the_trace_says(folders: Path, checkpoint: Checkpoint) -> None:
    given, asks = (
        session_of(checkpoint),
        {"text": TEXT, "target": "mine", "french": FRENCH, "source": "4", "piece": "3"},
    )
    what = asked(checkpoint, "source", row=3, layer=0)
    fires = int((given.walk.trace.encoder.layers[0].feed_forward.active[0, 3] > 0).sum())
    assert f"In layer 1, {fires} of " in line(app(PAGE, stack="feed", side="source", **asks)), "layer 1 comes first"
    cosine = path.path(given, what).curves[path.START][-1]
    assert f"{cosine:.2f}".replace("-", "−") in line(app(PAGE, stack="path", side="source", **asks))
    box = stack.box(given, what.sentence, 0, "self")
    told_line = line(app(PAGE, stack="norm", side="source", around="self", **asks))
    assert f"{path.length(box.update):.1f} long" in told_line
    assert f"{path.length(box.x):.1f} long" in told_line


@pytest.mark.parametrize("picture", ["path", "norm", "feed"])
def test_a_position_of_the_decoder_has_one_name(folders: Path, checkpoint: Checkpoint, picture: str) -> None:
    walk = session_of(checkpoint).walk
    test = app(PAGE, text=TEXT, target="mine", french=FRENCH, stack=picture, side="target", piece="3")
    assert f"Read {label(walk.read[3])}, about to write {label(walk.written[3])}" in line(test)


def test_a_sum_stands_there_before_anything_is_clicked(folders: Path, checkpoint: Checkpoint) -> None:
    given, what = session_of(checkpoint), asked(checkpoint, "source", row=3, layer=0, sub="self")
    asks = {"text": TEXT, "target": "mine", "french": FRENCH, "side": "source", "source": "4"}
    box, units = stack.box(given, what.sentence, 0, "self"), firing.firing(given, what, 0)
    assert told(
        app(PAGE, stack="norm", **asks),
        float(np.abs(box.output).max() * np.sign(box.output[np.abs(box.output).argmax()])),
    )
    assert told(app(PAGE, stack="feed", **asks), float(units.active.max()), f"Unit <b>{units.hidden.argmax()}</b>")
    assert told(app(PAGE, stack="path", **asks), path.path(given, what).curves[path.START][-1], "Cosine with the start")


@pytest.mark.parametrize("picture", ["path", "norm", "feed"])
def test_what_a_part_is_for_is_told_by_taking_it_away(
    folders: Path, checkpoint: Checkpoint, origin: Origin, picture: str
) -> None:
    """The probability of the right pieces without it, from a pass of the changed model that is made here."""
    walk, changed = session_of(checkpoint).walk, apply(checkpoint.model, proofs.WITHOUT[picture])
    with torch.inference_mode():
        trace = changed(torch.tensor([walk.source_ids]), torch.tensor([walk.read_ids]))
    chances = trace.logits[0].softmax(-1)[torch.arange(len(walk.written_ids)), torch.tensor(walk.written_ids)]
    given = session_of(checkpoint, origin=origin)
    found = proofs.without(given, replace(asked(checkpoint, "source"), picture=picture))
    assert found.after == pytest.approx(float(chances.mean()), abs=1e-5)
    assert found.before == pytest.approx(float(np.mean(walk.chances)), abs=1e-5)
    assert found.length == pytest.approx(float(trace.encoder.output[0, 3].norm()), rel=1e-4)
    test = app(PAGE, text=TEXT, target="mine", french=FRENCH, stack=picture)
    assert any("atlas-why" in text for text in html(test))
    codes = machine.read(proofs.CODES[picture], checkpoint.model.config, machine.Sizes(9, 9))
    assert machine.what_if(codes, machine.Sizes(9, 9), 9) == proofs.WITHOUT[picture]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0.000"), (0.25, "0.25"), (2.5e-4, "2.5×10⁻⁴"), (2805.3, "2,805"), (3.1e9, "3.1×10⁹")],
)
def test_numbers_of_any_size_are_short(value: float, shown: str) -> None:
    assert proofs.size(value) == shown
