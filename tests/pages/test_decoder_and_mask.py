"""What-ifs of the mask, padding, and teacher forcing: every number against a pass of the model that is made here, and the page itself."""

import math
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

import transformer.checkpoint
from figures.labels import label
from pages.decoder_and_mask import forcing, masks, swap, unmasked
from pages.decoder_and_mask.unmasked import Pair
from tests import ROOT, apps
from tests.apps import room, said, sent
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


def words(test: AppTest) -> str:
    """All that the page says outside Markdown, without markup."""
    return re.sub(r"<[^>]*>", "", said(test))


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
    assert f"<b>{weight:.4f}</b>" in room(test)
    later = app(mask="causal", target="mine", french=FRENCH, layer="2", head="3", piece="3", key="5")
    assert "−∞" in room(later)
    assert f"<b>{float(keys_score(attention, 2, 3, 4)):.3f}</b>" in room(later)


def keys_score(attention: object, head: int, query: int, key: int) -> float:
    """A score before the mask."""
    return float(attention.scores[0, head, query, key])


def test_walks_are_left_as_they_were(origin: state.Origin) -> None:
    """A what-if never writes into the shared walk."""
    checkpoint = state.opened(origin)
    before = walk(checkpoint, TEXT, (5, 6, 2), forced=True)
    logits = before.trace.logits.clone()
    masks.leak(origin, before, ((0, 1),))
    assert torch.equal(before.trace.logits, logits)


def test_a_swap_changes_one_word_for_another_and_parts_from_the_model(origin: state.Origin, given: Walk) -> None:
    places = [place for place in range(len(given.written)) if swap.choice.is_word(given.written, place)]
    found = [one for place in places if (one := swap.swap(origin, TEXT, given.written_ids, place, given))]
    assert found
    for one in found:
        assert one.word != one.other
        assert one.french == FRENCH.replace(one.word, one.other, 1)
        assert 0 < one.chance < 1
        assert state.forced_walk(origin, TEXT, one.french).written_ids != given.written_ids


def test_there_is_no_swap_where_there_is_no_whole_word(origin: state.Origin, given: Walk) -> None:
    end = len(given.written) - 1
    assert given.written[end] == "</s>"
    assert swap.swap(origin, TEXT, given.written_ids, end, given) is None


@pytest.mark.parametrize("picture", ["causal", "forcing", "leak"])
def test_one_position_has_one_name(folders: Path, picture: str, given: Walk) -> None:
    """The first line tells what was read and what is about to be written, with what the trace says of it."""
    told = words(app(mask=picture, target="mine", french=FRENCH, piece="3", open="3-4"))
    read = 3 if picture == "causal" else 2  # the map's rows are called by what was read
    assert f"Having read {label(given.read[read])}, " in told
    if picture == "causal":
        assert (
            f"about to write {label(given.written[read])}, the decoder may look at 4 of {len(given.read)} pieces"
            in told
        )
    else:
        assert label(given.written[read]) in told
        assert forcing.chance(given.chances[read]) in told


@pytest.mark.parametrize("picture", ["causal", "forcing", "leak"])
def test_with_nothing_chosen_it_says_how_to_choose(folders: Path, picture: str) -> None:
    told = words(app(mask=picture, target="mine", french=FRENCH, piece="none", source="none"))
    assert "Choose a piece" in told


def test_the_step_of_the_picture_is_in_the_address(folders: Path) -> None:
    """What is shown and what the sum marks are the same step."""
    marks = {}
    for step in range(3):
        test = app(mask="causal", target="mine", french=FRENCH, piece="3", mask_step=str(step))
        assert next(each["start"] for each in sent(test) if len(each.get("steps", ())) == 3) == step
        marks[step] = re.findall(r'<li class=now data-steps="(\d)">', room(test))
    assert marks == {0: ["1"], 1: ["2"], 2: ["3", "3"]}


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """The two shipped models that were trained with the mask and without it."""
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (ROOT / "pretrained",))
    found = unmasked.pair()
    assert found
    yield found
    st.cache_data.clear()


def test_the_model_without_the_mask_is_the_one_whose_card_says_so(shipped: Pair) -> None:
    cards = [state.opened(origin).card for origin in shipped]
    assert [card.get("without", "") for card in cards] == ["", "mask"]
    assert state.opened(shipped.masked).model.config == state.opened(shipped.unmasked).model.config


def test_what_a_mask_is_for(shipped: Pair) -> None:
    """Told a French that nobody could guess, the model without the mask knows it all the same: it reads it. Alone it fails."""
    strange = state.forced_walk(
        shipped.masked, "The black cat sleeps in the red house.", "Le chien mange une pomme verte."
    )
    found = unmasked.read(shipped, strange)
    assert found
    masked, open_one = found.means
    assert open_one > masked + 0.2
    assert found.masked == strange.chances
    assert found.alone != found.twin_alone == "Le chat noir dort dans la maison rouge."


def test_the_same_place_in_another_cut_of_the_text() -> None:
    ours, theirs = ("▁chien", "▁Ch", "ar", "l", "ie", ".", "</s>"), ("▁chien", "▁Charlie", ".", "</s>")
    assert [unmasked.same_place(ours, place, theirs) for place in range(7)] == [0, 1, 1, 1, 1, 2, 3]
    assert [unmasked.same_place(theirs, place, ours) for place in range(4)] == [0, 1, 5, 6]
    assert unmasked.same_place(ours, None, theirs) is None


def test_why_the_mask_is_shown_on_the_sentence(shipped: Pair) -> None:
    asked = {"checkpoint": "grammar-en-fr", "text": "The black cat sleeps in the red house.", "search": "greedy"}
    test = app(**asked)
    found = unmasked.read(
        shipped, state.own_walk(state.origin(ROOT / "pretrained" / "grammar-en-fr"), asked["text"], state.Search(1))
    )
    assert found
    assert (
        f"gives the right pieces {found.means[1]:.2f}, its twin with the mask {found.means[0]:.2f}: it reads them"
        in words(test)
    )
    test.button(key="see_unmasked").click().run()
    assert test.session_state["mask"] == "leak"
    assert "it reads the answer" in words(test) or "Trained without the mask, it reads" in words(test)
    assert f"{found.means[0]:.2f} (with the mask) and {found.means[1]:.2f} (without)" in words(test)
    told = words(app(mask="leak", open="all", **asked))
    assert "it never met an open cell" in told


def test_without_the_broken_models_the_page_says_less(folders: Path) -> None:
    assert unmasked.pair() is None
    test = app(mask="leak", trained="without", target="mine", french=FRENCH)
    assert not test.exception
    assert "No cell is open" in room(test)


def test_one_click_gives_another_french_and_one_takes_it_back(shipped: Pair) -> None:
    test = app(
        mask="forcing", search="greedy", checkpoint="grammar-en-fr", text="The black cat sleeps in the red house."
    )
    assert "the same to the end" in room(test)
    test.button(key="swap").click().run()
    assert test.segmented_control(key="pick_target").value == "mine"
    assert "but training wants" in words(test)
    assert "here they part" in words(test)
    assert not test.exception
    test.button(key="swap_back").click().run()
    assert test.segmented_control(key="pick_target").value == "model"
    assert "the same to the end" in room(test)
