"""The corpus `stories`: short stories, each with a question, its answer, and the facts that say so.

Nobody can take what is not where they are, or give it to somebody who is elsewhere. All is drawn by lot from one seed: the same
stories each time.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from systems.collection import Collection
from systems.stories.world import (
    GAVE,
    IDLE,
    LEFT,
    NOBODY,
    PEOPLE,
    PLACES,
    QUESTIONS,
    SUBJECT,
    THINGS,
    TOOK,
    WENT,
    Asked,
    Fact,
    known,
)  # fmt: skip

NAME = "stories"
COUNT = 40_000
LINES = (4, 12)  # so many facts has a story
SEED = 16
LAST = 0.6  # so often is an answer kept that is the last place of its story: otherwise that would be the best guess
WISHES = {"person": 2, "owner": 2, "thing": 6, "before": 3, "after": 2, "thing-before": 5}  # of so many questions each


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story, what is asked about it, and what is known."""

    lines: tuple[str, ...]  # "anna went to the kitchen"
    question: str  # "where is the ball"
    answer: str  # one word
    gold: tuple[int, ...]  # the lines that say so, in the order in which one leads to the next
    kind: str  # of the question: see `world.QUESTIONS`


@dataclass(slots=True)
class Scene:
    """What is true while a story is told."""

    people: list[str]
    things: list[str]
    places: list[str]
    at: dict[str, str] = field(default_factory=dict)  # where a person is, or a thing that was put down
    has: dict[str, str] = field(default_factory=dict)  # who has a thing
    facts: list[Fact] = field(default_factory=list)

    @property
    def last(self) -> str:
        """The last place that was named."""
        return next((fact.where for fact in reversed(self.facts) if fact.where), "")

    def possible(self) -> list[Fact]:
        """What can happen next, but for moves and what does not matter."""
        found = []
        for thing in self.things:
            who = self.has.get(thing, NOBODY)
            if who == NOBODY:
                here = [each for each in self.people if each in self.at and self.at.get(thing) in (None, self.at[each])]
                found += [Fact("took", each, thing) for each in here]
            else:
                beside = [each for each in self.people if each != who and self.at.get(each) == self.at[who]]
                found += [Fact("left", who, thing), *(Fact("gave", who, thing, whom=each) for each in beside)]
        return found

    def move(self, chance: random.Random) -> Fact:
        """Somebody goes to another place; who has something, more often."""
        who = chance.choice([*self.people, *(each for each in self.has.values() if each != NOBODY)])
        return Fact("went", who, where=chance.choice([place for place in self.places if place != self.at.get(who)]))

    def happens(self, fact: Fact) -> None:
        """A fact becomes true."""
        self.facts.append(fact)
        if fact.kind == "went":
            self.at[fact.who] = fact.where
        elif fact.kind == "left":
            self.has[fact.what], self.at[fact.what] = NOBODY, self.at[fact.who]
        elif fact.kind in ("took", "gave"):
            self.has[fact.what] = fact.whom or fact.who


def scene(chance: random.Random) -> Scene:
    """A few people, things and places, and what happened among them."""
    made = Scene(
        chance.sample(PEOPLE, chance.choice((2, 2, 3))), chance.sample(THINGS, chance.choice((1, 1, 2))),
        chance.sample(PLACES, chance.choice((3, 4, 5)))
    )  # fmt: skip
    for _line in range(chance.randint(*LINES)):
        drawn, possible = chance.random(), made.possible()
        if drawn < 0.15:
            made.happens(Fact("idle", chance.choice(made.people)))
        elif drawn < 0.5 and possible:
            made.happens(chance.choice(possible))
        else:
            made.happens(made.move(chance))
    return made


def told(fact: Fact, chance: random.Random) -> str:
    """A fact in words."""
    if fact.kind == "went":
        return f"{fact.who} {chance.choice(WENT)} the {fact.where}"
    if fact.kind == "gave":
        return f"{fact.who} {chance.choice(GAVE)} the {fact.what} to {fact.whom}"
    if fact.kind == "idle":
        return f"{fact.who} {chance.choice(IDLE)}"
    return f"{fact.who} {chance.choice(TOOK if fact.kind == 'took' else LEFT)} the {fact.what}"


def questions(made: Scene, kind: str) -> Sequence[Asked]:
    """All questions of a kind about who and what is in a scene."""
    those = made.things if SUBJECT[kind] == "thing" else made.people
    places = made.places if "{place}" in QUESTIONS[kind][0] else [""]
    return [Asked(kind, of, place) for of in those for place in places]


def story(chance: random.Random, kind: str) -> Story:
    """A story that has an answer to a question of a kind."""
    while True:
        made = scene(chance)
        asked = questions(made, kind)
        answered = [(each, found) for each in asked if (found := known(made.facts, each))]
        answered = [(each, found) for each, found in answered if found.answer != made.last or chance.random() < LAST]
        if answered:
            each, found = chance.choice(answered)
            lines = tuple(told(fact, chance) for fact in made.facts)
            put = QUESTIONS[kind][0].format(of=each.of, place=each.place)
            return Story(lines=lines, question=put, answer=found.answer, gold=found.gold, kind=kind)


def line(example: Story) -> str:
    """As one line: the story, the question, the answer, its gold facts counted from 1."""
    gold = " ".join(str(place + 1) for place in example.gold)
    return "\t".join((". ".join(example.lines) + ".", f"{example.question}?", example.answer, gold))


@cache
def load() -> Collection:
    """All stories; it takes some seconds."""
    chance = random.Random(SEED)
    kinds = chance.choices([*WISHES], [*WISHES.values()], k=COUNT)
    return Collection(
        name=NAME, title="Stories of who is where and who has what, with questions", licence="MIT",
        attribution="Made by this project", examples=tuple(story(chance, kind) for kind in kinds), line=line,
        key=lambda example: " ".join(example.lines), columns=("story", "question", "answer", "gold facts"),
    )  # fmt: skip
