"""Sentences with names of people, places and dates: what a tagger learns. All made by lot from the lists below, from one seed.

Tags are those of the field (BIO): B- at the first word of a name, I- at its other words, O elsewhere. The three splits have no name in
common, and one template in four is never trained on: so what counts is whether the tagger knows a name, or its place in a sentence,
when it meets it for the first time. Most names of the test split are words of Tatoeba's English; some are known to nobody.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from systems.collection import Collection
from systems.sentences import words_and_signs
from transformer.corpora import SPLITS, Split

NAME = "entities"
KINDS = ("person", "place", "date")
TAGS = ("O", *(f"{edge}-{kind}" for kind in KINDS for edge in "BI"))
COUNTS: dict[Split, int] = {"train": 2400, "validation": 300, "test": 400}


@dataclass(frozen=True)
class Tagged:
    """A sentence in words, and the tag of each."""

    words: tuple[str, ...]
    tags: tuple[str, ...]
    split: Split

    @property
    def text(self) -> str:
        """The words with spaces between."""
        return " ".join(self.words)


@dataclass(frozen=True, kw_only=True)
class Entities(Collection):
    """The sentences, each in the split that its names belong to."""

    @property
    def splits(self) -> tuple[Split, ...]:  # type: ignore[override]
        """See `Collection`: made, not drawn."""
        return tuple(each.split for each in self.examples)


NAMES: dict[Split, dict[str, tuple[str, ...]]] = {
    "train": {
        "first": ("Tom", "Peter", "Ellen", "Minjun", "Sora", "David", "Anna", "Lucas", "Emma", "Hana"),
        "last": ("Jackson", "Kim", "Garcia", "Miller", "Tanaka"),
        "place": (
            "Boston", "Tokyo", "London", "France", "China", "America", "Italy", "Canada", "New York", "Chicago", "Australia",
            "Seoul", "Busan", "Oslo", "Lima", "Europe",
        ),
        "day": ("Monday", "Friday", "Sunday"), "month": ("May", "June", "October"), "feast": ("Christmas",),
        "season": ("summer", "autumn"), "when": ("tomorrow", "last week", "next month", "last year"),
    },
    "validation": {
        "first": ("John", "Olivia", "Jiho"), "last": ("Brown", "Park"),
        "place": ("England", "Osaka", "Africa", "Russia", "Hawaii", "Daegu"),
        "day": ("Thursday", "Wednesday"), "month": ("January", "July"), "feast": ("Easter",),
        "season": ("spring",), "when": ("yesterday", "next week"),
    },
    "test": {
        "first": ("Mary", "Alice", "Mary", "Alice", "Yuna", "Henry"), "last": ("Lincoln", "Lincoln", "Wilson"),
        "place": (
            "Paris", "Japan", "Kyoto", "Germany", "Spain", "Rome", "Switzerland", "Asia", "India", "Brazil", "Mexico", "California",
            "Britain", "United States", "Gwangju", "Vienna",
        ),
        "day": ("Saturday", "Tuesday"), "month": ("April", "September", "December"), "feast": ("Halloween",),
        "season": ("winter",), "when": ("yesterday", "next month", "last night"),
    },
}  # fmt: skip

TEMPLATES = (
    "{person} was born in {place}.", "{person} was born {date}.", "I met {person} in {place} {date}.",
    "{person} went to {place} {date}.", "Where does {person} live?", "{person} has never been to {place}.",
    "We will leave for {place} {date}.", "My friend {person} lives in {place}.", "Do you know {person}?",
    "Did {person} call you {date}?", "It was very cold in {place}.", "I want to go to {place} with {person}.",
    "{date} I saw {person} at the station.", "{person} and {person} got married {date}.", "The train from {place} is late.",
    "What is the capital of {place}?", "{person} came back from {place} {date}.", "The meeting is {date}.",
    "Have you ever been to {place}?", "{person} told {person} the truth.", "She wrote {person} a letter from {place}.",
    "I'll see you {date}.", "{person} died in {place} {date}.", "The weather in {place} is better than in {place}.",
    "He moved to {place} with his wife {date}.", "I think {person} is right.", "{person} is taller than {person}.",
    "{person} bought a house in {place}.", "The school is closed {date}.", "I heard that {person} left {place} {date}.",
    "Everybody in {place} knows {person}.", "{person}, please close the door.", "Is {person} still in {place}?",
    "He flew to {place} {date} to see {person}.", "I gave {person} a book {date}.", "They speak French in {place}.",
    "Who is {person}?", "{place} is a beautiful place.", "We had dinner with {person} {date}.",
    "How far is it from {place} to {place}?", "You may leave now, {person}.", "{person} doesn't like {place}.",
    "{person}'s house is near the river.", "I may go to {place} {date}.", "It has rained since {date}.",
    "You may go home now.", "The old man went to the park.", "I don't have any money.", "She is a good teacher.",
    "He may be right.", "They speak Japanese at home.", "The dog is in the garden.", "Do you want some coffee?",
)  # fmt: skip
HELD_OUT = 4  # one template in so many is kept for validation and test


@cache
def load() -> Entities:
    """The corpus: the same each time."""
    chance, found = random.Random(16), dict[str, Tagged]()
    for split in SPLITS:
        add(found, split, COUNTS[split], chance)
    return Entities(
        name=NAME, title="Sentences with names of people, places and dates", licence="MIT", attribution="made by this project",
        examples=tuple(found.values()), line=line, key=lambda each: each.text, columns=("words", "tags"),
    )  # fmt: skip


def line(example: Tagged) -> str:
    """Words, and tags, with spaces between."""
    return f"{example.text}\t{' '.join(example.tags)}"


def add(found: dict[str, Tagged], split: Split, count: int, chance: random.Random) -> None:
    """Add so many sentences of a split to those by their text, none of which is there already."""
    templates = [each for n, each in enumerate(TEMPLATES) if split != "train" or n % HELD_OUT]
    wanted = len(found) + count
    while len(found) < wanted:
        example = filled(chance.choice(templates), split, chance)
        found.setdefault(example.text, example)


def filled(template: str, split: Split, chance: random.Random) -> Tagged:
    """A template with names in it, and their tags."""
    words: list[str] = []
    tags: list[str] = []
    for n, part in enumerate(template.replace("{", "}").split("}")):
        slot = n % 2 == 1
        pieces = named(part, NAMES[split], chance) if slot else [(part, False)]
        for text, inside in pieces:
            cut = words_and_signs(text)
            if words and text.startswith("'s"):  # `Tom's` is one word, as in any other sentence
                words[-1], cut = words[-1] + "'s", cut[2:]
            words += cut
            tags += [f"{'I' if k else 'B'}-{part}" for k in range(len(cut))] if inside else ["O"] * len(cut)
    return Tagged(tuple(words), tuple(tags), split)


def named(kind: str, names: dict[str, tuple[str, ...]], chance: random.Random) -> list[tuple[str, bool]]:
    """A name of that kind: texts, and whether each is the name or stands before it (`on`, `Mr.`)."""
    if kind == "place":
        return [(chance.choice(names["place"]), True)]
    if kind == "person":
        first, last = chance.choice(names["first"]), chance.choice(names["last"])
        lot = chance.random()
        return (
            [(first, True)]
            if lot < 0.6
            else [(f"{first} {last}", True)]
            if lot < 0.85
            else [("Mr.", False), (last, True)]
        )
    day, month, year = chance.choice(names["day"]), chance.choice(names["month"]), str(chance.randint(1950, 2026))
    number = chance.randint(1, 31)
    forms = (
        [("on", False), (day, True)], [("on", False), (day, True)], [("in", False), (month, True)], [(f"next {day}", True)],
        [("on", False), (f"{month} {number}", True)], [("on", False), (f"{month} {number}, {year}", True)],
        [("in", False), (year, True)], [("at", False), (chance.choice(names["feast"]), True)],
        [("in the", False), (f"{chance.choice(names['season'])} of {year}", True)], [(chance.choice(names["when"]), True)],
        [(chance.choice(names["when"]), True)],
    )  # fmt: skip
    return chance.choice(forms)


def spans(tags: Iterable[str]) -> set[tuple[int, int, str]]:
    """The names that tags tell, as (first word, word after the last, kind). An I- that continues nothing begins a name."""
    found: list[list[int | str]] = []
    before = "O"
    for place, tag in enumerate((*tags, "O")):
        kind = tag[2:]
        if before != "O" and (tag[:1] != "I" or kind != before):
            found[-1][1] = place
        if tag != "O" and (tag[:1] == "B" or kind != before):
            found.append([place, place + 1, kind])
        before = "O" if tag == "O" else kind
    return {(int(first), int(end), str(kind)) for first, end, kind in found}
