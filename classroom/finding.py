"""What can be found by words, and how: each word by its beginning, whatever case and accents, and if there is none, by its look.

An index is built once for a language and answers in a few milliseconds.
"""

import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

Kind = Literal["page", "lesson", "word"]
LONG, MANY = 200, 8  # letters and words of a question that are read
NAME, TITLE, TEXT = 12.0, 4.0, 1.0  # how much it counts where a word was found
WHOLE = 20  # more for a name that was found as a whole
ALIKE = 0.75  # of two words, for one to be taken for the other
OFTEN = 0.15  # of the entries: a word that more of them hold tells nothing
Near = tuple[str, float]  # a known word, and how much the word asked for says of it


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found, and where it is."""

    kind: Kind
    name: str
    sentences: tuple[str, ...]  # the first is its title, or its meaning
    page: str
    asked: Mapping[str, str] = field(default_factory=dict)  # of that page, in its address
    forms: tuple[str, ...] = ()  # other names


@dataclass(frozen=True, slots=True)
class Hit:
    """One that was found, and the sentence in which it was."""

    entry: Entry
    sentence: str
    score: float


def folded(text: str) -> str:
    """Small letters without accents; signs that only look otherwise are as those they look like."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("√", "sqrt "))
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if not unicodedata.combining(sign)))


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return re.findall(r"\w+", folded(text))


class Index:
    """Entries, and where each of their words stands."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Read all of them."""
        self.entries = tuple(entries)
        self.places: dict[str, dict[int, list[int]]] = defaultdict(
            dict
        )  # by word and entry: sentences, -1 for the name
        for number, entry in enumerate(self.entries):
            for place, text in enumerate((" ".join((entry.name, *entry.forms)), *entry.sentences), -1):
                for word in set(words(text)):
                    self.places[word].setdefault(number, []).append(place)
        self.vocabulary = sorted(self.places)
        self.names = [[set(words(name)) for name in (entry.name, *entry.forms)] for entry in self.entries]

    def find(self, asked: str) -> "Found":
        """The entries that hold all words of a question, the best first; if there are none, those that hold any."""
        told = list(dict.fromkeys(words(asked[:LONG])))
        long = [word for word in told if len(word) > 1 or not word.isascii()] or told
        read = {word: self.like(word) for word in long[:MANY]}
        each = {word: self.scored(known) for word, known in read.items() if known}
        telling = {word: scores for word, scores in each.items() if len(scores) <= OFTEN * len(self.entries)} or each
        sought = frozenset(known for word in telling for known, _share in read[word])
        if not telling:
            return Found((), sought)
        total = sum((Counter(scores) for scores in telling.values()), Counter[int]())
        total.update({number: WHOLE for number in total if any(name <= sought for name in self.names[number])})
        whole = set.intersection(*(set(scores) for scores in telling.values())) if len(each) == len(read) else set()
        order = sorted(self.and_named(whole, total, sought) or total, key=lambda number: (-total[number], number))
        near = [read[word] for word in telling]
        return Found(
            tuple(Hit(self.entries[number], self.sentence(number, near), total[number]) for number in order), sought
        )

    def and_named(self, whole: Collection[int], total: Mapping[int, float], sought: Collection[str]) -> set[int]:
        """Those that hold all words, and of kinds that have none of these those that bear one of the words in their name."""
        kinds = {self.entries[number].kind for number in whole}
        named = {
            number for number in total
            if self.entries[number].kind not in kinds and any(name & set(sought) for name in self.names[number])
        }  # fmt: skip
        return {*whole, *named} if whole else set()

    def scored(self, like: Sequence[Near]) -> dict[int, float]:
        """By entry how well it fits a word: rare words count more, those of a name more than those of a text."""
        found: dict[int, float] = {}
        for known, share in like:
            places = self.places[known]
            rare = math.log(1 + len(self.entries) / len(places)) * share
            for number, where in places.items():
                best = NAME if where[0] == -1 else TITLE if where[0] == 0 else TEXT
                found[number] = max(found.get(number, 0.0), rare * (best + 0.05 * min(len(where), 9)))
        return found

    def like(self, word: str) -> list[Near]:
        """The words that begin so, and how much the word says of them; if there are none, those that look so."""
        begun = []
        for known in self.vocabulary[bisect_left(self.vocabulary, word) :]:
            if not known.startswith(word) or (word.isascii() and len(word) == 1 and known != word):
                break
            begun.append((known, 1.0 if known == word else 0.6 * len(word) / len(known)))
        return begun or [(known, 0.5) for known in self.alike(word)]

    def alike(self, word: str) -> list[str]:
        """Words of much the same letters, for slips of the finger."""
        if not 4 <= len(word) <= 30:
            return []
        letters = set(word)
        near = [
            known
            for known in self.vocabulary
            if abs(len(known) - len(word)) <= 1 and len(letters & set(known)) >= len(letters) - 2
        ]
        return get_close_matches(word, near, 3, ALIKE)

    def sentence(self, number: int, near: Sequence[Sequence[Near]]) -> str:
        """The sentence of an entry with the most of these words; of equals the first."""
        held: Counter[int] = Counter()
        for like in near:
            held.update({place for known, _share in like for place in self.places[known].get(number, ()) if place >= 0})
        sentences = self.entries[number].sentences
        return sentences[min(held, key=lambda place: (-held[place], place))] if held else sentences[0]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a question."""

    hits: tuple[Hit, ...]
    sought: frozenset[str]  # the words that it was taken to ask for

    def marks(self, sentence: str) -> list[tuple[str, bool]]:
        """A sentence in parts, and of each whether it is what was asked for."""
        return [(part, folded(part) in self.sought) for part in re.split(r"(\w+)", sentence) if part]
