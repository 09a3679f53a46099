"""The player: every step is sent at once, each with what was read, the model's own distribution, and the place where the lot fell."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from figures.labels import label
from pages.output_and_search import output, player
from tests import apps
from tests.apps import app, sent, session_of, trouble
from transformer.decoding.sampling import Cuts, lots, ranked
from ui.frame import Session
from ui.session import state

PAGE = "pages/100_output_and_search.py"
SENTENCE = "I see the dog."
WAYS = {
    "greedy": {"search": "greedy"},
    "beam": {"width": "3"},
    "sample": {"search": "sample", "seed": "5", "top_k": "20"},
    "mine": {"target": "mine", "french": "Je vois le chien."},
}
page = partial(app, PAGE, text=SENTENCE, output="player")
pytestmark = pytest.mark.filterwarnings("default")  # streamlit warns about itself under AppTest


def steps(test: AppTest) -> dict[str, Any]:
    """What was sent to the browser for the player."""
    assert trouble(test) == []
    return next(each for each in sent(test) if each.get("name") == "player")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_there_is_a_step_for_each_piece_and_each_goes_on_from_the_one_before(
    folders: Path, way: dict[str, str]
) -> None:
    test = page(**way)
    shown, strip = steps(test), next(each for each in sent(test) if "source" in each)
    pieces = [chip["spoken"] for chip in strip["target"]]
    assert len(shown["steps"]) == len(pieces) - 1
    for place, step in enumerate(shown["steps"]):
        assert [chip["text"] for chip in step["chips"]] == pieces[: place + 2]
        lines = json.loads(step["figure"])["data"]
        assert any("▶" in text for text in lines[-1]["text"])
        assert (len(lines) == 5) is ("seed" in way), "a line for the lot where lots are drawn, and only there"
    assert shown["speed"]
    assert shown["tells"], "Python hears where the browser comes to rest"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_first_line_and_the_sum_are_about_the_piece_in_the_address(folders: Path, way: dict[str, str]) -> None:
    test = page(piece="2", **way)
    assert steps(test)["start"] == 1
    chips = [chip["text"] for chip in steps(test)["steps"][1]["chips"]]
    assert f"Having read <b>{chips[-2]}</b>" in apps.seen(test).replace("&#x27;", "'")
    assert "Place <b>2</b>" in apps.said(test)
    assert ("the lot" in apps.said(test)) is ("seed" in way)


def undecided(logits: np.ndarray, id: int, cuts: Cuts) -> bool:
    """Whether rounding decides where a piece stands in the order, or how many are likeliest: step by step and at once differ by 1e-6."""
    _, chances = ranked(torch.from_numpy(logits)[None], replace(cuts, top_p=1.0))
    beside = np.abs(np.delete(logits, id) - logits[id]).min() < 1e-4
    return bool(beside or (chances.cumsum(-1) - cuts.top_p).abs().min() < 1e-4)


@pytest.mark.parametrize(
    "cuts",
    [Cuts(), Cuts(top_k=4), Cuts(temperature=1.7, top_p=0.6), Cuts(temperature=0.5, top_k=9, top_p=0.9)],
    ids=str,
)
def test_the_lot_falls_on_what_was_written(folders: Path, cuts: Cuts) -> None:
    origin = next(iter(state.usable().values()))
    checkpoint = state.opened(origin)
    for seed in range(1, 6):
        search = state.Search(cuts=cuts, seed=seed)
        session: Session = session_of(checkpoint, origin=origin)
        session.walk, session.search = state.own_walk(origin, SENTENCE, search), search  # type: ignore[misc]
        numbers = lots(seed, len(session.walk.written))
        for place, id in enumerate(session.walk.written_ids):
            found = output.next_piece(session, place, cuts)
            logits = session.walk.trace.logits[0, place].double().numpy()
            np.testing.assert_allclose(
                output.next_piece(session, place, Cuts()).probabilities,
                np.exp(logits[list(found.ids)] - logits.max()) / np.exp(logits - logits.max()).sum(), rtol=1e-6,
            )  # fmt: skip
            if undecided(logits, id, cuts):
                continue
            line = player.lot(session, found, found.ids.index(id), search)
            assert line.number == numbers[place]
            [taken] = [each for each in line.stretches if each.taken]
            assert taken.first - 1e-5 <= line.number < taken.last + 1e-5
            assert taken.label == label(checkpoint.tokenizer.piece(id).piece)
            ends = [(each.first, each.last) for each in line.stretches]
            assert ends[0][0] == 0
            assert ends[-1][1] == pytest.approx(1)
            assert [first for first, _ in ends[1:]] == pytest.approx([last for _, last in ends[:-1]]), "without a gap"
            widths = {each.label: each.last - each.first for each in line.stretches}
            assert taken.last - taken.first == pytest.approx(float(found.chances[found.ids.index(id)]), abs=1e-9)
            assert widths


@pytest.mark.parametrize(
    "asked", [{"piece": "99"}, {"piece": "x"}, {"text": "😀"}, {"text": "<b>hi</b>"}, {"special": "false"}], ids=str
)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_awkward_questions(folders: Path, way: dict[str, str], asked: dict[str, str]) -> None:
    test = app(PAGE, **({"text": SENTENCE, "output": "player"} | way | asked))
    assert steps(test)["steps"]
    assert "<b>hi</b> <" not in apps.said(test)
