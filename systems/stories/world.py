"""The little world of the stories: its words, its facts, and what follows from them.

A fact is one line in plain English: who went where, took what, put it down, or gave it to whom; or something that does not matter. What
a question is to be answered, and which facts say so in which order, is found by going through the facts, never by looking at how the
story was made. So a learner's own story has gold facts, too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

PEOPLE = ("anna", "ben", "david", "emma", "hugo", "jun", "mina", "sora", "clara", "felix")
PLACES = ("kitchen", "garden", "library", "cellar", "attic", "hall", "office", "bedroom", "bathroom", "garage")
THINGS = ("ball", "book", "key", "lamp", "apple", "cup", "letter", "umbrella", "hat", "violin")
WENT = ("went to", "walked to", "ran to", "came to")
TOOK = ("took", "picked up", "grabbed")
LEFT = ("dropped", "put down", "left")
GAVE = ("gave", "handed")
IDLE = (
    "is tired", "is hungry", "sang a song", "laughed", "looked out of a window", "is happy today", "told a joke", "was thinking",
    "slept a little", "is waiting", "wrote a poem", "counted to ten",
)  # fmt: skip
NOBODY = "nobody"  # who has a thing that was put down


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a story, understood; what it does not tell is empty."""

    kind: str  # went, took, left, gave, idle
    who: str
    what: str = ""  # a thing
    where: str = ""  # a place
    whom: str = ""  # who is given something


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, understood: where is a person or a thing, who has it, where was it before or after a place."""

    kind: str  # one of `QUESTIONS`
    of: str  # a person or a thing
    place: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the world says to a question: the answer, and the facts that say so in the order in which one leads to the next."""

    answer: str
    gold: tuple[int, ...]


QUESTIONS = {  # kind: how it is put, and how many facts it takes
    "person": ("where is {of}", 1),
    "owner": ("who has the {of}", 1),
    "thing": ("where is the {of}", 2),
    "before": ("where was {of} before the {place}", 2),
    "after": ("where did {of} go after the {place}", 2),
    "thing-before": ("where was the {of} before the {place}", 3),
}
SUBJECT = {kind: "thing" if "the {of}" in told else "person" for kind, (told, _facts) in QUESTIONS.items()}


def either(words: Sequence[str]) -> str:
    """A pattern for one of some words."""
    return f"(?:{'|'.join(words)})"


_WHO, _WHAT, _WHERE = f"(?P<who>{either(PEOPLE)})", f"(?P<what>{either(THINGS)})", f"(?P<where>{either(PLACES)})"
FORMS = {
    "went": re.compile(f"{_WHO} {either(WENT)} the {_WHERE}"),
    "took": re.compile(f"{_WHO} {either(TOOK)} the {_WHAT}"),
    "left": re.compile(f"{_WHO} {either(LEFT)} the {_WHAT}"),
    "gave": re.compile(f"{_WHO} {either(GAVE)} the {_WHAT} to (?P<whom>{either(PEOPLE)})"),
    "idle": re.compile(f"{_WHO} {either(IDLE)}"),
}
_OF = {"person": either(PEOPLE), "thing": either(THINGS)}
ASKED = {
    kind: re.compile(told.format(of=f"(?P<of>{_OF[SUBJECT[kind]]})", place=f"(?P<place>{either(PLACES)})"))
    for kind, (told, _facts) in QUESTIONS.items()
}


def words(line: str) -> tuple[str, ...]:
    """The words of a line, in small letters, without signs."""
    return tuple(re.findall(r"[^\W_]+", line.lower()))


def fact(line: str) -> Fact | None:
    """What a line tells; `None` if it is none of the forms that the stories are told in."""
    said = " ".join(words(line))
    for kind, form in FORMS.items():
        if found := form.fullmatch(said):
            return Fact(kind, **found.groupdict())
    return None


def asked(question: str) -> Asked | None:
    """What a question asks; `None` if it is none of the forms that are asked here."""
    said = " ".join(words(question))
    for kind, form in ASKED.items():
        if found := form.fullmatch(said):
            return Asked(kind, **found.groupdict())
    return None


def known(facts: Sequence[Fact], question: Asked) -> Known | None:
    """What follows from the facts; `None` if they do not say."""
    answers = {
        "person": where_person, "owner": who_has, "thing": where_thing, "before": person_before, "after": person_after,
        "thing-before": thing_before,
    }  # fmt: skip
    return answers[question.kind](facts, question)


def moves(facts: Sequence[Fact], who: str, until: int | None = None) -> list[int]:
    """The facts, before the one numbered `until`, by which somebody went somewhere."""
    return [place for place, each in enumerate(facts[:until]) if each.kind == "went" and each.who == who]


def handled(facts: Sequence[Fact], what: str, until: int | None = None) -> int | None:
    """The last fact, before the one numbered `until`, by which a thing was taken, put down or given."""
    return max((place for place, each in enumerate(facts[:until]) if each.what == what), default=None)


def holder(of: Fact) -> str:
    """Who has the thing after a fact about it; `nobody` if it was put down."""
    return NOBODY if of.kind == "left" else of.whom or of.who


def where_person(facts: Sequence[Fact], question: Asked) -> Known | None:
    """The last move says it."""
    found = moves(facts, question.of)
    return Known(facts[found[-1]].where, (found[-1],)) if found else None


def who_has(facts: Sequence[Fact], question: Asked) -> Known | None:
    """The last fact about the thing says it."""
    last = handled(facts, question.of)
    return None if last is None else Known(holder(facts[last]), (last,))


def where_thing(facts: Sequence[Fact], question: Asked) -> Known | None:
    """The last fact about the thing says who has it, or who put it down; and where that person is, or was then."""
    last = handled(facts, question.of)
    if last is None:
        return None
    put_down = facts[last].kind == "left"
    found = moves(facts, facts[last].who, last) if put_down else moves(facts, holder(facts[last]))
    return Known(facts[found[-1]].where, (last, found[-1])) if found else None


def person_before(facts: Sequence[Fact], question: Asked) -> Known | None:
    """The last time that somebody went there, and the move before that."""
    return neighbour(facts, question, -1)


def person_after(facts: Sequence[Fact], question: Asked) -> Known | None:
    """The last time that somebody went there and left again, and the next move."""
    return neighbour(facts, question, 1)


def neighbour(facts: Sequence[Fact], question: Asked, step: int) -> Known | None:
    """The last move of a person to the place that has another move `step` places on, and that one."""
    found = moves(facts, question.of)
    for place in range(len(found) - 1, -1, -1):
        if facts[found[place]].where == question.place and 0 <= place + step < len(found):
            other = found[place + step]
            return Known(facts[other].where, (found[place], other))
    return None


def thing_before(facts: Sequence[Fact], question: Asked) -> Known | None:
    """The last time that somebody carried the thing there: who had it, that move, and the move of the same person before that."""
    for place in range(len(facts) - 1, -1, -1):
        if facts[place].kind != "went" or facts[place].where != question.place:
            continue
        last, earlier = handled(facts, question.of, place), moves(facts, facts[place].who, place)
        if last is not None and holder(facts[last]) == facts[place].who and earlier:
            return Known(facts[earlier[-1]].where, (last, place, earlier[-1]))
    return None
