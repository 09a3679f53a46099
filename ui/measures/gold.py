"""The alignment of a whole translation: which English word each head looks at, and what the corpus `grammar-en-fr` says is right.

Links `(source word, target word)` count words, as `transformer.corpora.words` does; cells `(target piece, source piece)` count
pieces. Row t of what looks at the source predicts `written[t]`, so a walk's rows are those of `rows_that_predict`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import streamlit as st
import torch

from transformer.corpora import Pair, words
from transformer.corpora.grammar_en_fr import load, showcase
from transformer.text import clean
from transformer.tokenizer import Tokenizer
from transformer.training.evaluation import Link, Span, alignment_error_rate, overlap, proposed_links
from ui.measures.words import spans_of
from ui.session.attentions import Numbers
from ui.session.walk import Passage, Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """The two sentences of a walk as words, and where each piece lies in them."""

    pair: Pair  # with gold links if the corpus has just this pair
    expected: Pair | None  # the corpus's pair of this English sentence, whatever its French
    source_words: tuple[str, ...]
    target_words: tuple[str, ...]
    source_spans: tuple[Span, ...]
    target_spans: tuple[Span, ...]
    source_first: tuple[int, ...]  # the first piece of each word
    target_first: tuple[int, ...]

    @property
    def gold(self) -> frozenset[Link]:
        """The links that the corpus gives, or none."""
        return frozenset(self.pair.links)


@st.cache_resource(max_entries=1, show_spinner=False)
def dictionary() -> dict[str, tuple[str, bytes]]:
    """The French and the links of all 28,000 English sentences of the corpus, two seconds once; a byte for each word."""
    return {clean(pair.source): (pair.target, bytes(chain.from_iterable(pair.links))) for pair in load().pairs}


def expected(text: str) -> Pair | None:
    """The corpus's pair of an English sentence; the few that everybody opens with need no dictionary."""
    if pair := {clean(pair.source): pair for pair in showcase()}.get(text):
        return pair
    french, ends = dictionary().get(text, ("", b""))
    return Pair(text, french, tuple(zip(ends[::2], ends[1::2], strict=True))) if french else None


def example() -> Pair:
    """A sentence with gold links, whose two languages order their words differently."""
    return next(pair for pair in showcase() if pair.source == "I gave my dog some food.")


def aligned(walk: Passage, tokenizer: Tokenizer) -> Aligned | None:
    """The walk's words; `None` if one of its sentences has none, or cannot be split into words."""
    source, target = clean(walk.source_text), clean(walk.target_text)
    known = expected(source)
    pair = known if known and clean(known.target) == target else Pair(source, target)
    spans = spans_of(tokenizer, source, walk.source_ids), spans_of(tokenizer, target, walk.written_ids)
    named = words(source), words(target)
    if not all(named) or not all(spans):
        return None
    return Aligned(
        pair=pair, expected=known, source_spans=spans[0], target_spans=spans[1],
        source_words=tuple(source[start:end] for start, end in named[0]),
        target_words=tuple(target[start:end] for start, end in named[1]),
        source_first=first_pieces(source, spans[0]), target_first=first_pieces(target, spans[1]),
    )  # fmt: skip


def first_pieces(text: str, spans: Sequence[Span]) -> tuple[int, ...]:
    """The first piece of each word of `text`."""
    return tuple(int(row.argmax()) for row in overlap(text, spans))


def word_of(first: Sequence[int], piece: int | None) -> int | None:
    """The word that a piece belongs to, if `first` are the first pieces of the words."""
    return None if piece is None else max(0, bisect_right(first, piece) - 1)


def links(weights: Numbers, found: Aligned) -> frozenset[Link]:
    """The English word that one head (or the mean of heads) looks at most, for each French word; `weights` (written, source)."""
    rows = torch.from_numpy(np.array(weights[: len(found.target_spans)]))
    return frozenset(proposed_links(rows, found.source_spans, found.target_spans, found.pair))


def strengths(weights: Numbers, found: Aligned) -> Numbers:
    """How much each French word looks at each English word (target word, source word), as `links` compares them."""
    source, target = overlap(found.pair.source, found.source_spans), overlap(found.pair.target, found.target_spans)
    mean = (target / target.sum(1, keepdim=True).clamp(min=1)).numpy()
    by_word: Numbers = mean @ weights[: len(found.target_spans), : len(found.source_spans)] @ source.numpy().T
    return by_word


def rates(walk: Walk, found: Aligned) -> Numbers:
    """The alignment error rate of each head (layer, head) and, in the last column, of their mean: 0 is best."""
    each = [[*layer, layer.mean(0)] for layer in walk.cross]
    return np.array([[alignment_error_rate(links(head, found), found.gold) for head in row] for row in each])


def gold_cells(found: Aligned) -> tuple[tuple[int, int], ...]:
    """The cells (target piece, source piece) of words that the corpus links."""
    source, target = overlap(found.pair.source, found.source_spans), overlap(found.pair.target, found.target_spans)
    cells = {
        (int(row), int(column))
        for one, other in found.pair.links
        for row in target[other].nonzero()
        for column in source[one].nonzero()
    }
    return tuple(sorted(cells))
