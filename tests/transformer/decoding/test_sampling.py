"""Truths about sampling, against plain Python: which pieces may be drawn, with which chances, and that a seed draws the same again."""

import itertools
import math
import random
from collections import Counter

import pytest
import torch
from torch import Tensor

from tests.transformer.decoding.test_decoding import SOURCES, VOCABULARY, every_source, random_model
from transformer.decoding.lean import lean
from transformer.decoding.reading import cached, source_rows, target_row
from transformer.decoding.sampling import Cuts, chances_of, fallen_on, lots, ranked, sample, sample_many
from transformer.decoding.search import beam, best, greedy
from transformer.decoding.ways import Search, found
from transformer.model import Transformer

CUTS = [
    Cuts(), Cuts(temperature=0.5), Cuts(top_k=3), Cuts(top_p=0.4), Cuts(temperature=2.0, top_k=5, top_p=0.7), Cuts(top_k=VOCABULARY + 9),
    Cuts(temperature=1.3, top_p=0.05),
]  # fmt: skip
every_cut = pytest.mark.parametrize("cuts", CUTS, ids=str)


@pytest.fixture(scope="module")
def model() -> Transformer:
    """An untrained one."""
    return random_model()


def plainly(log_probabilities: list[float], cuts: Cuts) -> dict[int, float]:
    """The pieces that may be drawn and their chances, with lists and loops, most probable first."""
    heated = [value / cuts.temperature for value in log_probabilities]
    order = sorted(range(len(heated)), key=lambda id: -heated[id])
    if cuts.top_k:
        order = order[: cuts.top_k]
    order = [id for id in order if heated[id] > -math.inf]
    weights = [math.exp(heated[id] - heated[order[0]]) for id in order]
    shares = [weight / sum(weights) for weight in weights]
    nucleus: list[int] = []
    reached = 0.0
    for id, share in zip(order, shares, strict=True):
        if cuts.top_p < 1 and reached >= cuts.top_p:
            break
        nucleus.append(id)
        reached += share
    return {id: share / reached for id, share in zip(nucleus, shares, strict=False)}


def opinions(seed: int) -> Tensor:
    """The log-probabilities of four rows."""
    return (2 * torch.randn(4, VOCABULARY, generator=torch.Generator().manual_seed(seed))).log_softmax(-1)


@every_cut
def test_what_may_be_drawn_and_its_chances_are_those_of_plain_python(cuts: Cuts) -> None:
    for seed in range(5):
        rows = opinions(seed)
        ids, chances = ranked(rows, cuts)
        by_id = chances_of(rows, cuts)
        for row in range(4):
            expected = plainly(rows[row].tolist(), cuts)
            left = int((chances[row] > 0).sum())
            assert ids[row, :left].tolist() == list(expected), "and the most probable first"
            assert chances[row, :left].tolist() == pytest.approx(list(expected.values()), abs=1e-6)
            assert {id: by_id[row, id] for id in expected} == pytest.approx(expected, abs=1e-6)
            assert float(by_id[row].sum()) == pytest.approx(1)


def test_the_nucleus_is_the_fewest_that_reach_p() -> None:
    rows = torch.tensor([[0.1, 0.5, 0.25, 0.15]]).log()
    for p, ids in ((0.3, [1]), (0.49, [1]), (0.6, [1, 2]), (0.8, [1, 2, 3]), (1.0, [0, 1, 2, 3])):
        assert chances_of(rows, Cuts(top_p=p))[0].nonzero().flatten().tolist() == ids


def test_a_number_falls_on_the_piece_whose_stretch_holds_it() -> None:
    chances = torch.tensor([[0.5, 0.25, 0.25, 0.0]]).double()
    for luck, place in ((0.0, 0), (0.49, 0), (0.5, 1), (0.74, 1), (0.75, 2), (0.999999, 2), (1.0, 2)):
        assert fallen_on(chances, torch.tensor([luck]).double()).tolist() == [place]


def test_the_numbers_of_a_seed_are_python_s_own_and_a_longer_row_begins_alike() -> None:
    dice = random.Random(5)
    assert lots(5, 3) == [dice.random(), dice.random(), dice.random()]
    assert lots(5, 9)[:3] == lots(5, 3)
    assert lots(6, 3) != lots(5, 3)


@every_cut
def test_each_piece_is_the_one_on_which_its_number_falls(model: Transformer, cuts: Cuts) -> None:
    for seed in range(4):
        drawn = best(sample(model, SOURCES[1], 7, cuts, seed)).ids
        for place, id in enumerate(drawn):
            logits = model(source_rows(model, [SOURCES[1]]), target_row(model, drawn[:place])).logits[0, -1].tolist()
            logits[0] = logits[1] = -math.inf
            pieces = plainly(logits, cuts)
            edges, luck = list(itertools.accumulate(pieces.values())), lots(seed, place + 1)[place]
            where = list(pieces).index(id)
            assert (edges[where - 1] if where else 0.0) - 1e-5 < luck < edges[where] + 1e-5


@every_cut
def test_the_chances_of_a_step_are_those_it_drew_by(model: Transformer, cuts: Cuts) -> None:
    step = next(sample(model, SOURCES[0], 1, cuts, seed=3))
    logits = model(source_rows(model, [SOURCES[0]]), target_row(model, [])).logits[0, -1].tolist()
    logits[0] = logits[1] = -math.inf
    expected = plainly(logits, cuts)
    assert {each.id: each.chance for each in step.candidates} == pytest.approx(
        {each.id: expected.get(each.id, 0.0) for each in step.candidates}, abs=1e-5
    )
    assert sum(each.kept for each in step.candidates) == 1


def test_pieces_are_drawn_as_often_as_their_chances_say(model: Transformer) -> None:
    draws, cuts = 2000, Cuts(temperature=0.7)
    drawn = Counter(each.ids[0] for each in sample_many(model, SOURCES[0], range(draws), 1, cuts))
    step = next(sample(model, SOURCES[0], 1, cuts))
    for each in step.candidates:
        assert drawn[each.id] / draws == pytest.approx(each.chance, abs=5 * math.sqrt(0.25 / draws))


@every_cut
@every_source
def test_many_at_once_are_drawn_like_each_alone(model: Transformer, source: list[int], cuts: Cuts) -> None:
    heard: list[int] = []
    many = sample_many(model, source, range(1, 14), 8, cuts, progress=heard.append)
    assert [each.seed for each in many] == list(range(1, 14))
    assert heard == sorted(heard)
    for each in many:
        alone = best(sample(model, source, 8, cuts, each.seed))
        assert each.ids == alone.ids
        assert each.log_probability == pytest.approx(alone.total, abs=1e-3)
        steps = list(sample(model, source, 8, cuts, each.seed))
        chances = [next(one.chance for one in step.candidates if one.kept) for step in steps]
        assert each.log_chance == pytest.approx(math.fsum(map(math.log, chances)), abs=1e-3)
    assert sample_many(model, source, []) == []


@every_source
def test_without_heat_sampling_is_greedy(model: Transformer, source: list[int]) -> None:
    for cuts in (Cuts(temperature=1e-6), Cuts(top_k=1), Cuts(top_p=1e-9)):
        assert best(sample(model, source, 9, cuts, 4)).ids == best(greedy(model, source, 9)).ids


@pytest.mark.parametrize(
    "settings", [{"temperature": 0}, {"top_k": -1}, {"top_p": 0}, {"top_p": 1.1}, {"temperature": math.nan}, {"temperature": math.inf}], ids=str,
)  # fmt: skip
def test_settings_that_mean_nothing_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="Sampling needs a temperature above 0"):
        Cuts(**settings)  # type: ignore[arg-type]


def test_a_search_is_what_it_says(model: Transformer) -> None:
    for begin in (lean, cached):
        assert found(model, SOURCES[0], Search(1), 9, begin) == best(greedy(model, SOURCES[0], 9)).ids
        assert found(model, SOURCES[0], Search(5), 9, begin) == best(beam(model, SOURCES[0], 9, 5)).ids
        cuts = Cuts(top_k=4)
        assert (
            found(model, SOURCES[0], Search(cuts=cuts, seed=8), 9, begin)
            == best(sample(model, SOURCES[0], 9, cuts, 8)).ids
        )
    assert Search(cuts=Cuts()).draws
    assert not Search(4).draws
