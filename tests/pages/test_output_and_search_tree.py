"""The tree of beam search says what the search did: who was kept, who was pruned, who finished, and with what score."""

from pathlib import Path

import numpy as np
import pytest

from figures.writing import tree as picture
from pages.output_and_search import beam as beam_view
from pages.output_and_search.beam import Tree, grown
from tests.small_models import small_checkpoint, untrained
from transformer.decoding.search import Step, beam, best
from transformer.tokenizer import Tokenizer

SENTENCE = "I see the dog."


def searched(tokenizer: Tokenizer, seed: int, width: int, alpha: float) -> tuple[Step, ...]:
    """Beam search with an untrained model whose end piece is not too rare."""
    sizes = {"d_model": 14, "heads": 7, "decoder_layers": 2, "d_ff": 11, "max_positions": 53}
    model = untrained(tokenizer, seed, **sizes).requires_grad_(False)
    model.matrix[2] *= 4.0
    return tuple(beam(model, tokenizer.encode(SENTENCE), 14, width, alpha))


@pytest.fixture(scope="module", params=[(1, 4, 0.6), (2, 2, 0.0), (3, 6, 1.3), (4, 3, 0.6), (5, 1, 0.6)], ids=str)
def found(request: pytest.FixtureRequest, tokenizer: Tokenizer) -> Tree:
    """Trees of several searches."""
    seed, width, alpha = request.param
    return grown(searched(tokenizer, seed, width, alpha), width, alpha, str)


def test_kept_pruned_and_finished_are_those_of_the_search(found: Tree) -> None:
    for number, step in enumerate(found.steps, 1):
        nodes = [node for node in found.nodes if node.step == number]
        assert [node.fate != "pruned" for node in nodes] == [each.kept for each in step.candidates]
        assert [node.ids for node in nodes if node.fate == "kept"] == [each.ids for each in step.kept]
        before = found.steps[number - 2].finished if number > 1 else ()
        assert [node.ids for node in nodes if node.fate == "finished"] == [
            each.ids for each in step.finished[len(before) :]
        ]
        assert sum(node.fate != "pruned" for node in nodes) <= found.width


def test_numbers_add_up_along_every_path(found: Tree) -> None:
    for place, node in found.at.items():
        path = found.path(place)
        assert [each.step for each in path] == list(range(1, node.step + 1))
        total = np.sum([each.log_probability for each in path])
        assert node.total == pytest.approx(total, abs=1e-4)
        assert node.score == pytest.approx(total / ((5 + node.step) / 6) ** found.alpha, abs=1e-4)
        assert [each.label for each in path] == [str(id) for id in node.ids]


def test_the_best_score_of_a_step_is_on_top_and_nothing_kept_is_left_out(found: Tree) -> None:
    for number in range(1, found.last + 1):
        scores = [node.score for node in found.nodes if node.step == number]
        assert scores == sorted(scores, reverse=True)
    kept = {node.ids for node in found.nodes if node.fate != "pruned" and node.step <= found.last}
    assert kept <= {node.ids for node in found.drawn()}
    assert max(node.rank for node in found.drawn()) < found.rows


def test_the_winner_is_the_search_s_best(found: Tree) -> None:
    path = found.winner()
    assert path[-1].ids == best(found.steps).ids
    assert path[-1].score == pytest.approx(best(found.steps).score)
    assert {(node.step, node.rank) for node in path} <= found.alive(len(found.steps))


def test_alive_is_what_some_hypothesis_still_goes_through(found: Tree) -> None:
    for number, step in enumerate(found.steps, 1):
        prefixes = {
            each.ids[:length] for each in (*step.kept, *step.finished) for length in range(1, len(each.ids) + 1)
        }
        assert {found.at[place].ids for place in found.alive(number)} == prefixes


def test_every_window_holds_its_step_and_the_last_holds_all(found: Tree) -> None:
    windows = beam_view.windows(found)
    assert len(windows) == found.last + 1
    assert windows[-1] == (0, found.last)
    for step, (first, last) in enumerate(windows[:-1], 1):
        assert first < step <= last
        assert last - first == windows[0][1] - windows[0][0], "nothing jumps while the tree grows"


def test_the_picture_tells_fates_without_colour(found: Tree) -> None:
    figure = picture.tree(
        found.drawn(), window=(0, found.last), rows=found.rows, alive=found.alive(found.last), names=("step", "rank"),
        title="t",
    ).to_dict()  # fmt: skip
    texts = next(trace["text"] for trace in figure["data"] if "<br>" in "".join(trace.get("text", ())))
    for node, text in zip(found.drawn(), texts, strict=True):
        assert ("✕" in text) == (node.fate == "pruned")
        assert ("⚑" in text) == (node.fate == "finished")
        assert f"{node.score:.2f}".replace("-", "−") in text
    told = figure["data"][-1]["customdata"]
    assert told == [[node.step, node.rank, node.score, node.log_probability] for node in found.drawn()]
    dashed = [trace for trace in figure["data"] if trace.get("line", {}).get("dash") == "dash"]
    assert sum(x is None for trace in dashed for x in trace["x"]) == sum(n.fate == "pruned" for n in found.drawn())


def test_a_line_leads_from_each_box_to_the_one_it_goes_on_with(found: Tree) -> None:
    figure = picture.tree(
        found.drawn(), window=(0, found.last), rows=found.rows, alive=(), names=("step", "rank"), title=""
    ).to_dict()
    lines = [trace for trace in figure["data"] if trace.get("mode") == "lines"]
    drawn = {
        (round(trace["x"][at + 1] + picture.HALF), trace["y"][at], trace["y"][at + 1])
        for trace in lines for at in range(0, len(trace["x"]), 3)
    }  # fmt: skip
    assert drawn == {(node.step, node.parent or 0, node.rank) for node in found.drawn()}


def test_a_search_is_remembered_by_all_it_depends_on(tokenizer: Tokenizer, tmp_path: Path) -> None:
    from ui.session import state

    small_checkpoint(tmp_path / "m", tokenizer, decoder_layers=1)
    origin = state.origin(tmp_path / "m")
    one, two = (beam_view.searched(origin, SENTENCE, width, 0.6) for width in (2, 3))
    assert len(one[0].candidates) == 2
    assert len(two[0].candidates) == 3
    assert beam_view.searched(origin, SENTENCE, 2, 0.6) is one
