"""What a corpus of examples is: where they come from, how they are split, and what they look like as lines of text."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from systems import CORPORA, corpus_module
from transformer.corpora import SPLITS, Corpus, Split, open_corpus
from transformer.corpora.corpus import place_of

HELD_OUT = 0.05  # the share of the examples in the test split, and again in the validation split


@dataclass(frozen=True, kw_only=True)
class Collection:
    """A named list of examples of one kind, and what a user has to know about their origin."""

    name: str
    title: str
    licence: str
    attribution: str
    examples: tuple[Any, ...]
    line: Callable[[Any], str]  # an example as one line, columns parted by tabs: what is exported, and what is hashed
    key: Callable[[Any], str]  # examples with the same key are in the same split
    columns: tuple[str, ...]  # what the columns of a line are

    def split(self, split: Split) -> tuple[Any, ...]:
        """The examples of one split, in the corpus's own order. Every example is in exactly one."""
        return tuple(each for each, its in zip(self.examples, self.splits, strict=True) if its == split)

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """The split of each of `examples`, by a stable hash of its key."""
        return tuple(split_at(place_of(self.key(each))) for each in self.examples)

    @cached_property
    def sha256(self) -> str:
        """The hash of all lines: it tells whether two corpora are the same."""
        return hashlib.sha256("".join(f"{self.line(each)}\n" for each in self.examples).encode()).hexdigest()

    @property
    def counts(self) -> dict[str, int]:
        """How many examples each split has."""
        return {split: len(self.split(split)) for split in SPLITS}


def split_at(place: float) -> Split:
    """The split of an example whose key has that hash."""
    if place < HELD_OUT:
        return "test"
    return "validation" if place < 2 * HELD_OUT else "train"


@dataclass(frozen=True, kw_only=True)
class English(Collection):
    """The English sentences of a corpus of pairs, each once; held out are those that are held out there."""

    corpus: Corpus

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """The split of each sentence, as its pairs have it."""
        found = dict(zip((pair.source for pair in self.corpus.pairs), self.corpus.splits, strict=True))
        return tuple(found[sentence] for sentence in self.examples)


def english(name_or_file: str) -> English:
    """The English sides of a corpus of pairs, by name or file. Raises `CorpusError`."""
    corpus = open_corpus(name_or_file)
    return English(
        name=corpus.name, title=f"{corpus.title}: its English side", licence=corpus.licence, attribution=corpus.attribution,
        examples=tuple(dict.fromkeys(pair.source for pair in corpus.pairs)), line=str, key=str, columns=("sentence",), corpus=corpus,
    )  # fmt: skip


def open_collection(name_or_file: str) -> Collection:
    """The corpus of that name, or the English side of a corpus or file of pairs. Raises `CorpusError`."""
    if name_or_file in CORPORA:
        found: Collection = corpus_module(name_or_file).load()
        return found
    return english(name_or_file)
