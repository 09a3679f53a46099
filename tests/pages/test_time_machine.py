"""The time machine's page: its numbers against single snapshots, its pictures, its clicks, and a model without a past."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

from figures.learning import forming as figure_forming
from pages.time_machine import film as films
from pages.time_machine import head as heads
from pages.time_machine import pictures as drawn
from pages.time_machine import words
from pages.time_machine.film import Film
from pages.time_machine.head import Asked
from tests.apps import SEEN, SEEN_FRENCH, app, html, pictures, seen, sent, trouble, unfold
from tests.pages.drawings import drawings
from tests.small_models import small_checkpoint, untrained
from transformer import checkpoint
from transformer.analysis import forming, head_roles
from transformer.tokenizer import Tokenizer
from ui.session import state
from ui.session.state import Search
from ui.session.walk import walk

pytestmark = [
    pytest.mark.usefixtures("forgotten"),
    pytest.mark.filterwarnings("default"),  # streamlit warns about itself under AppTest
]
PAGE, TEXT, FRENCH = "pages/310_time_machine.py", SEEN, SEEN_FRENCH
STEPS = (0, 5, 120, 1966)
KINDS = ("encoder", "decoder", "cross")


def past(folder: Path, tokenizer: Tokenizer, steps: tuple[int, ...] = STEPS, seed: int = 4) -> None:
    """A model of five heads, two layers and three, that grows louder from snapshot to snapshot."""
    model = untrained(tokenizer, seed, encoder_layers=2, d_ff=17)
    for place, step in enumerate(steps):
        with torch.no_grad():
            for parameter in model.parameters():
                parameter += 0.2 * torch.randn_like(parameter)
        facts = {"steps": step, "loss": 8.0 - place} | ({"validation": {"bleu": 10.5 * place}} if place else {})
        checkpoint.save_snapshot(folder, model, step, facts)
    checkpoint.save(folder, model, tokenizer, {"training": {"steps": steps[-1]}})


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """One model with a past, one without, one that has just begun."""
    shelf = tmp_path_factory.mktemp("runs")
    past(shelf / "a_past", tokenizer)
    past(shelf / "b_began", tokenizer, (0,))
    small_checkpoint(shelf / "c_none", tokenizer, decoder_layers=1)
    return shelf


def film_of(folder: Path, special: bool = True, now: int = 2) -> Film:
    """What a page would be given."""
    model = state.at(state.origin(folder), None)
    opened = state.opened(model)
    ids = (*opened.tokenizer.encode(FRENCH), opened.model.config.end_id)
    shown = walk(opened, TEXT, ids, forced=True)
    session: Any = SimpleNamespace(
        walk=shown, checkpoint=opened, special=special, origin=model, search=Search(1), mode="light"
    )
    origins = tuple(state.at(model, step) for step in STEPS)
    moments = films.read(origins, TEXT, ids, Search(1))
    return Film(session=session, moments=moments, key=(origins, TEXT, ids), now=now, at=now)


def weights_of(folder: Path, step: int, kind: str, layer: int) -> np.ndarray:
    """The weights of one snapshot (head, query, key), by a forward pass of its own."""
    opened = checkpoint.load(folder, step)
    source, target = opened.tokenizer.encode(TEXT), opened.tokenizer.encode(FRENCH)
    with torch.inference_mode():
        trace = opened.model(torch.tensor([[*source, 2]]), torch.tensor([[1, *target]]))
    node = trace.encoder.layers[layer] if kind == "encoder" else trace.decoder.layers[layer]
    return (node.cross_attention if kind == "cross" else node.self_attention).weights[0].numpy()


def asked(kind: str, layer: int = 1, head: int = 3, picture: str = "play") -> Asked:
    """What the controls would say."""
    return Asked(picture=picture, kind=kind, layer=layer, head=head)  # type: ignore[arg-type]


@pytest.mark.parametrize("special", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_every_map_is_that_of_its_snapshot(folders: Path, kind: str, special: bool) -> None:
    head = heads.shown(film_of(folders / "a_past", special), asked(kind))
    frames, [strip] = drawn.frames(head), drawings(figure_forming, "strip", lambda: drawn.strip(head))
    maps = drawings(figure_forming, "moment_map", lambda: drawn.frames(head))
    first, second = head.view.origin
    for place, step in enumerate(STEPS):
        whole = weights_of(folders / "a_past", step, kind, 1)[3]
        part = maps[place]["weights"]
        assert maps[place]["number"] == place
        assert (part.shape == whole.shape) is special
        np.testing.assert_allclose(part, whole[first:, second:][: part.shape[0], : part.shape[1]], atol=1e-5)
        np.testing.assert_array_equal(strip["weights"][place], part)
        assert f"step {step:,}" in frames[place].name
        assert strip["labels"][place].split()[0] == f"{step:,}"
    assert strip["selected"] == 2


@pytest.mark.parametrize("kind", KINDS)
def test_overlaps_and_moments_of_all_heads(folders: Path, kind: str) -> None:
    head = heads.shown(film_of(folders / "a_past"), asked(kind, 1, 3, "heads"))
    picture, [drawing] = drawn.heads(head), drawings(figure_forming, "heads", lambda: drawn.heads(head))
    layers = 2 if kind == "encoder" else 3
    assert drawing["rows"] == [f"{layer + 1}.{head + 1}" for layer in range(layers) for head in range(5)]
    assert drawing["selected"] == (8, 2)
    assert len(picture.table[0]) == len(set(picture.table[0])) == len(picture.table[1][0])
    for layer in range(layers):
        maps = np.stack([weights_of(folders / "a_past", step, kind, layer) for step in STEPS])
        for head in range(5):
            row, rows = 5 * layer + head, slice(1, None) if kind == "decoder" else slice(None)
            by_hand = [np.minimum(each[head], maps[-1][head]).sum(-1)[rows].mean() for each in maps]
            np.testing.assert_allclose(drawing["overlaps"][row], by_hand, atol=1e-4)
            assert drawing["moments"][row] == forming.moment(np.array(by_hand))[0]


def test_what_a_snapshot_says_of_itself_and_would_write(folders: Path) -> None:
    film = film_of(folders / "a_past")
    head = heads.shown(film, asked("cross"))
    columns, rows = drawn.table_of_moments(head)
    assert len(columns) == len(rows[0])
    for place, moment in enumerate(film.moments.moments):
        look = words.seen(head, place)
        assert f"loss {8 - place:.2f}" in look
        assert ("BLEU" in look) is (place > 0)
        assert rows[place][:3] == [STEPS[place], 8.0 - place, 10.5 * place if place else None]
        own = state.translation(state.at(film.session.origin, moment.step), TEXT, Search(1))
        assert moment.written == own
        if text := film.session.checkpoint.tokenizer.decode(own).strip():
            assert text in films.wrote(film, moment)


def test_the_role_is_that_of_the_map(folders: Path) -> None:
    film = film_of(folders / "a_past")
    head = heads.shown(film, asked("encoder"))
    flags = head_roles.delimiters(head.view.key_pieces)
    for place, step in enumerate(STEPS):
        whole = weights_of(folders / "a_past", step, "encoder", 1)[3]
        expected = head_roles.role(
            head_roles.measure(whole, head.view.mask, flags, False), head_roles.chance(head.view.mask, flags, False)
        )
        assert head.formation.roles[place] == expected


def test_a_fact_of_a_stranger_is_a_number_or_nothing(folders: Path) -> None:
    for odd in ({"loss": "<b>"}, {"loss": float("nan")}, {"validation": 3}, {"validation": {"bleu": [1]}}, {}):
        moment: Any = SimpleNamespace(training=odd, step=1)
        assert films.facts(moment) == []


def options(test: AppTest) -> list[str]:
    """The controls of the page as they stand."""
    return [str(test.segmented_control(key=f"pick_{key}").value) for key in ("tm_picture", "kind", "layer", "head")]


def look_of(test: AppTest) -> dict[str, Any]:
    """What was sent to the browser for the picture."""
    return next(each for each in sent(test) if "steps" in each)


@pytest.mark.parametrize("picture", ["play", "strip", "heads"])
def test_every_picture_of_every_attention_at_every_depth(folders: Path, picture: str) -> None:
    test = app(PAGE, text=TEXT, tm_picture=picture, checkpoint="a_past", target="mine", french=FRENCH, moment="5")
    assert options(test) == [picture, "cross", "3", "1"]
    for kind in KINDS:
        test.segmented_control(key="pick_kind").set_value(kind).run()
        unfold(test, "numbers", "formula", "code")
        assert trouble(test) == [], kind
        assert not any("[[" in said.value for said in test.markdown), kind


@pytest.mark.parametrize("picture", ["play", "strip", "heads"])
@pytest.mark.parametrize("strange", [
    {"text": "😀", "target": "mine", "french": "한"}, {"text": "나는"}, {"text": "<b>hi</b>", "target": "mine", "french": "<i>$x$"},
    {"text": "a\x00b"}, {"moment": "99"}, {"moment": "x"}, {"kind": "zzz", "layer": "99", "head": "x"}, {"tm_picture": "spiral"},
    {"special": "false", "text": "A", "target": "mine", "french": "A", "moment": "0"}, {"piece": "0", "source": "1", "key": "1"},
    {"text": "A", "target": "mine", "french": "", "search": "greedy"}, {"head": "mean"},
], ids=str)  # fmt: skip
def test_awkward_sentences_and_absurd_addresses(folders: Path, picture: str, strange: dict[str, str]) -> None:
    for kind in KINDS:
        test = app(PAGE, **{"text": TEXT, "tm_picture": picture, "kind": kind, "checkpoint": "a_past"} | strange)
        assert trouble(test) == []
        assert pictures(test) >= 2
        assert not any("<i>" in said or "<b>hi" in said for said in html(test))


@pytest.mark.parametrize("name", ["b_began", "c_none"])
def test_a_model_without_a_past_leads_to_one_that_has(folders: Path, name: str) -> None:
    test = app(PAGE, text=TEXT, checkpoint=name)
    assert trouble(test) == []
    assert "no snapshots" in test.info[0].value
    assert [button.label for button in test.button if button.key.startswith("past_")] == [r"a\_past"]
    test.button(key="past_a_past").click().run()
    assert trouble(test) == []
    assert not test.info
    assert test.selectbox(key="checkpoint").value == "a_past"
    assert options(test)[0] == "play"


def test_the_french_is_the_last_ones_and_the_same_at_every_moment(folders: Path) -> None:
    chips = set()
    for moment in ("0", "120", "1966"):
        test = app(PAGE, text=TEXT, checkpoint="a_past", moment=moment)
        assert trouble(test) == []
        strip = next(each for each in sent(test) if "target" in each)
        chips.add(tuple(chip["text"] for chip in strip["target"]))
    assert len(chips) == 1


def test_the_chosen_moment_is_told_and_shown(folders: Path) -> None:
    test = app(PAGE, text=TEXT, checkpoint="a_past", moment="120", tm_picture="strip", piece="1", source="2")
    assert any("step 120" in said and "loss 6.00" in said and "BLEU 21.0" in said for said in html(test))
    test = app(PAGE, text=TEXT, checkpoint="a_past", moment="120")
    assert look_of(test)["start"] == 2
    assert len(look_of(test)["steps"]) == 4


def test_a_click_shows_its_moment_on_this_page_alone(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = film_of(folders / "a_past")
    memory: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", memory)
    head = heads.shown(film, asked("cross"))
    drawn.take_map(head)([1, 3, 4])
    assert memory["tm_at"] == 2
    assert (memory["piece"], memory["source"]) == (4, 5)
    drawn.heads(head).on_click([14, 3])
    assert memory["tm_at"] == 4
    assert (memory["kind"], memory["layer"], memory["head"]) == ("cross", "3", "5")
    assert "moment" not in memory


def test_other_pages_follow_only_when_they_are_told_to(folders: Path) -> None:
    test = app(PAGE, text=TEXT, checkpoint="a_past", tm_at="2")
    assert "step 5" in seen(test)
    assert test.session_state["moment"] is None
    assert any("All other pages show the model at step 1,966" in said.value for said in test.caption)
    test.button(key="tm_take").click().run()
    assert trouble(test) == []
    assert test.session_state["moment"] == 5
    assert test.select_slider(key="pick_moment").value == 5
    assert any("All other pages show the model at step 5." in said.value for said in test.caption)


def test_the_sidebar_s_moment_wins_once_it_is_moved(folders: Path) -> None:
    test = app(PAGE, text=TEXT, checkpoint="a_past", tm_at="2")
    test.select_slider(key="pick_moment").set_value(120).run()
    assert "step 120" in seen(test)
