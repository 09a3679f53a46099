"""How far apart two models are on one sentence, in where they look and in what they write, and whether their heads are kin.

And how far apart two sentences are in one model, piece beside piece.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
import torch
from numpy.typing import NDArray

from transformer.attention import MultiHeadAttention
from transformer.model import Transformer

Numbers = NDArray[np.float32]
Pairing = tuple[tuple[int | None, int | None], ...]  # places in two sentences that stand beside each other


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


def paired(one: Sequence[str], other: Sequence[str]) -> Pairing:
    """The places of two sentences, given as pieces, beside each other: the same pieces in the same order are partners.

    A piece without a partner stands alone, beside `None`; where one sentence has other pieces than the other, its own come first.
    """
    found: list[tuple[int | None, int | None]] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            found += zip(range(a, b), range(c, d), strict=True)
        else:
            found += [(place, None) for place in range(a, b)] + [(None, place) for place in range(c, d)]
    return tuple(found)


def beside(weights: Numbers, rows: Pairing, columns: Pairing, side: int) -> Numbers:
    """The map of one sentence (query, key), `side` 0 or 1, with a row and a column for each pair; NaN where it has no such piece."""
    found: Numbers = np.full((len(rows), len(columns)), np.nan, dtype=np.float32)
    mine = [[(at, pair[side]) for at, pair in enumerate(each) if pair[side] is not None] for each in (rows, columns)]
    (down, queries), (across, keys) = (zip(*each, strict=True) for each in mine)
    found[np.ix_(down, across)] = weights[np.ix_(queries, keys)]
    return found


def elsewhere(first: Numbers, second: Numbers) -> Numbers:
    """The share of each row that lies elsewhere (row), of two maps as `beside` makes them; NaN for a row that only one of them has.

    What lies on a piece that the other sentence does not have lies elsewhere, too.
    """
    alone = np.isnan(first).all(1) | np.isnan(second).all(1)
    return np.where(alone, np.float32(np.nan), total_variation(np.nan_to_num(first), np.nan_to_num(second)))


def drift(one: Numbers, other: Numbers) -> Numbers:
    """How far apart vectors are (..., d_model), as a share of their mean length: 0 for the same, 2 for opposite ones."""
    lengths = (np.linalg.norm(one, axis=-1) + np.linalg.norm(other, axis=-1)) / 2
    far: Numbers = np.linalg.norm(other - one, axis=-1) / np.maximum(lengths, 1e-12)
    return far


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
