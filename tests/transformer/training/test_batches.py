"""Every example is in exactly one batch, padded and shifted as the model expects, within the budget."""

from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from transformer.config import Config
from transformer.corpora import Pair
from transformer.tokenizer import SPECIAL, Tokenizer
from transformer.training.batches import (
    END_ID,
    PADDING_ID,
    START_ID,
    Example,
    Variation,
    encode_pairs,
    make_batches,
    pad,
    to_batch,
)

SIDE = st.lists(st.integers(4, 97), min_size=1, max_size=13)
EXAMPLES = st.lists(st.tuples(SIDE, SIDE), max_size=53)
PLAIN = Variation()


def counted(examples: list[Example]) -> Counter:
    """How often each example occurs."""
    return Counter((tuple(source), tuple(target)) for source, target in examples)


def test_the_ids_here_are_those_of_the_config_and_the_tokenizer(config: Config, tokenizer: Tokenizer) -> None:
    assert (config.padding_id, config.start_id, config.end_id) == (PADDING_ID, START_ID, END_ID)
    assert [tokenizer.piece(id).piece for id in (PADDING_ID, START_ID, END_ID)] == list(SPECIAL)


@given(examples=EXAMPLES, tokens=st.integers(1, 101), seed=st.integers(0, 7))
def test_every_example_is_in_exactly_one_batch(examples: list[Example], tokens: int, seed: int) -> None:
    batches = make_batches(examples, tokens, seed)
    assert counted([example for batch in batches for example in batch]) == counted(examples)
    assert all(batches)


@given(examples=EXAMPLES, tokens=st.integers(1, 101), seed=st.integers(0, 7))
def test_no_batch_is_larger_than_the_budget_unless_it_is_one_example(
    examples: list[Example], tokens: int, seed: int
) -> None:
    for batch in map(to_batch, make_batches(examples, tokens, seed)):
        assert max(batch.source.numel(), batch.target.numel()) <= tokens or len(batch.source) == 1


def test_the_budget_is_used(tokenizer: Tokenizer, pairs: tuple[Pair, ...]) -> None:
    """Sentences of one length go together: of what a batch could hold, most is real pieces."""
    examples = encode_pairs(pairs, tokenizer, PLAIN, 1, 100)
    batches = [to_batch(batch) for batch in make_batches(examples, 997, seed=1)]
    real = sum(batch.tokens for batch in batches)
    assert real / sum(batch.source.numel() + batch.target.numel() for batch in batches) > 0.8
    assert len(batches) < 1.5 * real / (2 * 997) + 1


@given(examples=EXAMPLES.filter(bool))
def test_a_batch_is_padded_on_the_right_and_shifted_by_one(examples: list[Example]) -> None:
    batch = to_batch(examples)
    assert (batch.target[:, 0] == START_ID).all()
    for row, (source, target) in enumerate(examples):
        assert batch.source[row].tolist() == [*source, END_ID, *[PADDING_ID] * (batch.source.size(1) - len(source) - 1)]
        assert batch.target[row, : len(target) + 1].tolist() == [START_ID, *target]
        assert batch.expected[row, : len(target) + 1].tolist() == [*target, END_ID]
        assert not batch.target[row, len(target) + 1 :].any()
        assert not batch.expected[row, len(target) + 1 :].any()
        assert torch.equal(batch.expected[row, : len(target)], batch.target[row, 1 : len(target) + 1])
    assert batch.tokens == int((batch.source != PADDING_ID).sum() + (batch.expected != PADDING_ID).sum())


@given(
    examples=st.lists(st.tuples(SIDE, st.lists(st.integers(4, 97), min_size=7, max_size=7)), min_size=1, max_size=11)
)
def test_targets_of_one_length_are_what_is_expected_one_step_late(examples: list[Example]) -> None:
    batch = to_batch(examples)
    assert torch.equal(batch.expected[:, :-1], batch.target[:, 1:])
    assert (batch.expected[:, -1] == END_ID).all()


def test_rows_are_filled_up_on_the_right() -> None:
    assert pad([[5, 6, 7], [8], []]).tolist() == [[5, 6, 7], [8, 0, 0], [0, 0, 0]]


def test_the_same_seed_gives_the_same_batches_and_another_does_not(
    tokenizer: Tokenizer, pairs: tuple[Pair, ...]
) -> None:
    examples = encode_pairs(pairs, tokenizer, PLAIN, 1, 100)
    assert make_batches(examples, 499, seed=1) == make_batches(examples, 499, seed=1)
    assert make_batches(examples, 499, seed=1) != make_batches(examples, 499, seed=2)


def test_batches_come_in_no_order_of_length(tokenizer: Tokenizer, pairs: tuple[Pair, ...]) -> None:
    examples = encode_pairs(pairs, tokenizer, PLAIN, 1, 100)
    lengths = [len(batch[0][1]) for batch in make_batches(examples, 199, seed=1)]
    assert lengths != sorted(lengths)
    assert lengths != sorted(lengths, reverse=True)


def test_pairs_too_long_or_empty_on_one_side_are_left_out(tokenizer: Tokenizer) -> None:
    word = len(tokenizer.encode("dog"))
    long_enough = " ".join(["dog"] * 7)
    assert len(tokenizer.encode(long_enough)) == 7 * word
    pairs = [
        Pair("dog", long_enough),
        Pair(long_enough, "dog"),
        Pair("dog", "dog"),
        Pair("", "dog"),
        Pair("dog", "\x00"),
    ]
    assert len(encode_pairs(pairs, tokenizer, PLAIN, 1, longest=7 * word)) == 3
    assert len(encode_pairs(pairs, tokenizer, PLAIN, 1, longest=7 * word - 1)) == 1


def test_without_variation_every_epoch_has_the_same_ids(tokenizer: Tokenizer, pairs: tuple[Pair, ...]) -> None:
    plain = [(tokenizer.encode(pair.source), tokenizer.encode(pair.target)) for pair in pairs]
    assert encode_pairs(pairs, tokenizer, PLAIN, 1, 100) == encode_pairs(pairs, tokenizer, PLAIN, 2, 100) == plain


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_sampled_pieces_change_the_cut_and_never_the_text(
    tokenizer: Tokenizer, pairs: tuple[Pair, ...], share: float
) -> None:
    varied = Variation(sampled_pieces=share)
    examples = encode_pairs(pairs, tokenizer, varied, 1, 100)
    assert examples == encode_pairs(pairs, tokenizer, varied, 1, 100)
    assert examples != encode_pairs(pairs, tokenizer, varied, 2, 100)
    changed = 0
    for (source, target), pair in zip(examples, pairs, strict=True):
        assert (tokenizer.decode(source), tokenizer.decode(target)) == (pair.source, pair.target)
        changed += source != tokenizer.encode(pair.source)
    assert 0 < changed < 1.4 * share * len(pairs)


def test_swapped_names_are_drawn_anew_each_epoch(tokenizer: Tokenizer) -> None:
    pairs = [Pair(f"Tom saw {number} dogs.", f"Tom a vu {number} chiens.") for number in range(53)]
    varied = Variation(swapped_names=0.5)
    one, two = (encode_pairs(pairs, tokenizer, varied, seed, 100) for seed in (1, 2))
    assert one != two
    swapped = sum(source != tokenizer.encode(pair.source) for (source, _), pair in zip(one, pairs, strict=True))
    assert 13 < swapped < 40
