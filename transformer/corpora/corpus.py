"""What a parallel corpus is: pairs of sentences, where they come from, and how they are split.

A sentence is held out by a hash of its English side, so the same English sentence is in the same split of *every*
corpus, whatever else the corpus holds. A model trained on two corpora at once is therefore never tested on a
sentence it has seen in either.

Of ten sentences that share would hold out none. So a corpus of fewer than `SMALL` English sentences holds out more of
them, those with the lowest hashes: see `splits_of`.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")
HELD_OUT = 0.0175  # the share of English sentences in the test split, and again in the validation split
SMALL = 1000  # with fewer English sentences than this, a corpus holds out more
ONE_IN = 10  # of a small corpus one sentence in so many is in the test split, and again in the validation split
LEAST, LEAST_FOR_TWO = 3, 5  # English sentences from which one is held out for a test, and one more for validation


class CorpusError(Exception):
    """A corpus that cannot be had; its message is a sentence for the person who asked for it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An English sentence, its French translation and, where the corpus knows them, the gold links between words.

    A link `(i, j)` says that word `i` of `source` and word `j` of `target` translate each other, counted
    in `words(...)`. A word may have several links or none.
    """

    source: str
    target: str
    links: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """A named list of pairs and what a user has to know about its origin."""

    name: str
    title: str
    licence: str
    attribution: str
    pairs: tuple[Pair, ...]

    def split(self, split: Split) -> tuple[Pair, ...]:
        """The pairs of one split, in the corpus's own order. Every pair is in exactly one of `SPLITS`."""
        return tuple(pair for pair, its in zip(self.pairs, self.splits, strict=True) if its == split)

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """The split of each of `pairs`."""
        found = splits_of({fold(pair.source) for pair in self.pairs})
        return tuple(found[fold(pair.source)] for pair in self.pairs)

    @property
    def sha256(self) -> str:
        """The hash of the pairs as lines of `source TAB target`: it tells whether two corpora are the same text."""
        lines = "".join(f"{pair.source}\t{pair.target}\n" for pair in self.pairs)
        return hashlib.sha256(lines.encode()).hexdigest()


def fold(sentence: str) -> str:
    """The sentence without case, punctuation, accents' encoding or spacing: what makes two sentences 'the same'."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", sentence).casefold()))


def split_of(source: str) -> Split:
    """The split an English sentence belongs to in every large corpus, from a stable hash of its folded text."""
    return split_at(place_of(fold(source)))


def place_of(folded: str) -> float:
    """Where a folded sentence stands among all there could be: its hash, uniform in [0, 1)."""
    return int.from_bytes(hashlib.sha256(folded.encode()).digest()[:8], "big") / 2**64


def split_at(place: float) -> Split:
    """The split of a sentence with that hash."""
    if place < HELD_OUT:
        return "test"
    return "validation" if place < 2 * HELD_OUT else "train"


def splits_of(folded: Collection[str]) -> dict[str, Split]:
    """The splits of the distinct folded sentences of a corpus; in a large one, those of `split_of`.

    A small one holds out a tenth for the test and a tenth for validation: what is held out everywhere, and then the
    sentences with the lowest hashes. From `LEAST` sentences on one is for the test, from `LEAST_FOR_TWO` on one more for
    validation. With fewer than `LEAST` nothing is held out, for nothing would be left to learn from.
    """
    places = {sentence: place_of(sentence) for sentence in folded}
    if len(places) < LEAST:
        return dict.fromkeys(places, "train")
    found = {sentence: split_at(place) for sentence, place in places.items()}
    if len(places) < SMALL:
        wanted = max(1, len(places) // ONE_IN)
        held_out: tuple[Split, ...] = ("test", "validation") if len(places) >= LEAST_FOR_TWO else ("test",)
        for split in held_out:
            free = sorted((sentence for sentence in found if found[sentence] == "train"), key=places.__getitem__)
            missing = max(0, wanted - sum(each == split for each in found.values()))
            found |= dict.fromkeys(free[:missing], split)
    return found


def references(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """Each distinct English sentence with all its distinct French translations, in order of appearance."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        translations = found.setdefault(pair.source, [])
        if pair.target not in translations:
            translations.append(pair.target)
    return found


WORD = re.compile(
    r"\w+(?=n['’]t\b)|n['’]t\b"  # did|n't
    r"|(?<=\w)['’](?:s|m|re|ve|ll|d)\b"  # Tom|'s, I|'m
    r"|aujourd['’]hui"
    r"|\w+['’](?=\w)(?!['’]?(?:s|m|re|ve|ll|d)\b)"  # l'|animal, n'|est, qu'|il
    r"|\w+|[^\w\s]",
    re.IGNORECASE,
)


def words(sentence: str) -> list[tuple[int, int]]:
    """The character spans `(start, end)` of the words and punctuation marks of an English or French sentence.

    Clitics are words of their own (`did n't`, `I 'm`, `l' animal`), and so are the parts of a hyphenated word and
    the hyphen. Gold links count these words.
    """
    return [match.span() for match in WORD.finditer(sentence)]
