"""A minimal pair as a model reads it: which French word must differ, where it begins in pieces, and who is who in the English."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from transformer.analysis.probes import Twins, side, twins
from transformer.corpora import Pair, words
from transformer.corpora.corpus import fold
from transformer.corpora.grammar.lexicon import NOUN
from transformer.corpora.grammar.minimal_pairs import MinimalPair, compared
from transformer.corpora.grammar_en_fr import minimal_pairs
from transformer.text import clean
from transformer.tokenizer import Tokenizer

Role = Literal["changed", "own", "right", "wrong"]
ROLES: tuple[Role, ...] = ("changed", "own", "right", "wrong")
IT = "pronoun it"  # where two nouns compete


class Slot(NamedTuple):
    """A place where the two translations part: the next word of each, counted in `words`."""

    first: int
    second: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A pair with its critical word. Everything is told for the first sentence, then for the second."""

    pair: MinimalPair
    slot: Slot
    critical: tuple[str, str]  # the French words that must differ
    twins: Twins
    roles: tuple[dict[Role, tuple[int, ...]], dict[Role, tuple[int, ...]]]  # pieces of the English, by role


def slots(pair: MinimalPair) -> list[Slot]:
    """Where the two translations part: each word that is replaced, and the word at which something is left out or added."""
    one, other = (folded(clean(each.target)) for each in (pair.first, pair.second))
    found: list[Slot] = []
    for kind, start, end, second, last in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        count = 0 if kind == "equal" else end - start if end - start == last - second else 1
        places = [Slot(start + step, second + step) for step in range(count)]
        found += [place for place in places if place.first < len(one) and place.second < len(other)]
    return [place for place in found if one[place.first] != other[place.second]]


def folded(text: str) -> list[str]:
    """The words of a sentence without case."""
    return [text[start:end].casefold() for start, end in words(text)]


def telling(pair: MinimalPair, places: Sequence[Slot]) -> int:
    """Which of `places` shows the phenomenon: the first word that does not just translate the English word that changed."""
    for number, place in enumerate(places):
        for each, changed, word in zip((pair.first, pair.second), pair.changed, place, strict=True):
            if not any(french == word and english in changed.english for english, french in each.links):
                return number
    return 0


def probe(tokenizer: Tokenizer, end: int, pair: MinimalPair, slot: Slot) -> Probe:
    """Cut the pair into pieces up to the first piece in which the critical words differ. `end` is the end piece's id.

    Raises `ValueError` if there are no two pieces for them.
    """
    texts = [clean(each.target) for each in (pair.first, pair.second)]
    ids = [[*tokenizer.encode(text), end] for text in texts]
    starts = [pieces_of(tokenizer, text, [word]) for text, word in zip(texts, slot, strict=True)]
    if not all(starts):
        raise ValueError("A word that must differ has no piece of its own.")
    one, other = starts[0][0], starts[1][0]
    while one + 1 < len(ids[0]) and other + 1 < len(ids[1]) and ids[0][one] == ids[1][other]:
        one, other = one + 1, other + 1  # the words begin alike
    sources = [tokenizer.encode(each.source) for each in (pair.first, pair.second)]
    aligned = twins(side(sources[0], ids[0], one), side(sources[1], ids[1], other), end)
    spans = [words(text)[word] for text, word in zip(texts, slot, strict=True)]
    return Probe(
        pair=pair, slot=slot, twins=aligned,
        critical=tuple(text[start:stop] for text, (start, stop) in zip(texts, spans, strict=True)),  # type: ignore[arg-type]
        roles=tuple(roles(tokenizer, pair, which, slot[which]) for which in (0, 1)),  # type: ignore[arg-type]
    )  # fmt: skip


def roles(tokenizer: Tokenizer, pair: MinimalPair, which: int, critical: int) -> dict[Role, tuple[int, ...]]:
    """The pieces of one English sentence by role: the word that changed, the word that the critical word translates, and
    for `it` the noun that it means and the other one. A role that nobody has is left out.
    """
    each = pair.second if which else pair.first
    found: dict[Role, tuple[int, ...]] = {
        "changed": pair.changed[which].english,
        "own": tuple(english for english, french in each.links if french == critical),
    }
    if pair.phenomenon == IT:
        nouns = [place for place, word in enumerate(folded(each.source)) if word in NOUN]
        if len(nouns) == 2:  # who crosses, and what is crossed
            found |= {"right": (nouns[which],), "wrong": (nouns[1 - which],)}
    text = clean(each.source)
    return {role: tuple(pieces_of(tokenizer, text, places)) for role, places in found.items() if places}


def pieces_of(tokenizer: Tokenizer, text: str, places: Collection[int]) -> list[int]:
    """The pieces of `text` that the words at `places` are made of."""
    spans = [span for place, span in enumerate(words(text)) if place in places]
    pieces = enumerate(tokenizer.pieces(text))
    return [place for place, piece in pieces if any(piece.start < end and piece.end > start for start, end in spans)]


def own_pair(first: Pair, second: Pair) -> MinimalPair:
    """Any two sentences with their translations, compared like a minimal pair."""
    return compared("own", first, second)


def held_out(phenomenon: str, trained: Collection[str]) -> list[MinimalPair]:
    """The minimal pairs of which neither sentence is among `trained`, folded sentences of the training split."""
    return [
        pair for pair in minimal_pairs(phenomenon)
        if not any(fold(each.source) in trained for each in (pair.first, pair.second))
    ]  # fmt: skip
