"""The whole machine as a picture: what is sent is the trace, what is unfolded can be computed again, nonsense in the address is none."""

import base64
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.apps import app, sent, session_of, trouble
from tests.small_models import small_checkpoint, uneven_checkpoint, untrained
from transformer import checkpoint
from transformer.tokenizer import Tokenizer
from ui.frame import Session, little_machine
from ui.machine import inside, packed
from ui.machine.blocks import PAGES, Block, blocks, chances
from ui.session.walk import array
from ui.text import has_lesson

pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest
WHOLE, AT = "pages/5_the_whole_machine.py", inside.At(source=2, read=3, head=4)
Numbers = NDArray[np.float64]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Session:
    """Five heads, two layers and three, forced to a French sentence."""
    folder = tmp_path_factory.mktemp("uneven")
    uneven_checkpoint(folder, tokenizer)
    return session_of(checkpoint.load(folder))


@pytest.fixture(scope="module")
def found(session: Session) -> dict[str, Block]:
    """The blocks by their names in the address."""
    made = blocks(session.walk)
    assert len({block.id for block in made}) == len(made)
    return {block.id: block for block in made}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """A small model for the whole app."""
    shelf = tmp_path_factory.mktemp("runs")
    small_checkpoint(shelf / "one", tokenizer)
    return shelf


def matrix(panel: inside.Panel) -> Numbers:
    """What a panel shows."""
    return np.array(panel["values"], dtype=float)


def test_every_block_shows_what_leaves_its_place_in_figure_1(session: Session, found: dict[str, Block]) -> None:
    trace = session.walk.trace
    left, right = trace.encoder.layers[1], trace.decoder.layers[2]
    expected = {
        "encoder-embedding": trace.encoder.embedding.scaled, "decoder-position": trace.decoder.embedding.output,
        "encoder-layer-2": trace.encoder.output, "encoder-self-2": left.self_attention.output,
        "encoder-add-2-2": left.after_attention.output, "encoder-feed-2": left.feed_forward.output,
        "encoder-add-2-4": left.output, "decoder-masked-3": right.self_attention.output,
        "decoder-add-3-2": right.after_self_attention.output, "decoder-cross-3": right.cross_attention.output,
        "decoder-add-3-4": right.after_cross_attention.output, "decoder-feed-3": right.feed_forward.output,
        "decoder-add-3-6": right.output, "decoder-layer-3": trace.decoder.output,
    }  # fmt: skip
    for id, tensor in expected.items():
        numbers = found[id].numbers
        assert numbers is not None
        assert np.array_equal(numbers, array(tensor[0])), id
    assert [block.id for block in found.values() if block.numbers is None] == [
        "encoder-pieces", "decoder-pieces", "decoder-output", "decoder-written"
    ]  # fmt: skip
    assert {block.kind for block in found.values()} == PAGES.keys()
    assert all(has_lesson(page) for pages in PAGES.values() for page in pages)


def test_the_colours_are_the_numbers(found: dict[str, Block]) -> None:
    """A byte is the number as a share of nearly the largest of its block."""
    numbers = [block.numbers for block in found.values() if block.numbers is not None]
    made = packed.mosaics(numbers)
    bytes_, start = np.frombuffer(base64.b64decode(made["data"]), dtype=np.int8) / 127, 0
    assert made["fold"][0] * made["fold"][1] == numbers[0].shape[1]
    for each, places in zip(numbers, made["places"], strict=True):
        shown = bytes_[start : start + each.size].reshape(each.shape)
        start += each.size
        assert places == len(each)
        assert np.allclose(
            shown, np.clip(each / np.percentile(np.abs(each), packed.BRIGHT), -1, 1), atol=0.5 / 127 + 1e-6
        )
    assert start == len(bytes_)


def test_a_long_sentence_is_drawn_with_every_second_number(found: dict[str, Block]) -> None:
    numbers = [block.numbers for block in found.values() if block.numbers is not None]
    made = packed.strips(numbers, most=sum(each.size for each in numbers) - 1)
    assert made["every"] == 2
    assert made["fold"][0] * made["fold"][1] == numbers[0].shape[1] // 2
    assert made["lengths"][0][0] == pytest.approx(float(np.linalg.norm(numbers[0][0])), rel=1e-3)
    assert made["first"][0][1] == pytest.approx(numbers[0][1][:3].tolist(), rel=1e-3)


@pytest.mark.parametrize("id", ["encoder-self-1", "decoder-masked-2", "decoder-cross-3"])
def test_inside_a_head_each_panel_follows_from_those_before(session: Session, found: dict[str, Block], id: str) -> None:
    queries, keys, products, scaled, *masked, softmax, values, mixed = inside.panels(session, found[id], AT)
    q, k, v = matrix(queries), matrix(keys), matrix(values)
    assert np.allclose(matrix(products), q @ k.T, rtol=2e-3, atol=2e-3)
    assert np.allclose(matrix(scaled), q @ k.T / math.sqrt(q.shape[1]), rtol=2e-3, atol=2e-3)
    assert len(masked) == (id == "decoder-masked-2"), "only there is a mask"
    hidden = np.array(softmax["hidden"])
    assert hidden.any() == (id == "decoder-masked-2")
    assert not hidden.diagonal().any()
    exponents = np.where(hidden, 0, np.exp(matrix(scaled)))
    assert np.allclose(matrix(softmax), exponents / exponents.sum(1, keepdims=True), atol=2e-3)
    assert np.allclose(matrix(mixed), matrix(softmax) @ v, atol=2e-3)
    query = AT.source if id.startswith("encoder") else AT.read
    assert softmax["at"] == [query, int(matrix(softmax)[query].argmax())]
    assert float(softmax["says"]) == pytest.approx(matrix(softmax)[query].max(), abs=1e-3)


@pytest.mark.parametrize(
    "id", ["encoder-add-1-2", "encoder-add-2-4", "decoder-add-1-2", "decoder-add-2-4", "decoder-add-3-6"]
)
def test_inside_add_and_norm_the_sum_is_normalised(session: Session, found: dict[str, Block], id: str) -> None:
    before, added, total, normed = (matrix(panel).ravel() for panel in inside.panels(session, found[id], AT))
    assert np.allclose(before + added, total, atol=5e-3)
    block = found[id]
    layers: Any = (
        session.checkpoint.model.encoder_layers
        if block.column == "encoder"
        else session.checkpoint.model.decoder_layers
    )
    name = {2: "after_attention", 4: "after_feed_forward"} if block.column == "encoder" else {
        2: "after_self_attention", 4: "after_cross_attention", 6: "after_feed_forward"
    }  # fmt: skip
    norm = getattr(layers[block.layer - 1], name[block.part]).norm
    gain, bias = (tensor.detach().numpy() for tensor in (norm.weight, norm.bias))
    assert np.allclose(gain * (total - total.mean()) / np.sqrt(total.var() + norm.eps) + bias, normed, atol=1e-2)


def test_inside_the_others(session: Session, found: dict[str, Block]) -> None:
    root = math.sqrt(session.checkpoint.model.config.d_model)
    row, scaled = (matrix(panel) for panel in inside.panels(session, found["encoder-embedding"], AT))
    assert np.allclose(row * root, scaled, rtol=5e-3)
    embedded, wave, entered = (matrix(panel) for panel in inside.panels(session, found["decoder-position"], AT))
    assert np.allclose(embedded + wave, entered, atol=5e-3)
    assert wave.ravel()[0] == pytest.approx(math.sin(AT.read), abs=1e-3)
    hidden, active, _narrowed = inside.panels(session, found["decoder-feed-1"], AT)
    assert np.allclose(np.maximum(matrix(hidden), 0), matrix(active))
    assert active["says"].startswith(f"{int((matrix(active) > 0).sum())} of ")
    bars = inside.panels(session, found["decoder-output"], AT)[1]["bars"]
    logits = session.walk.trace.logits[0, AT.read]
    assert float(bars[0]["says"].replace("−", "-")) == pytest.approx(float(logits.max()), abs=0.006)
    assert bars[0]["share"] == pytest.approx(float(logits.softmax(-1).max()), abs=1e-4)
    assert (
        inside.panels(session, found["encoder-pieces"], AT)
        == inside.panels(session, found["encoder-layer-1"], AT)
        == []
    )


def test_what_is_written_is_always_among_the_likely(session: Session) -> None:
    """The French was forced, so most of it is not what the model likes best."""
    ids, shares = chances(session.walk, 2)
    assert [id in each for id, each in zip(session.walk.written_ids, ids, strict=True)] == [True] * len(ids)
    for place, id in enumerate(session.walk.written_ids):
        assert shares[place][ids[place].index(id)] == pytest.approx(session.walk.chances[place], rel=1e-4)


ASKED: list[dict[str, str]] = [
    {"mc_open": "encoder-self-1", "layer": "1"}, {"mc_open": "no such block", "mc_step": "999", "mc_way": "no such way"},
    {"mc_open": "decoder-cross-3", "layer": "99", "head": "77"}, {"mc_open": "decoder-cross-1", "layer": "2"},
    {"mc_step": "2", "mc_way": "training"}, {"layer": "²"},
]  # fmt: skip


@pytest.mark.parametrize("asked", ASKED)
def test_whatever_the_address_asks_for_the_machine_stands(folders: Path, asked: dict[str, str]) -> None:
    for page in ("", WHOLE):
        test = app(page, text="I see the dog.", search="greedy", **asked)
        assert trouble(test) == []
        [machine] = [each for each in sent(test) if "likely" in each]
        there = asked.get("mc_open") in {block["id"] for block in machine["blocks"]} and asked.get("layer") != "2"
        opened = asked.get("mc_open") if there else ""  # a block of a layer that is folded is not open
        assert machine["open"] == opened
        assert bool(machine["inside"]) == bool(opened)
        assert machine["way"] == ("training" if asked.get("mc_way") == "training" else "writing")
        assert machine["step"] == (2 if asked.get("mc_step") == "2" else None)


def test_six_layers_and_six(tmp_path: Path, tokenizer: Tokenizer) -> None:
    checkpoint.save(tmp_path, untrained(tokenizer, encoder_layers=6, decoder_layers=6), tokenizer, {})
    deep = session_of(checkpoint.load(tmp_path))
    made = blocks(deep.walk)
    assert [block.layer for block in made if block.kind == "layer"] == [*range(1, 7), *range(1, 7)]
    drawn = little_machine.drawing(deep.walk)
    assert len(drawn["blocks"]) == len(made)
    assert drawn["strips"]["places"][0] == len(deep.walk.source)
