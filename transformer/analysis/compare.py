"""How far apart two models are on one sentence: in where they look, and in what they write; and whether their heads are kin."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
import torch
from numpy.typing import NDArray

from transformer.attention import MultiHeadAttention
from transformer.model import Transformer

Numbers = NDArray[np.float32]


def total_variation(weights: Numbers, others: Numbers) -> Numbers:
    """How much of each row lies elsewhere (query), from 0 to 1; `weights` and `others` (query, key) have rows that sum to 1."""
    apart: Numbers = np.abs(others - weights).sum(1) / 2
    return apart


def unmatched(one: Sequence[str], other: Sequence[str]) -> tuple[frozenset[int], frozenset[int]]:
    """The places in each of two texts, given as pieces, whose words have no partner in the other, in the order of the texts.

    Words, because two tokenizers may cut the same word differently.
    """
    mine, others = in_words(one), in_words(other)
    texts = [
        ["".join(pieces[place] for place in word) for word in words] for pieces, words in ((one, mine), (other, others))
    ]
    blocks = SequenceMatcher(None, texts[0], texts[1], autojunk=False).get_matching_blocks()
    pairs = [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]
    return without(mine, {number for number, _ in pairs}), without(others, {number for _, number in pairs})


def without(words: Sequence[Sequence[int]], matched: set[int]) -> frozenset[int]:
    """The places of the words that are not `matched`."""
    return frozenset(place for number, word in enumerate(words) if number not in matched for place in word)


def in_words(pieces: Sequence[str]) -> list[list[int]]:
    """The places of the pieces by word: a word begins with `▁`, a special piece is one."""
    words: list[list[int]] = []
    for place, piece in enumerate(pieces):
        if not words or piece.startswith(("▁", "<")):
            words.append([])
        words[-1].append(place)
    return words


def kinship(model: Transformer, other: Transformer) -> float:
    """The correlation of the two models' attention weights, from -1 to 1; 0 if the models have other sizes.

    Trained from different beginnings it is about 0, and a head of one is no head of the other. From the same beginning it stays far
    above 0, however long they train.
    """
    weights, others = attention_weights(model), attention_weights(other)
    if [each.shape for each in weights] != [each.shape for each in others] or model.config.heads != other.config.heads:
        return 0.0
    both = torch.stack([torch.cat([each.flatten() for each in side]) for side in (weights, others)])
    return float(torch.corrcoef(both.double())[0, 1].nan_to_num())


def attention_weights(model: Transformer) -> list[torch.Tensor]:
    """`W_Q`, `W_K`, `W_V` and `W_O` of each attention, in the order of the model's layers."""
    found = [module for module in model.modules() if isinstance(module, MultiHeadAttention)]
    return [each.weight.detach() for part in found for each in (part.W_Q, part.W_K, part.W_V, part.W_O)]
