"""The characters that pieces stand for, and the words of a sentence, each with its pieces."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from figures.labels import SPACE
from transformer.corpora import words as word_spans
from transformer.text import clean
from transformer.tokenizer import SPECIAL, Tokenizer
from transformer.training.evaluation import Span

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Words:
    """Words and punctuation marks in order. Every piece but the end piece belongs to one."""

    names: tuple[str, ...]
    pieces: tuple[tuple[int, ...], ...]  # the places of each word's pieces in the source

    def __len__(self) -> int:
        return len(self.names)

    def of(self, place: int) -> int:
        """The word that a piece belongs to; one more than the last word for the end piece."""
        return next((word for word, pieces in enumerate(self.pieces) if place in pieces), len(self))

    def summed(self, values: Numbers) -> Numbers:
        """Values of pieces `(..., source)` added up by word, the end piece last: `(..., word + 1)`."""
        parts = [values[..., list(pieces)].sum(-1) for pieces in (*self.pieces, (values.shape[-1] - 1,))]
        return np.stack(parts, -1)


def words_of(tokenizer: Tokenizer, text: str, ids: Sequence[int]) -> Words:
    """The words of `text`, whose pieces are `ids`, without the end piece."""
    text = clean(text)
    spans = spans_of(tokenizer, text, ids)
    owners = owned(text, spans) if len(spans) == len(ids) else list(range(len(ids)))
    groups = [[place for place, _ in group] for _, group in groupby(enumerate(owners), key=lambda each: each[1])]
    names = [name_of(tokenizer, text, spans, ids, group) for group in groups]
    return Words(tuple(names), tuple(map(tuple, groups)))


def owned(text: str, spans: Sequence[Span]) -> list[int]:
    """The number of the word that each piece belongs to; a piece without a character goes with the next one that has some."""
    starts = [start for start, _ in word_spans(text)]
    owners: list[int] = []
    for start, end in spans:
        first = next((place for place in range(start, end) if not text[place].isspace()), None)
        owners.append(-1 if first is None else bisect_right(starts, first))
    for place in reversed(range(len(owners) - 1)):
        if owners[place] < 0:
            owners[place] = owners[place + 1]
    for place in range(1, len(owners)):
        if owners[place] < 0:
            owners[place] = owners[place - 1]
    return owners if min(owners, default=0) >= 0 else list(range(len(owners)))


def name_of(tokenizer: Tokenizer, text: str, spans: Sequence[Span], ids: Sequence[int], group: Sequence[int]) -> str:
    """The text of a word, or its pieces if it has none."""
    named = text[spans[group[0]][0] : spans[group[-1]][1]].strip() if len(spans) == len(ids) else ""
    return named or "".join(tokenizer.piece(ids[place]).piece for place in group)


def spans_of(tokenizer: Tokenizer, text: str, ids: Sequence[int]) -> tuple[Span, ...]:
    """The characters of `text` that each of the pieces stands for, without the end piece.

    The model may write other pieces than the tokenizer would: then each piece ends where the text of those up to it ends.
    """
    real = [id for id in ids if id >= len(SPECIAL)]
    cut = tokenizer.pieces(text)
    if [piece.id for piece in cut] == real:
        return tuple((piece.start, piece.end) for piece in cut)
    ends = [0, *(min(len(text), len(tokenizer.decode(real[: count + 1]))) for count in range(len(real)))]
    return tuple(pairwise(ends))


def runs(names: Sequence[str]) -> list[list[int]]:
    """The places of the pieces of each word, of letters and digits alone; special pieces belong to none."""
    starts = [name.startswith(SPACE) or not inside(name) for name in names]
    numbers = [sum(starts[: place + 1]) for place in range(len(names))]
    groups = [list(group) for _number, group in groupby(range(len(names)), numbers.__getitem__)]
    return [group for group in groups if any(inside(names[place]) for place in group)]


def inside(name: str) -> bool:
    """Whether a piece is a part of a word: it has a letter or a digit, or is the byte of some sign."""
    return name.startswith("<0x") or (not name.startswith("<") and any(sign.isalnum() for sign in name))
