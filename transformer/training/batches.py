"""Pairs to batches of ids: section 5.1 of arXiv 1706.03762, sentences of about one length together, by a budget of tokens."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from transformer.corpora import Pair
from transformer.tokenizer import Tokenizer, seed_sampling
from transformer.training.varied.as_typed import other_case, other_signs
from transformer.training.varied.names import swap_names

Example = tuple[list[int], list[int]]  # ids of a source and its target, without start and end
START_ID, END_ID, PADDING_ID = 1, 2, 0


@dataclass(frozen=True, slots=True)
class Batch:
    """What one training step reads. `expected[:, t]` is what the model must say after reading `target[:, :t + 1]`."""

    source: Tensor  # batch source_position
    target: Tensor  # batch target_position; begins with the start id
    expected: Tensor  # batch target_position; ends with the end id; the target one step ahead
    tokens: int  # pieces of source and expected, padding not counted

    @property
    def tensors(self) -> tuple[Tensor, Tensor, Tensor]:
        """What the loss of a batch is computed from."""
        return self.source, self.target, self.expected


@dataclass(frozen=True, kw_only=True)
class Variation:
    """How a sentence differs from one epoch to the next. Shares between 0 and 1."""

    swapped_names: float = 0.0  # share of pairs whose names are swapped
    other_case: float = 0.0  # share of sources in capitals, in small letters or as a title
    other_signs: float = 0.0  # share of pairs with a currency, brackets or another sign on both sides
    sampled_pieces: float = 0.0  # share of sentences cut into random pieces (subword regularisation, arXiv 1804.10959)


def encode_pairs(
    pairs: Sequence[Pair], tokenizer: Tokenizer, variation: Variation, seed: int, longest: int
) -> list[Example]:
    """The ids of every pair of which neither side is longer than `longest` pieces, varied as `variation` says."""
    chance = random.Random(seed)
    seed_sampling(seed)
    examples = []
    for pair in pairs:
        pair = vary(pair, variation, chance)
        sides = (_encode(side, tokenizer, variation, chance) for side in (pair.source, pair.target))
        source, target = sides
        if 0 < len(source) <= longest and 0 < len(target) <= longest:
            examples.append((source, target))
    return examples


def vary(pair: Pair, variation: Variation, chance: random.Random) -> Pair:
    """The pair as this epoch shows it. A share of 0 draws nothing, so that recipes without it stay what they were."""
    if chance.random() < variation.swapped_names:
        pair = swap_names(pair, chance)
    if variation.other_signs and chance.random() < variation.other_signs:
        pair = other_signs(pair, chance)
    if variation.other_case and chance.random() < variation.other_case:
        pair = other_case(pair, chance)
    return pair


def _encode(text: str, tokenizer: Tokenizer, variation: Variation, chance: random.Random) -> list[int]:
    sampled = chance.random() < variation.sampled_pieces
    return tokenizer.sample(text) if sampled else tokenizer.encode(text)


def make_batches(examples: Sequence[Example], tokens: int, seed: int) -> list[list[Example]]:
    """All `examples` in batches of one length or nearly, each of at most about `tokens` ids a side, in random order."""
    chance = random.Random(seed)
    shuffled = chance.sample(examples, len(examples))  # ties in length fall differently every epoch
    batches: list[list[Example]] = [[]]
    longest = 0
    for example in sorted(shuffled, key=lambda example: (len(example[1]), len(example[0]))):
        longest = max(longest, *map(len, example))
        if (len(batches[-1]) + 1) * (longest + 1) > tokens and batches[-1]:
            batches.append([])
            longest = max(map(len, example))
        batches[-1].append(example)
    chance.shuffle(batches)
    return [batch for batch in batches if batch]


def to_batch(examples: Sequence[Example]) -> Batch:
    """Pad on the right, shift the target by one: the decoder reads `start a b`, and has to say `a b end`."""
    source = pad([[*source, END_ID] for source, _ in examples])
    target = pad([[START_ID, *target] for _, target in examples])
    expected = pad([[*target, END_ID] for _, target in examples])
    return Batch(source, target, expected, sum(len(source) + len(target) + 2 for source, target in examples))


def pad(rows: Sequence[Sequence[int]]) -> Tensor:
    """Rows of ids as one tensor `(batch, longest row)`, filled up with the padding id."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[PADDING_ID] * (longest - len(row))] for row in rows])
