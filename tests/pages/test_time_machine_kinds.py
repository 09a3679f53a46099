"""The time machine of a relative: what its snapshots write, and their maps or states, against single forward passes."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
import torch

import transformer.checkpoint
from figures.labels import label
from pages.time_machine import past as pasts
from pages.time_machine import relative
from tests.apps import app, html, sent, trouble
from tests.relatives.conftest import untrained
from tests.relatives.test_kept import sizes
from transformer import checkpoint
from transformer.analysis.snapshots import Moments
from transformer.tokenizer import Tokenizer
from ui.session import relatives, state

PAGE, TEXT, STEPS, GREEDY = "pages/310_time_machine.py", "I see the dog.", (0, 40, 900), state.Search(1)


def grown(shelf: Path, tokenizer: Tokenizer, kind: str, steps: tuple[int, ...] = STEPS) -> Path:
    """A relative whose numbers grow from snapshot to snapshot."""
    folder, model = shelf / kind, untrained(kind, sizes(tokenizer))
    for place, step in enumerate(steps):
        for parameter in model.parameters():
            parameter *= 1.3
        facts = {"steps": step} | ({"loss": 6.0 - place, "validation": {"exact_match": 30.0 * place}} if place else {})
        checkpoint.save_snapshot(folder, model, step, facts)
    checkpoint.save(folder, model, tokenizer, {"training": {"steps": steps[-1]}})
    return folder


@pytest.fixture
def shelf(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One hidden state, alignment, and a Transformer with another score; and one that has just begun."""
    for kind in ("gru", "bahdanau", "additive"):
        grown(tmp_path, tokenizer, kind)
    grown(tmp_path, tokenizer, "lstm", (0,))
    monkeypatch.setattr(transformer.checkpoint, "FOLDERS", (tmp_path,))
    return tmp_path


def ids(folder: Path) -> tuple[int, ...]:
    """What the finished model writes."""
    return relatives.written(state.origin(folder), TEXT, GREEDY)


@pytest.mark.parametrize("kind", ["gru", "bahdanau", "additive"])
def test_each_snapshot_is_read_as_it_was(kind: str, shelf: Path) -> None:
    folder = shelf / kind
    origins = tuple(state.at(state.origin(folder), step) for step in STEPS)
    thens, troubles = pasts.read(origins, TEXT, ids(folder), GREEDY)
    assert troubles == ()
    assert [then.moment.step for then in thens] == [*STEPS]
    for then, origin in zip(thens, origins, strict=True):
        opened = checkpoint.load_any(folder, origin.moment)
        source, read = opened.tokenizer.encode(TEXT), ids(folder)
        with torch.inference_mode():
            trace = opened.model(torch.tensor([[*source, 2]]), torch.tensor([[1, *read[:-1]]]))
        logs = trace.logits[0].log_softmax(-1)[torch.arange(len(read)), torch.tensor(read)]
        assert then.given == pytest.approx(float(logs.sum().exp()), rel=1e-3)
        assert then.loss == pytest.approx(-float(logs.mean()), rel=1e-4)
        assert (then.look is None) == (then.states is not None) == (kind == "gru")
        if kind == "bahdanau":
            assert np.allclose(then.look, trace.look.weights[0])
        if then.states is not None:
            assert np.allclose(then.states, torch.cat((trace.encoder.cell.states[0], trace.decoder.cell.states[0])))


@pytest.mark.parametrize(
    ("kind", "title"), [("gru", "The state after"), ("bahdanau", "Where it"), ("additive", "last layer")]
)
def test_a_relative_has_a_film(kind: str, title: str, shelf: Path) -> None:
    test = app(PAGE, checkpoint=kind, text=TEXT, tm_at=2)
    assert trouble(test) == []
    assert any(title in json.dumps(each) and "step 900" in json.dumps(each) for each in sent(test))
    (told,) = [each for each in html(test) if "atlas-sum" in each]
    assert "step 40" in told
    assert "30 % of held-out sentences exact" in told
    assert "loss 5.00" in told


def test_the_chosen_weight_is_told_then_and_now(shelf: Path) -> None:
    test = app(PAGE, checkpoint="bahdanau", text=TEXT, tm_at=2, tm_picture="strip", piece=1, source=2)
    assert trouble(test) == []
    folder = shelf / "bahdanau"
    walk = relatives.own(state.origin(folder), TEXT, state.Search(4))
    origins = tuple(state.at(state.origin(folder), step) for step in STEPS)
    thens, _ = pasts.read(origins, TEXT, walk.written_ids, state.Search(4))
    (told,) = [each for each in html(test) if "atlas-sum" in each]
    assert f"{label(walk.written[0])} → {label(walk.source[1])}" in told
    for then in thens:
        assert then.look is not None
        assert f"<b>{then.look[0, 1]:.3f}</b>" in told


def test_a_number_of_a_state_is_told_then_and_now(shelf: Path) -> None:
    test = app(PAGE, checkpoint="gru", text=TEXT, tm_row=1, tm_column=3)
    assert trouble(test) == []
    (told,) = [each for each in html(test) if "atlas-sum" in each]
    assert "dim 3" in told
    nonsense = app(PAGE, checkpoint="gru", text=TEXT, tm_row=99, tm_column=-3, tm_at=77, tm_picture="heads")
    assert trouble(nonsense) == []
    assert not any("dim 3" in each for each in html(nonsense))


@pytest.mark.parametrize("kind", ["gru", "bahdanau"])
def test_how_it_learned_is_drawn(kind: str, shelf: Path) -> None:
    test = app(PAGE, checkpoint=kind, text=TEXT, tm_picture="curve")
    assert trouble(test) == []
    (drawn,) = [json.dumps(each) for each in sent(test) if "held-out" in json.dumps(each)]
    assert "this sentence" in drawn
    test.session_state["time_machine_curve_table"] = True
    table = test.run().dataframe[0].value
    assert [*table["step"]] == [*STEPS]
    assert [*table["exact match"]][1:] == [30.0, 60.0]


def test_a_relative_without_a_past_says_who_has_one(shelf: Path) -> None:
    test = app(PAGE, checkpoint="lstm", text=TEXT)
    assert trouble(test) == []
    assert any("kept no snapshots" in each.value for each in test.info)
    test.button(key="past_bahdanau").click().run()
    assert trouble(test) == []
    assert any("Where it looks" in json.dumps(each) for each in sent(test))


def test_a_damaged_snapshot_is_left_out(shelf: Path) -> None:
    checkpoint.snapshot_file(shelf / "gru", 40).write_bytes(b"no weights")
    test = app(PAGE, checkpoint="gru", text=TEXT)
    assert any("gru" in each.value for each in test.warning)
    assert any("step 900" in json.dumps(each) for each in sent(test))


@pytest.mark.parametrize("kind", ["gru", "bahdanau"])
def test_a_click_chooses_a_moment_and_what_is_told(kind: str, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    origin = state.origin(shelf / kind)
    walk, opened = relatives.own(origin, TEXT, GREEDY), state.any_opened(origin)
    thens, _ = pasts.read(tuple(state.at(origin, step) for step in STEPS), TEXT, walk.written_ids, GREEDY)
    moments = Moments(moments=tuple(then.moment for then in thens), troubles=())
    session: Any = SimpleNamespace(walk=walk, checkpoint=opened, special=True, origin=origin, mode="light")
    past = pasts.Past(session=session, moments=moments, thens=thens, now=2, at=0)
    memory: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", memory)
    relative.curves(past).on_click([0, 1, 41])
    assert memory["tm_at"] == 2, "the snapshot nearest to the step"
    relative.clicked(past)([2, 0, 1])
    if kind == "gru":
        assert (memory["tm_row"], memory["tm_column"]) == (2, 1)
    else:
        assert (memory["tm_at"], memory["piece"], memory["source"]) == (3, 1, 2)
        assert relative.maps(past).table[1][0][0] == 0
