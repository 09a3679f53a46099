"""The corpus `reviews`: reviews of several sentences, in which it is known which sentence decides, and which words of it.

What counts is the reviewer's own opinion of the thing itself. What is said of something else, what others said before, and what is
taken back by a "but", does not count, however strong the words are; and "not" turns them round. So nobody can count words.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from systems.collection import Collection
from systems.reviews.lexicon import (
    ANIMALS,
    ASPECTS,
    BAD,
    CITIES,
    COLOURS,
    DAYS,
    DEEDS,
    DEGREES,
    ELSEWHERE,
    FAMILY,
    GOOD,
    HATE,
    HATED,
    JOBS,
    LIKE,
    LIKED,
    MONTHS,
    NAMES,
    NOT,
    NUMBERS,
    OBJECTS,
    SEASONS,
    WHOLE,
)  # fmt: skip

NAME = "reviews"
COUNT = 24_000
SEED = 2016
LABELS = ("negative", "positive")
SENTENCES = (1, 1, 2, 3, 4, 5, 6)  # so many has a review; two at least, if one takes another back
TURNED = ("wasn't", "isn't")  # stand for "was" and "not"
GOOD_WORDS, BAD_WORDS = frozenset((*GOOD, *LIKE, *LIKED)), frozenset((*BAD, *HATE, *HATED))
BEGINNINGS = (
    "but",
    "still",
    "in the end",
    "all in all",
    "on the whole",
)  # of a sentence that takes back what another one said


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review, what it says, and what decides."""

    sentences: tuple[str, ...]  # "The soup was not bad."
    label: int  # of `LABELS`
    sentence: int  # the one that decides
    words: tuple[int, ...]  # the words of it that decide, in their order
    kind: str  # how it decides: plain, not, but, although, turn

    @property
    def text(self) -> str:
        """The whole review."""
        return " ".join(self.sentences)


def words(sentence: str) -> tuple[str, ...]:
    """The words of a sentence, in small letters, and its commas."""
    return tuple(re.findall(r"[^\W_]+(?:'[^\W_]+)*|,", sentence.lower()))


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, those without a word left out."""
    parts = re.split(r"(?<=[.!?…])\s+|\n+", text)
    return tuple(part.strip() for part in parts if any(word != "," for word in words(part)))


@dataclass(frozen=True, slots=True)
class Judged:
    """A part of a sentence that judges: its words, and which of them do it."""

    said: str
    decides: tuple[int, ...]


def judged(positive: bool, negated: bool, chance: random.Random) -> Judged:
    """How something was: "really lovely", or with a word that turns the other round: "not at all boring"."""
    word = chance.choice(GOOD if positive is not negated else BAD)
    if not negated:
        degree = chance.choice(DEGREES).split()
        return Judged(" ".join([*degree, word]), (len(degree),))
    turned = chance.choice(NOT).split()
    return Judged(" ".join([*turned, word]), tuple(range(len(turned) + 1)))


def aspect(about: str, chance: random.Random) -> str:
    """Something of the thing that is reviewed."""
    return f"the {chance.choice(ASPECTS[about].split())}"


def whole(about: str, chance: random.Random) -> str:
    """The thing that is reviewed."""
    return f"{chance.choice(('the', 'this', 'our', 'the'))} {chance.choice(WHOLE[about].split())}"


def subject(about: str, chance: random.Random) -> str:
    """The thing, or something of it."""
    return aspect(about, chance) if chance.random() < 0.6 else whole(about, chance)


def verdict(about: str, positive: bool, negated: bool, chance: random.Random) -> Judged:
    """A clause that judges the thing, or something of it."""
    if chance.random() < 0.25:
        return liked(positive, negated, chance.choice(("I", "we")), subject(about, chance), chance)
    if negated and chance.random() < 0.3:
        before = f"{subject(about, chance)} {chance.choice(TURNED)}"
        place = len(words(before))
        return Judged(f"{before} {chance.choice(BAD if positive else GOOD)}", (place - 1, place))
    told = judged(positive, negated, chance)
    before = f"{subject(about, chance)} {chance.choice(('was', 'was', 'is', 'seemed', 'turned out', 'felt'))}"
    return Judged(f"{before} {told.said}", shifted(before, told))


def liked(positive: bool, negated: bool, who: str, thing: str, chance: random.Random) -> Judged:
    """What somebody loved or hated: "I really enjoyed the soup", "we did not regret the visit"."""
    plain, past = (LIKE, LIKED) if positive is not negated else (HATE, HATED)
    if not negated:
        degree = chance.choice(("", "", "really", "truly", "simply")).split()
        return Judged(" ".join([who, *degree, chance.choice(past), thing]), (1 + len(degree),))
    if chance.random() < 0.2:
        return Judged(f"{who} never {chance.choice(past)} {thing}", (1, 2))
    if chance.random() < 0.5:
        return Judged(f"{who} didn't {chance.choice(plain)} {thing}", (1, 2))
    return Judged(f"{who} did not {chance.choice(plain)} {thing}", (2, 3))


def shifted(before: str, told: Judged) -> tuple[int, ...]:
    """The places of the words that decide, behind some others."""
    return tuple(len(words(before)) + place for place in told.decides)


def deciding(about: str, positive: bool, kind: str, chance: random.Random) -> Judged:
    """The sentence that decides."""
    told = verdict(about, positive, kind == "not" or (kind != "plain" and chance.random() < 0.25), chance)
    other = verdict(about, not positive, chance.random() < 0.25, chance).said
    if kind == "but":
        before = f"{other}, but"
        return Judged(f"{before} {told.said}", shifted(before, told))
    if kind == "although":
        opening = chance.choice(("although", "even though", "though"))
        if chance.random() < 0.5:
            return Judged(f"{told.said}, {opening} {other}", told.decides)
        before = f"{opening} {other},"
        return Judged(f"{before} {told.said}", shifted(before, told))
    if kind == "turn":
        before = chance.choice(BEGINNINGS)
        return Judged(f"{before} {told.said}", shifted(before, told))
    return told


def elsewhere(about: str, positive: bool, chance: random.Random) -> str:
    """A sentence with strong words that says nothing of the thing: another thing, another time, others' opinions."""
    told = judged(positive, chance.random() < 0.3, chance).said
    thing = aspect(about, chance)
    who = f"my {chance.choice(FAMILY)}" if chance.random() < 0.6 else chance.choice(NAMES)
    if chance.random() < 0.2:
        mine = chance.random() < 0.5  # my own opinion, but of something else; or somebody else's of the thing
        who, thing = ("I", f"the {chance.choice(ELSEWHERE)}") if mine else (who, thing)
        return liked(positive, chance.random() < 0.3, who, thing, chance).said
    return chance.choice((
        f"the {chance.choice(ELSEWHERE)} on the way was {told}",
        f"{who} had told me that {thing} was {told}",
        f"I had expected {thing} to be {told}",
        f"the new {chance.choice(ELSEWHERE)} of {who} is {told}",
        f"last {chance.choice((*MONTHS, *SEASONS))} {thing} of another {about} was {told}",
        f"the {chance.choice(ELSEWHERE)} in {chance.choice(CITIES)} is {told}, they say",
        f"{who} finds every {about} {told}",
        f"my old {chance.choice(ELSEWHERE)} was {told}",
    ))  # fmt: skip


def conceded(about: str, positive: bool, chance: random.Random) -> str:
    """A sentence about the thing that another one takes back."""
    return verdict(about, positive, chance.random() < 0.3, chance).said


def neutral(about: str, chance: random.Random) -> str:
    """A sentence that does not matter."""
    pick = chance.choice
    return pick((
        f"we were {pick(NUMBERS)} people from {pick(CITIES)}",
        f"I came on a {pick(DAYS)} in {pick(MONTHS)}",
        f"{' and '.join(chance.sample(NAMES, 2))} were with me",
        f"my {pick(FAMILY)} is {a(pick(JOBS))} and {pick(DEEDS)} all day",
        f"I carried {a(pick(COLOURS))} {' and a '.join(chance.sample(OBJECTS, 2))}",
        f"our {pick(ANIMALS)} stayed with {pick(NAMES)} for {pick(NUMBERS)} days",
        f"we {pick(DEEDS)} for {pick(NUMBERS)} hours before",
        f"it was {pick(SEASONS)} and we {pick(DEEDS)} a lot",
        f"I write this in {pick(CITIES)} on a {pick(DAYS)}",
        f"this was my {pick(('first', 'second', 'third', 'fourth', 'fifth'))} {about} since {pick(MONTHS)}",
        f"{a(pick(JOBS))} with {a(pick(OBJECTS))} sat beside us",
        f"{pick(NAMES)} bought {a(pick(COLOURS))} {pick(OBJECTS)} in {pick(CITIES)}",
    ))  # fmt: skip


def a(word: str) -> str:
    """A word behind "a" or "an"."""
    return f"{'an' if word[0] in 'aeio' else 'a'} {word}"


def review(chance: random.Random) -> Review:
    """One review."""
    about, positive = chance.choice([*ASPECTS]), chance.random() < 0.5
    kind = chance.choice(("plain", "plain", "plain", "plain", "not", "not", "but", "although", "turn", "turn"))
    told = deciding(about, positive, kind, chance)
    others = [conceded(about, not positive, chance)] if kind == "turn" else []
    for _each in range(chance.choice(SENTENCES) - 1 - len(others)):
        aside = chance.random() < 0.55
        others.append(elsewhere(about, chance.random() < 0.5, chance) if aside else neutral(about, chance))
    chance.shuffle(others)
    place = chance.randint(0, len(others))
    if kind == "turn" and told.said.startswith(("but ", "still ")):
        place = chance.randint(1, len(others))
    made = tuple(sentence(each) for each in (*others[:place], told.said, *others[place:]))
    return Review(sentences=made, label=int(positive), sentence=place, words=told.decides, kind=kind)


def sentence(said: str) -> str:
    """With a capital letter and a full stop."""
    return f"{said[0].upper()}{said[1:]}."


def counted(text: Sequence[Sequence[str]]) -> int:
    """The guess of whoever only counts: 1 if there are as many good words as bad ones or more."""
    every = [word for line in text for word in line]
    return int(sum(word in GOOD_WORDS for word in every) >= sum(word in BAD_WORDS for word in every))


def line(example: Review) -> str:
    """As one line: the review, the label, the sentence that decides and its words that do, counted from 1."""
    own = words(example.sentences[example.sentence])
    deciders = " ".join(f"{place + 1}:{own[place]}" for place in example.words)
    return "\t".join((example.text, LABELS[example.label], str(example.sentence + 1), deciders))


@cache
def load() -> Collection:
    """All reviews; it takes some seconds."""
    chance = random.Random(SEED)
    return Collection(
        name=NAME, title="Reviews, in which it is known what decides", licence="MIT", attribution="Made by this project",
        examples=tuple(review(chance) for _each in range(COUNT)), line=line, key=lambda example: example.text,
        columns=("review", "label", "sentence that decides", "words that decide"),
    )  # fmt: skip
