"""What a head is said to do: measures recomputed cell by cell, roles only above their thresholds, rollout against its definition."""

import math

import numpy as np
import pytest

from tests.figures.samples import softmax
from transformer.analysis import head_roles
from transformer.analysis.head_roles import EVEN, SHARE, chance, delimiters, measure, role, rollout

NONE = np.zeros(6, dtype=bool)
FULL = np.ones((6, 6), dtype=bool)
CAUSAL = np.tril(FULL)


def masked(mask: np.ndarray) -> np.ndarray:
    """Weights that look only where they may."""
    weights = softmax(*mask.shape) * mask
    return weights / weights.sum(1, keepdims=True)


@pytest.mark.parametrize("mask", [FULL, CAUSAL], ids=["full", "causal"])
def test_measures_of_one_sentence_are_what_their_names_say(mask: np.ndarray) -> None:
    weights, last = masked(mask), np.array([False] * 5 + [True])
    found = measure(weights, mask, last, crossing=False)
    assert found.previous == pytest.approx(np.mean([weights[q, q - 1] for q in range(1, 6)]))
    assert found.same == pytest.approx(np.mean([weights[q, q] for q in range(6)]))
    if mask is FULL:
        assert found.next == pytest.approx(np.mean([weights[q, q + 1] for q in range(5)]))
    else:
        assert found.next is None
    assert found.diagonal is None
    assert found.delimiters == pytest.approx(weights[:, 5].mean())
    bits = [-sum(w * math.log2(w) for w in row if w) for row in weights]
    assert found.entropy == pytest.approx(np.mean(bits))
    shares = [bit / math.log2(mask[q].sum()) for q, bit in enumerate(bits) if mask[q].sum() > 1]
    assert found.evenness == pytest.approx(np.mean(shares))
    assert found.distance == pytest.approx(
        np.mean([sum(weights[q, k] * abs(k - q) for k in range(6)) for q in range(6)])
    )


def test_the_diagonal_of_two_sentences_runs_from_the_first_pair_to_the_last() -> None:
    weights = softmax(4, 7)  # the diagonal passes keys 0, 2, 4, 6
    found = measure(weights, np.ones((4, 7), dtype=bool), np.zeros(7, dtype=bool), crossing=True)
    near = [[0, 1], [1, 2, 3], [3, 4, 5], [5, 6]]
    assert found.diagonal == pytest.approx(np.mean([weights[q, keys].sum() for q, keys in enumerate(near)]))
    assert found.previous is found.same is found.next is None


@pytest.mark.parametrize(("name", "shift"), [("previous", -1), ("same", 0), ("next", 1)])
def test_a_head_that_does_one_thing_only_is_called_so(name: str, shift: int) -> None:
    weights = np.eye(6)[np.clip(np.arange(6) + shift, 0, 5)]
    assert role(measure(weights, FULL, NONE, crossing=False), chance(FULL, NONE, crossing=False)) == name


def test_heads_that_watch_the_delimiters_the_diagonal_or_everything_are_called_so() -> None:
    ends = np.array([False] * 4 + [True] * 2)
    expected = chance(FULL, ends, crossing=False)
    assert role(measure(np.tile(ends / 2, (6, 1)), FULL, ends, crossing=False), expected) == "delimiters"
    assert role(measure(FULL / 6, FULL, ends, crossing=False), expected) == "even"
    crossing = np.ones((4, 12), dtype=bool)
    weights, none = np.eye(12)[[0, 4, 7, 11]], np.zeros(12, dtype=bool)
    assert role(measure(weights, crossing, none, crossing=True), chance(crossing, none, crossing=True)) == "diagonal"


@pytest.mark.parametrize("share", [SHARE - 0.01, SHARE + 0.01])
def test_a_role_is_named_only_above_half_of_the_weight(share: float) -> None:
    weights = np.full((6, 6), (1 - share) / 5)
    np.fill_diagonal(weights, share)
    found = measure(weights, FULL, NONE, crossing=False)
    assert found.evenness < EVEN
    assert role(found, chance(FULL, NONE, crossing=False)) == ("same" if share > SHARE else "")


def test_a_short_sentence_makes_no_role_out_of_chance() -> None:
    """Of two pieces half of the weight is on the piece itself anyway."""
    mask = np.ones((2, 2), dtype=bool)
    weights = np.array([[0.7, 0.3], [0.3, 0.7]])
    nothing = np.zeros(2, dtype=bool)
    assert role(measure(weights, mask, nothing, crossing=False), chance(mask, nothing, crossing=False)) == ""


def test_one_piece_alone_has_measures_and_no_role() -> None:
    alone = np.ones((1, 1), dtype=bool)
    found = measure(alone.astype(float), alone, alone[0], crossing=False)
    assert (found.previous, found.same, found.next, found.evenness) == (None, 1.0, None, None)
    assert role(found, chance(alone, alone[0], crossing=False)) == ""


def test_chance_is_what_equal_weights_give() -> None:
    expected = chance(CAUSAL, NONE, crossing=False)
    assert expected.same == pytest.approx(np.mean([1 / (q + 1) for q in range(6)]))
    assert expected.evenness == pytest.approx(1)


def test_each_measure_is_the_mean_of_its_queries() -> None:
    weights, ends = masked(CAUSAL), np.array([True] + [False] * 5)
    found = measure(weights, CAUSAL, ends, crossing=False)
    for name in ("previous", "same", "delimiters", "entropy", "evenness", "distance"):
        each = head_roles.by_query(name, weights, CAUSAL, ends, crossing=False)
        assert getattr(found, name) == pytest.approx(np.nanmean(each)), name


@pytest.mark.parametrize(("pieces", "found"), [
    (["<s>", "▁Un", "▁chat", "."], [True, False, False, True]),
    (["▁Oh", ",", "▁no", "▁!", "</s>"], [False, False, False, True, True]),
    (["▁", "</s>"], [False, True]),
    (["<0xF0>", "</s>"], [False, True]),
    (["</s>"], [True]),
])  # fmt: skip
def test_delimiters_are_special_tokens_and_the_punctuation_at_the_end(pieces: list[str], found: list[bool]) -> None:
    assert delimiters(pieces).tolist() == found


def test_rollout_multiplies_half_attention_and_half_identity_from_the_first_layer_up() -> None:
    layers = [softmax(5, 6, 6) for _ in range(3)]
    layers[1] = layers[1][:, ::-1]
    rolled = rollout(layers)
    by_hand = np.eye(6)
    for layer, found in zip(layers, rolled, strict=True):
        by_hand = (0.5 * sum(layer) / len(layer) + 0.5 * np.eye(6)) @ by_hand
        np.testing.assert_allclose(found, by_hand, atol=1e-12)
        np.testing.assert_allclose(found.sum(1), 1, atol=1e-12)


def test_rollout_under_a_causal_mask_sees_nothing_later() -> None:
    rolled = rollout([masked(CAUSAL)[None]] * 3)
    assert np.triu(rolled[-1], 1).max() == 0
