"""What-ifs of the mask, padding, and teacher forcing: every number against a pass of the model that is made here, and the page itself."""

import math
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
import torch

from pages.decoder_and_mask import forcing, masks
from tests import apps
from tests.apps import room
from transformer.attention import causal_mask
from transformer.decoding.search import best, greedy
from ui.session import state
from ui.session.walk import Walk, walk

pytestmark = pytest.mark.filterwarnings("default")
PAGE = "pages/80_decoder_and_mask.py"
TEXT, FRENCH = "I see the dog.", "Le chat noir dort."
app = partial(apps.app, PAGE, text=TEXT)


@pytest.fixture
def given(origin: state.Origin) -> Walk:
    """The model reads `FRENCH`."""
    return state.forced_walk(origin, TEXT, FRENCH)


@pytest.mark.parametrize(
    ("text", "found"),
    [("", ()), ("1-2", ((0, 1),)), ("2-4.1-3", ((0, 2), (1, 3))), ("3-1", ()), ("9-99.0-1.x.1-1.-2-", ()),
     ("all", ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))), ("all.1-2.3-4", ((0, 2), (0, 3), (1, 2), (1, 3)))],
)  # fmt: skip
def test_the_address_names_masked_cells_and_nothing_else(text: str, found: tuple[masks.Cell, ...]) -> None:
    assert masks.cells(text, 4) == found


@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_choice_of_cells_comes_back_from_the_address(count: int) -> None:
    everything = masks.cells("all", count)
    assert len(everything) == count * (count - 1) // 2
    for number in range(2 ** len(everything)):
        some = tuple(cell for place, cell in enumerate(everything) if number >> place & 1)
        assert masks.cells(masks.written(some, count), count) == some


def test_no_open_cell_changes_no_probability(origin: state.Origin, given: Walk) -> None:
    found = masks.leak(origin, given, ())
    assert found.leaked == found.usual == given.chances
    assert np.array_equal(found.mask, causal_mask(len(given.read))[0, 0])


def test_an_open_cell_changes_its_row_and_none_before_it(origin: state.Origin, given: Walk) -> None:
    """Row 2 sees the piece after it; what rows 0 and 1 compute cannot depend on row 2."""
    found = masks.leak(origin, given, ((2, 3),))
    assert found.mask[2, 3]
    assert found.mask.sum() == causal_mask(len(given.read)).sum() + 1
    assert found.leaked[:2] == pytest.approx(found.usual[:2], abs=1e-6)
    assert abs(found.leaked[2] - found.usual[2]) > 1e-6


def test_a_leak_is_the_models_own_pass_with_that_mask(origin: state.Origin, given: Walk) -> None:
    """All open: the same as a decoder without a mask, recomputed layer by layer."""
    model = state.opened(origin).model
    found = masks.leak(origin, given, masks.cells("all", len(given.read)))
    assert found.mask.all()
    with torch.inference_mode():
        memory = given.trace.encoder.output
        x = model.embedding(torch.tensor([given.read_ids]), model.matrix).output
        free = torch.ones(1, 1, 1, 1, dtype=torch.bool)
        for layer in model.decoder_layers:
            x = layer(x, memory, free, free).output
        chances = (x @ model.matrix.T)[0].softmax(-1)
    mine = [float(chances[place, id]) for place, id in enumerate(given.written_ids)]
    assert found.leaked == pytest.approx(mine, abs=1e-5)
    assert len(found.own) == len(mine)


@pytest.mark.parametrize(("code", "text"), [("longer", TEXT), ("shorter", f"{TEXT} " * 8)])
def test_padding_changes_nothing_and_without_its_mask_much(origin: state.Origin, code: str, text: str) -> None:
    given = state.forced_walk(origin, text.strip(), FRENCH)
    model = state.opened(origin).model
    neighbours = masks.neighbours(origin, given)
    found = masks.padding(origin, given.source_ids, given.read_ids, neighbours[code])
    assert [len(row) for row in found.rows] == [max(len(row) for row in found.rows)] * 2
    assert "<pad>" in found.rows[found.padded]
    assert "<pad>" not in found.rows[1 - found.padded]
    assert found.padded == {"longer": 0, "shorter": 1}[code]
    assert found.difference < 1e-4
    assert found.unmasked > 20 * found.difference
    if not found.padded:  # the learner's sentence: its map is that of the walk, with columns of zeros behind it
        for layer, mine in zip(given.trace.encoder.layers, found.weights, strict=True):
            length = len(given.source)
            np.testing.assert_allclose(mine[:, :, :length], layer.self_attention.weights[0], atol=1e-5)
            assert not mine[:, :, length:].any()
    assert found.mask.sum(1).tolist() == [len(found.mask)] * len(found.mask)
    assert model.config.padding_id == 0


def test_the_difference_is_that_of_the_logits(origin: state.Origin, given: Walk) -> None:
    """What is said to change without the padding mask, computed here from two passes."""
    checkpoint, neighbour = state.opened(origin), masks.neighbours(origin, given)["longer"]
    found = masks.padding(origin, given.source_ids, given.read_ids, neighbour)
    model, tokenizer = checkpoint.model, checkpoint.tokenizer
    french = best(greedy(model, tokenizer.encode(neighbour), state.MOST_TARGET)).ids
    with torch.inference_mode():
        long = torch.tensor([[*tokenizer.encode(neighbour), 2]])
        mine = torch.tensor([[*given.source_ids, *[0] * (long.size(1) - len(given.source_ids))]])
        free = torch.ones(1, 1, 1, 1, dtype=torch.bool)
        x = model.embedding(mine, model.matrix).output
        for layer in model.encoder_layers:
            x = layer(x, free).output
        bare = model.logits(model.decode(torch.tensor([given.read_ids]), x, free).output)
        change = float((bare - given.trace.logits).abs().max())
        alone = model(long, torch.tensor([[1, *french[:-1]]])).logits
    assert found.unmasked == pytest.approx(change, abs=1e-4)
    assert found.reach[1] == pytest.approx(max(float(alone.max()), float(given.trace.logits.max())), abs=1e-4)


def test_what_the_model_would_have_written(origin: state.Origin, given: Walk) -> None:
    found = forcing.compare(origin, given)
    chances = given.trace.logits[0].softmax(-1).numpy().copy()
    chances[:, :2] = 0  # neither padding nor the start piece
    assert found.own_chances == pytest.approx(chances.max(1), abs=1e-5)
    vocabulary = state.opened(origin).tokenizer
    assert list(found.own) == [vocabulary.piece(int(id)).piece for id in chances.argmax(1)]


def test_the_models_own_french_never_parts_from_itself(origin: state.Origin) -> None:
    own = state.own_walk(origin, TEXT, state.Search(1))
    found = forcing.compare(origin, own)
    assert found.parting is None
    assert found.own == own.written


@pytest.mark.parametrize(
    ("right", "own", "place"), [((4, 5, 2), (4, 5, 2), None), ((4, 5, 2), (4, 6, 2), 1), ((4, 2), (4, 2, 7), 2), ((7,), (8,), 0)]
)  # fmt: skip
def test_where_they_part(right: tuple[int, ...], own: tuple[int, ...], place: int | None) -> None:
    assert forcing.parting(right, own) == place


@pytest.mark.parametrize("picture", ["causal", "padding", "forcing", "leak"])
@pytest.mark.parametrize("depth", ["story", "numbers", "formula", "code"])
def test_each_picture_at_each_depth(folders: Path, picture: str, depth: str) -> None:
    test = app(mask=picture, depth=depth, target="mine", french=FRENCH, piece="3", key="2", open="2-3")
    assert not test.exception
    assert test.segmented_control(key="pick_mask").value == picture
    assert not [each.value for each in test.markdown if "[[" in each.value]
    assert "<b>" in room(test)


@pytest.mark.parametrize("picture", ["causal", "padding", "forcing", "leak"])
@pytest.mark.parametrize("text", ["😀", "<b>hi</b>", "나는"])
def test_hard_sentences_and_hidden_special_pieces(folders: Path, picture: str, text: str) -> None:
    test = app(mask=picture, text=text, special="false", search="greedy", target="mine", french=text, open="all.9-99")
    assert not test.exception
    assert text != "<b>hi</b>" or "<b>hi</b>" not in room(test)


def test_the_buttons_open_and_close_all_cells(folders: Path) -> None:
    test = app(mask="leak", target="mine", french=FRENCH)
    assert "No cell is open" in room(test)
    test.button(key="open_all").click().run()
    assert test.session_state["open"] == "all"
    assert "Open cells" in room(test)
    test.button(key="open_none").click().run()
    assert "No cell is open" in room(test)


def test_a_click_opens_a_masked_cell_and_a_second_one_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", held)
    click = masks.toggle(5)
    click([1, 3])
    assert (held["open"], held["piece"]) == ("2-4", 2)
    click([0, 1])
    click([4, 2])  # not masked: only the row is chosen
    assert (held["open"], held["piece"]) == ("1-2.2-4", 5)
    click([1, 3])
    click([0, 1])
    assert held["open"] == ""


def test_the_causal_cell_in_words(folders: Path, origin: state.Origin, given: Walk) -> None:
    """The weight that the sentence tells is exp(score) over the sum, from the trace's own queries and keys."""
    test = app(mask="causal", target="mine", french=FRENCH, layer="2", head="3", piece="3", key="2")
    attention = given.trace.decoder.layers[1].self_attention
    query, keys = attention.queries[0, 2, 3].numpy(), attention.keys[0, 2].numpy()
    scores = keys[:4] @ query / math.sqrt(len(query))
    weight = math.exp(scores[1]) / np.exp(scores).sum()
    assert f"<b>{weight:.3f}</b>" in room(test)
    later = app(mask="causal", target="mine", french=FRENCH, layer="2", head="3", piece="3", key="5")
    assert "−∞" in room(later)
    assert f"<b>{float(keys_score(attention, 2, 3, 4)):.3f}</b>" in room(later)


def keys_score(attention: object, head: int, query: int, key: int) -> float:
    """A score before the mask."""
    return float(attention.scores[0, head, query, key])


def test_changing_the_french_goes_through_the_sidebar(folders: Path) -> None:
    test = app(mask="forcing", search="greedy")
    assert "agree at every step" in room(test)
    test.button(key="change_french").click().run()
    assert test.segmented_control(key="pick_target").value == "mine"
    assert not test.exception


def test_walks_are_left_as_they_were(origin: state.Origin) -> None:
    """A what-if never writes into the shared walk."""
    checkpoint = state.opened(origin)
    before = walk(checkpoint, TEXT, (5, 6, 2), forced=True)
    logits = before.trace.logits.clone()
    masks.leak(origin, before, ((0, 1),))
    assert torch.equal(before.trace.logits, logits)
