"""Analogies that are asked of word vectors to see how much arithmetic they allow: a is to b as c is to d.

Families of pairs, in the manner of Mikolov et al. 2013 (N13-1090); every two pairs of a family are a question, in both orders.
"""

from collections.abc import Iterator, Mapping

FAMILIES: dict[str, str] = {
    "women": "he/she his/her him/her man/woman men/women boy/girl brother/sister son/daughter father/mother husband/wife uncle/aunt "
    "king/queen boys/girls himself/herself",
    "past": "is/was are/were have/had do/did go/went come/came see/saw say/said take/took make/made know/knew think/thought give/gave "
    "want/wanted tell/told eat/ate buy/bought write/wrote can/could leave/left",
    "more": "big/bigger good/better old/older young/younger tall/taller fast/faster early/earlier strong/stronger",
    "many": "book/books friend/friends child/children man/men woman/women car/cars house/houses day/days year/years dog/dogs cat/cats "
    "student/students flower/flowers language/languages",
    "tongues": "france/french japan/japanese germany/german england/english china/chinese italy/italian america/american",
    "not": "do/don't does/doesn't did/didn't can/can't is/isn't was/wasn't have/haven't would/wouldn't could/couldn't are/aren't",
    "ing": "go/going do/doing come/coming make/making eat/eating work/working talk/talking look/looking read/reading write/writing "
    "play/playing wait/waiting sleep/sleeping",
}

Question = tuple[str, str, str, str]


def pairs(family: str) -> list[tuple[str, str]]:
    """The pairs of a family."""
    found = [each.partition("/") for each in FAMILIES[family].split()]
    return [(left, right) for left, _, right in found]


def questions(known: Mapping[str, int]) -> Iterator[tuple[str, Question]]:
    """Each family's questions all of whose words are `known`: (family, (a, b, c, d))."""
    for family in FAMILIES:
        there = [pair for pair in pairs(family) if pair[0] in known and pair[1] in known]
        for first in there:
            for second in there:
                if len({*first, *second}) == 4:
                    yield family, (*first, *second)
