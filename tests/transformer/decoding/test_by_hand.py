"""Truths about a search in which somebody else chooses."""

import pytest

from tests.transformer.decoding.test_decoding import SOURCES, every_source, random_model
from transformer.decoding.hypotheses import penalty_of_length
from transformer.decoding.reading import source_rows, target_row, without_specials
from transformer.decoding.search import LENGTH_PENALTY, Step, beam, best, by_hand
from transformer.model import Transformer


@pytest.fixture(scope="module")
def model() -> Transformer:
    """An untrained one."""
    return random_model()


def to_the_end(model: Transformer, source: list[int], width: int, offered: int, limit: int) -> list[Step]:
    """Always keep the best, step by step, as a patient person would."""
    picks: list[tuple[int, ...]] = []
    while len(picks) < len(steps := list(by_hand(model, source, picks, offered, limit))):
        finished = len(steps[-2].finished) if picks else 0
        picks.append(tuple(range(min(width - finished, len(steps[-1].candidates)))))
    return steps


@every_source
@pytest.mark.parametrize("width", [1, 2, 5])
def test_who_always_keeps_the_best_gets_what_the_beam_finds(model: Transformer, source: list[int], width: int) -> None:
    for offered in (width, width + 3):
        steps = to_the_end(model, source, width, offered, 8)
        assert best(steps).ids == best(beam(model, source, 8, width)).ids
        assert best(steps).score == pytest.approx(best(beam(model, source, 8, width)).score, abs=1e-5)


def test_the_last_step_waits_with_the_best_that_there_are(model: Transformer) -> None:
    source, picks = SOURCES[1], ((0, 2), (1, 3))
    steps = list(by_hand(model, source, picks, 6, 8))
    assert len(steps) == 3
    assert steps[-1].kept == ()
    for number, places in enumerate(picks):
        kept = [place for place, each in enumerate(steps[number].candidates) if each.kept]
        assert kept == list(places)
    totals: list[tuple[float, int, int]] = []
    for row, hypothesis in enumerate(steps[1].kept):
        logits = model(source_rows(model, [source]), target_row(model, hypothesis.ids)).logits[0, -1:]
        shares = without_specials(logits.log_softmax(-1), model.config)[0].tolist()
        totals += [(hypothesis.total + share, row, id) for id, share in enumerate(shares)]
    expected = sorted(totals, reverse=True)[:6]
    assert [(each.hypothesis, each.id) for each in steps[-1].candidates] == [(row, id) for _, row, id in expected]
    scores = [total / penalty_of_length(3, LENGTH_PENALTY) for total, _, _ in expected]
    assert [each.score for each in steps[-1].candidates] == pytest.approx(scores, abs=1e-4)


def test_nothing_chosen_yet_is_one_step(model: Transformer) -> None:
    [step] = by_hand(model, SOURCES[0], (), 4)
    assert len(step.candidates) == 4
    assert not any(each.kept for each in step.candidates)
