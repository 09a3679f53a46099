"""Sentences as words: what the systems that read English words cut them by, and how words become ids.

Small letters, typographic signs made plain. `didn't` and `it's` stay one word, so does `o'clock`; numbers are words, and so is each
sign (`.`, `?`, ...) for those who want them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor

from systems.system import PADDING, UNKNOWN
from transformer.text import clean

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[^\w\s]|_")
LETTERS = re.compile(r"\w")


def words(sentence: str) -> list[str]:
    """The words of a sentence in small letters, without the signs."""
    return [word for word in words_and_signs(sentence) if LETTERS.match(word)]


def words_and_signs(sentence: str) -> list[str]:
    """The words of a sentence in small letters; each sign is one, too."""
    return WORD.findall(clean(sentence).lower())


def most_frequent(sentences: Iterable[Sequence[str]], count: int, first: Sequence[str] = ()) -> tuple[str, ...]:
    """The `count` most frequent words of `sentences`, those that come earlier in the alphabet before others as frequent.

    Before them stand padding, the unknown word, and what else is `first`; all together are `count`.
    """
    counts = Counter(word for sentence in sentences for word in sentence)
    special = (PADDING, UNKNOWN, *first)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return (*special, *ranked[: count - len(special)])


def ids(sentence: Sequence[str], places: Mapping[str, int]) -> list[int]:
    """The place of each word in the vocabulary, of one that is not in it that of the unknown word."""
    unknown = places[UNKNOWN]
    return [places.get(word, unknown) for word in sentence]


def padded(rows: Sequence[Sequence[int]], filling: int = 0) -> Tensor:
    """Rows of ids as `(batch, position)`, filled up on the right."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[filling] * (longest - len(row))] for row in rows])
