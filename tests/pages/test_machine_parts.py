"""The page of the machine's parts: masks that are painted, codes in the address, the check of the order, sharpness, the page."""

import json
import math
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from pages.machine_parts import order, sharpness
from pages.machine_parts.asked import views
from tests import apps
from tests.apps import html, said, sent
from transformer.config import Config
from transformer.what_if import WhatIf, apply
from ui.changed import machine, masks, outcome, telling
from ui.changed.machine import Changes, Sizes
from ui.changed.masks import Painted
from ui.session import attentions, state
from ui.session.walk import Walk

pytestmark = pytest.mark.filterwarnings("default")
PAGE = "pages/220_machine_parts.py"
CONFIG = Config(vocabulary_size=10, d_model=20, heads=5, encoder_layers=2, decoder_layers=3, d_ff=8, max_positions=64)
SIZES = Sizes(source=5, read=4)
app = partial(apps.app, PAGE, text="I see the dog.", search="greedy")


def every_pattern() -> list[tuple[str, str]]:
    return [(kind, pattern) for kind, patterns in masks.PATTERNS.items() for pattern in patterns]


@pytest.mark.parametrize(("kind", "pattern"), every_pattern())
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 4), (4, 1), (5, 5), (3, 6), (6, 3)])
def test_no_pattern_leaves_a_row_with_nothing(kind: str, pattern: str, rows: int, columns: int) -> None:
    found = masks.plain(kind, pattern, rows, columns)  # type: ignore[arg-type]
    assert found.shape == (rows, columns)
    assert found.any(1).all()


def test_the_patterns() -> None:
    assert np.array_equal(masks.plain("decoder", "trained", 4, 4), np.tril(np.ones((4, 4), dtype=bool)))
    assert masks.plain("encoder", "trained", 4, 4).all()
    assert masks.plain("decoder", "future", 4, 4).all()
    assert np.array_equal(masks.plain("decoder", "previous", 4, 4).argmax(1), [0, 0, 1, 2])
    assert np.array_equal(masks.plain("cross", "itself", 4, 3).argmax(1), [0, 1, 2, 2])
    assert masks.plain("encoder", "first", 4, 4)[:, 0].all()


def test_a_click_turns_a_cell_a_row_or_a_column() -> None:
    plain = Painted("decoder")
    cell, blind = masks.brushed(plain, "cell", (1, 3), 4, 4)
    assert (cell.flipped, blind) == ({(1, 3)}, ())
    assert masks.brushed(cell, "cell", (1, 3), 4, 4)[0] == plain
    row, _ = masks.brushed(plain, "row", (1, 3), 4, 4)
    assert masks.allowed(row, 4, 4)[1].all()
    column, _ = masks.brushed(Painted("encoder"), "column", (2, 1), 4, 4)
    assert not masks.allowed(column, 4, 4)[:, 1].any()
    assert masks.count(column, 4, 4) == (0, 4)


@pytest.mark.parametrize(
    ("brush", "cell", "expected"), [("cell", (0, 0), (0,)), ("row", (2, 1), (2,)), ("column", (3, 0), (0,))]
)
def test_a_row_that_would_see_nothing_is_refused(brush: str, cell: tuple[int, int], expected: tuple[int, ...]) -> None:
    plain = Painted("decoder")
    assert masks.brushed(plain, brush, cell, 4, 4) == (plain, expected)


cells = some.frozensets(some.tuples(some.integers(0, 3), some.integers(0, 3)), max_size=6)


@given(
    kind=some.sampled_from(["decoder", "encoder"]), number=some.integers(0, 4), flipped=cells,
    positions=some.sampled_from(["own", "off", "shuffled", "shifted"]),
    seed=some.integers(1, 999), shift=some.sampled_from(machine.SHIFTS), flags=some.tuples(*[some.booleans()] * 4),
    temperature=some.sampled_from(machine.TEMPERATURES), removed=some.sampled_from([None, ("encoder", 1), ("decoder", 2)]),
)  # fmt: skip
def test_every_change_comes_back_from_the_address(
    kind, number, flipped, positions, seed, shift, flags, temperature, removed
) -> None:
    painted = Painted(kind, masks.PATTERNS[kind][number])
    grid = masks.allowed(Painted(kind, painted.pattern, flipped), 4, 4)
    painted = Painted(kind, painted.pattern, masks.difference(painted, grid))
    asked = Changes(
        positions=positions, seed=seed if positions == "shuffled" else 1, shift=shift if positions == "shifted" else 100,
        scaling=flags[0], residual=flags[1], norm=flags[2], feed_forward=flags[3], temperature=temperature, removed=removed,
    ).with_mask(painted)  # fmt: skip
    code = machine.code(asked)
    assert machine.read(code, CONFIG, Sizes(4, 4)) == asked
    assert set(code) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")


@pytest.mark.parametrize(
    "text",
    ["", "_", "zzz", "mzf", "mdz", "mca", "t", "t0", "t99", "t1.23", "xe0", "xe3", "xd9", "ps3", "md", "mdt.9-9.0-1.x",
     "<b>", "po po", "t-1", "n", "mdt" + ".1-2" * 3000],
)  # fmt: skip
def test_what_is_no_code_changes_nothing(text: str) -> None:
    assert machine.what_if(machine.read(text, CONFIG, SIZES), SIZES, 10) == WhatIf()


def test_an_address_cannot_empty_a_row() -> None:
    found = machine.read("mdt.1-1.2-1", CONFIG, SIZES)
    assert found.mask("decoder").flipped == {(1, 0)}
    machine.what_if(found, SIZES, 10)  # which refuses an empty row


@given(text=some.text(max_size=30))
def test_any_address_makes_a_what_if(text: str) -> None:
    machine.what_if(machine.read(text, CONFIG, SIZES), SIZES, 10)


def test_the_what_if_says_what_was_asked() -> None:
    found = machine.what_if(machine.read("mdf_pr7_ns_t0.5_nr_nn_nf_xe1", CONFIG, SIZES), SIZES, 8)
    assert (found.scaling, found.residual, found.norm, found.feed_forward) == (False, False, False, False)
    assert found.temperature == 0.5
    assert found.removed == (("encoder", 0),)
    assert sorted(found.places) == list(range(8))
    assert [mask.kind for mask in found.masks] == ["decoder"]
    assert np.array(found.masks[0].allowed).shape == (8, 8)
    assert machine.what_if(machine.read("ps50", CONFIG, SIZES), SIZES, 8).shift == 50
    assert not machine.what_if(machine.read("po", CONFIG, SIZES), SIZES, 8).positions


@pytest.mark.parametrize("how", ["reversed", "shuffled"])
def test_without_positions_the_vectors_are_the_same_in_another_order(
    origin: state.Origin, walked: Walk, how: str
) -> None:
    found = order.check(origin, walked.source_ids, how)
    assert sorted(found.order) == list(range(len(walked.source_ids)))
    assert found.others == tuple(found.pieces[place] for place in found.order)
    assert found.residual(found.bare) < 1e-5
    assert found.residual(found.given) > 0.01
    model = apply(state.opened(origin).model, WhatIf(positions=False))
    with torch.inference_mode():
        one = model.encode(torch.tensor([walked.source_ids])).output[0]
        two = model.encode(torch.tensor([[walked.source_ids[place] for place in found.order]])).output[0]
    assert torch.allclose(one[list(found.order)], two, atol=1e-5)
    assert found.bare[0, 0] == pytest.approx(float((one[0] - two[0]).abs().max()), abs=1e-5)


def test_how_sharply_a_head_looks(origin: state.Origin, walked: Walk) -> None:
    session = outcome.Seen(walk=walked, checkpoint=state.opened(origin), special=True)
    view = attentions.attention(session, "decoder", 1)
    found = sharpness.sharpness(view)
    rows = [view.weights[2, row, : row + 1].astype(float) for row in range(1, len(walked.read))]
    entropies = [-sum(each * math.log(each) for each in row) for row in rows]
    assert found.nats[2] == pytest.approx(np.mean(entropies), abs=1e-4)
    shares = [each / math.log(len(row)) for each, row in zip(entropies, rows, strict=True)]
    assert found.entropy[2] == pytest.approx(np.mean(shares), abs=1e-4)
    everyone = [
        view.weights[head, row, : row + 1].astype(float) for head in range(5) for row in range(1, len(walked.read))
    ]
    assert found.largest == pytest.approx(np.mean([row.max() for row in everyone]), abs=1e-4)
    assert found.slope == pytest.approx(np.mean([1 - (row**2).sum() for row in everyone]), abs=1e-4)


def first_line(test: AppTest) -> str:
    """The line over the picture."""
    [found] = [text for text in html(test) if 'class="atlas-seen"' in text]
    return found


def bars(test: AppTest) -> list[dict[str, Any]]:
    """What the picture of the chances draws, without what only listens."""
    [figure] = [json.loads(each["steps"][0]["figure"]) for each in sent(test) if each.get("name") == "mp_chances"]
    return [each for each in figure["data"] if each["type"] == "bar" and "name" in each]


def test_guess_first_then_see(folders: Path) -> None:
    test = app(mp_do="po", mp_lab="positions")
    assert not test.exception
    assert "log p of the translation" not in said(test)
    assert "what will become" in first_line(test)
    assert [each["name"] for each in bars(test)] == ["as it is"], "nothing is known of the changed model yet"
    test.button(key="mp_guess_none").click().run()
    assert not test.exception
    assert "You guessed" in said(test)
    assert "log p of the translation" in said(test)
    assert "times" in first_line(test)
    assert len(bars(test)) == 2
    test.button(key="mp_do_reset").click().run()
    assert test.session_state["mp_do"] == ""
    assert "Nothing is changed" in first_line(test)


def test_a_new_change_asks_again_unless_nobody_wants_to_guess(folders: Path) -> None:
    test = app(mp_do="po", mp_lab="positions", mp_guess="most")
    assert "You guessed" in said(test)
    test.segmented_control(key="pick_mp_places").set_value("shifted").run()
    assert test.session_state["mp_do"] == "ps100"
    assert "You guessed" not in said(test)
    test.toggle(key="mp_ask").set_value(False).run()
    assert "log p of the translation" in said(test)


@pytest.mark.parametrize(("lab", "code", "off"), [
    ("parts", "ns", "no scaling"), ("parts", "nr", "no residual"), ("parts", "nn", "no LayerNorm"), ("positions", "po", "no positions"),
    ("mask", "mdf", "opened"),
])  # fmt: skip
def test_the_link_of_a_proof_arrives_with_exactly_that_changed_and_shown(
    folders: Path, lab: str, code: str, off: str
) -> None:
    """Also where another change was looked at before, and guessed: what the proof has told is not asked about."""
    test = app(mp_do="t0.5", mp_lab="parts", mp_guess="some")
    for key, value in {"to_view": "1", "to_back": "50_one_head", "mp_lab": lab, "mp_do": code}.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception
    assert test.session_state["mp_do"] == code
    assert test.segmented_control(key="pick_mp_lab").value == lab
    assert off in first_line(test)
    assert "times less likely" in first_line(test) or "likelier" in first_line(test)
    assert "temperature" not in first_line(test)


@pytest.mark.parametrize("lab", ["mask", "positions", "parts"])
def test_each_view_shows_one_picture_beside_the_outcome(folders: Path, lab: str) -> None:
    names = {"paint": "mp_mask", "out": "mp_chances", "maps": "mp_maps", "order": "mp_order", "sharp": "mp_sharp"}
    test = app(mp_do="ns", mp_lab=lab, mp_ask="false")
    shown = test.segmented_control(key="pick_mp_view")
    for view in [view for view in names if view in views(lab)]:  # type: ignore[arg-type]
        test.segmented_control(key="pick_mp_view").set_value(view).run()
        assert not test.exception
        drawn = [each["name"] for each in sent(test) if each.get("name", "").startswith("mp_")]
        assert drawn == [names[view]]
        assert "log p of the translation" in said(test)
    assert len(shown.options) == 3


def test_how_many_times_less_likely() -> None:
    assert telling.times(math.log(2.5)) == telling.times(-math.log(2.5)) == "2.500"
    assert telling.times(math.log(12_345)) == "12,345"
    assert telling.times(math.log(3e8)) == "3.0×10⁸"
    assert telling.times(5e6) == "more than 10¹⁰⁰"


@pytest.mark.parametrize(
    "code",
    [
        "mdf",
        "mef.1-1",
        "mea",
        "mcb",
        "po",
        "pr3",
        "ps1000",
        "ns",
        "t0.05",
        "t10",
        "nr",
        "nn",
        "xe1",
        "xd3",
        "mdi_po_ns_nr_nn_xe2",
    ],
)
@pytest.mark.parametrize("lab", ["mask", "positions", "parts"])
def test_every_change_is_shown(folders: Path, lab: str, code: str) -> None:
    for kind, layer in (("encoder", "1"), ("decoder", "3"), ("cross", "2")):
        test = app(mp_do=code, mp_lab=lab, mp_ask="false", kind=kind, layer=layer, head="2")
        assert not test.exception
    assert "log p of the translation" in said(test) or code == "mef.1-1"


def test_the_parts_write_the_address(folders: Path) -> None:
    test = app(mp_lab="parts", mp_ask="false")
    test.segmented_control(key="pick_mp_off").set_value(["scaling", "norm"]).run()
    test.select_slider(key="pick_mp_temperature").set_value(0.5).run()
    test.selectbox(key="pick_mp_layer").set_value("d2").run()
    assert not test.exception
    assert test.session_state["mp_do"] == "ns_t0.5_nn_xd2"
    test.button(key="mp_do_undo").click().run()
    assert test.session_state["mp_do"] == "ns_t0.5_nn"


def test_a_painted_mask_has_no_pattern_until_one_is_chosen(folders: Path) -> None:
    test = app(mp_do="mdt.1-2", mp_ask="false")
    assert test.selectbox(key="pick_mp_pattern").value is None
    test.selectbox(key="pick_mp_pattern").set_value("trained").run()
    assert not test.exception
    assert test.session_state["mp_do"] == ""
    assert test.selectbox(key="pick_mp_pattern").value == "trained"


def test_two_people_never_see_each_others(folders: Path, origin: state.Origin) -> None:
    mine, other = app(mp_do="po", mp_ask="false"), app(mp_do="", mp_ask="false")
    assert mine.session_state["mp_do"] == "po"
    assert other.session_state["mp_do"] == ""
    assert not state.opened(origin).model.changed


def test_without_a_piece_the_map_says_how_to_choose_without_naming_a_language(folders: Path) -> None:
    """Its rows may be English."""
    test = app(
        mp_do="po", mp_lab="positions", mp_view="maps", mp_ask="false", kind="encoder", piece="none", source="none"
    )
    assert not test.exception
    [told] = [each for each in html(test) if 'class="atlas-cell atlas-empty"' in each]
    assert "French" not in told
