"""Minimal pairs: two sentences that differ in one English word, and what that word changes in the French.

They are built from the rules of the corpus, one phenomenon at a time, so that a page can ask: where does a model look
when it decides *il* or *elle*? Words are compared without case: `Are you tired?` has one word less than
`Why are you tired?`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product

from transformer.corpora.corpus import Pair, words
from transformer.corpora.grammar import lexicon
from transformer.corpora.grammar.lexicon import ADJECTIVES, GROUPS, NAMES, Noun
from transformer.corpora.grammar.phrases import (
    SUBJECTS,
    Nominal,
    Phrase,
    clause,
    clitic,
    crossed,
    crossing,
    described,
    named,
    noun_phrase,
    pronoun,
    quality,
    question,
    receiver,
    said,
    sentence,
    verb_group,
)

Two = tuple[Pair, Pair]
MOST = 80  # pairs of one phenomenon


@dataclass(frozen=True, slots=True)
class Changed:
    """The places, in `words(...)`, of the words of one sentence that the other sentence does not share."""

    english: tuple[int, ...]
    french: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MinimalPair:
    """Two sentences whose English differs in one word, replaced or added. `changed` describes `first`, then `second`.

    Where a word is added, the `english` of the sentence without it is empty. The `french` words of both sentences
    are those whose translation must change.
    """

    phenomenon: str
    first: Pair
    second: Pair
    changed: tuple[Changed, Changed]


def minimal_pairs(phenomenon: str | None = None) -> tuple[MinimalPair, ...]:
    """All minimal pairs, or those of one of `PHENOMENA`. Raises `KeyError` for another name."""
    if phenomenon is None:
        return tuple(pair for name in PHENOMENA for pair in minimal_pairs(name))
    if phenomenon not in ENUMERATED:
        raise KeyError(f"There is no phenomenon named {phenomenon!r}. Known: {', '.join(PHENOMENA)}.")
    twos = list(ENUMERATED[phenomenon]())
    kept = min(MOST, len(twos))
    return tuple(compared(phenomenon, *twos[place * len(twos) // kept]) for place in range(kept))


def compared(phenomenon: str, first: Pair, second: Pair) -> MinimalPair:
    """The two sentences with the words in which they differ."""
    english = differing(first.source, second.source)
    french = differing(first.target, second.target)
    return MinimalPair(phenomenon, first, second, (Changed(english[0], french[0]), Changed(english[1], french[1])))


def differing(first: str, second: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The places of the words of each sentence that the other does not share, in order."""
    one, other = ([text[start:end].casefold() for start, end in words(text)] for text in (first, second))
    changes = [
        change for change in SequenceMatcher(None, one, other, autojunk=False).get_opcodes() if change[0] != "equal"
    ]
    left = tuple(place for _, start, end, _, _ in changes for place in range(start, end))
    right = tuple(place for _, _, _, start, end in changes for place in range(start, end))
    return left, right


# The phenomena, each as the list of its pairs -------------------------------------------------------------------------


def seen(subject: str, thing: Nominal, tense: str = "past") -> Pair:
    """`I saw the black cat.`"""
    who = pronoun(subject)
    return sentence(clause(who, verb_group(lexicon.SEE, tense, who), thing.phrase))


def adjective_order() -> Iterator[Two]:
    """`I saw the black cat.` and `I saw the small cat.`"""
    for noun, (after, before) in product(
        GROUPS["pet"], product(("black", "curious", "lazy"), ("small", "old", "pretty"))
    ):
        yield (
            seen("I", noun_phrase("the", noun, ADJECTIVES[after])),
            seen("I", noun_phrase("the", noun, ADJECTIVES[before])),
        )


def in_both_genders(group: str) -> Iterator[tuple[Noun, Noun]]:
    """Every masculine noun of the group with every feminine one."""
    nouns = GROUPS[group]
    return product([noun for noun in nouns if noun.gender == "m"], [noun for noun in nouns if noun.gender == "f"])


def gender_agreement() -> Iterator[Two]:
    """`The black cat is happy.` and `The black cow is happy.`"""
    black = ADJECTIVES["black"]
    for said_of_it, (masculine, feminine) in product(("happy", "old", "curious"), in_both_genders("pet")):
        quality_of_it = ADJECTIVES[said_of_it]
        yield tuple_of(described(noun_phrase("the", noun, black), quality_of_it) for noun in (masculine, feminine))


def number_agreement() -> Iterator[Two]:
    """`I saw the black cat.` and `I saw the black cats.`"""
    for noun, name in product(GROUPS["animal"], ("black", "small", "beautiful", "tired")):
        adjective = ADJECTIVES[name]
        yield (
            seen("I", noun_phrase("the", noun, adjective)),
            seen("I", noun_phrase("the", noun, adjective, plural=True)),
        )


def elision() -> Iterator[Two]:
    """`We saw the cat.` and `We saw the animal.`; `I see this cat.` and `I like this cat.`"""
    vowels = [noun for noun in GROUPS["animal"] if noun.french[0] in "aeiouéèêô"]
    for vowel, noun in product(vowels, GROUPS["pet"]):
        if noun.gender == vowel.gender and noun not in vowels:
            yield seen("we", noun_phrase("the", noun)), seen("we", noun_phrase("the", vowel))
    speaker = pronoun("I")
    for noun, verb in product(GROUPS["animal"], (lexicon.LIKE, lexicon.LOVE)):
        cat = noun_phrase("this", noun)
        liked = clause(speaker, verb_group(verb, "present", speaker), cat.phrase)
        yield seen("I", cat, "present"), sentence(liked)


def negation() -> Iterator[Two]:
    """`She is happy.` and `She isn't happy.`"""
    for who, adjective in product([word for word in SUBJECTS if word != "I"], lexicon.MOODS):
        plain, negated = (described(pronoun(who), adjective, adverb=adverb) for adverb in ("", "n't"))
        yield sentence(plain), sentence(negated)


def object_pronoun() -> Iterator[Two]:
    """`I see Paul.` and `I see him.`"""
    for name, verb in product(NAMES, (lexicon.SEE, lexicon.LOVE)):
        who = pronoun("we")
        him = verb_group(verb, "present", who, clitic=clitic("him" if name.gender == "m" else "her"))
        plain = clause(who, verb_group(verb, "present", who), named(name).phrase)
        yield sentence(plain), sentence(clause(who, him))


def pronoun_it() -> Iterator[Two]:
    """`The animal didn't cross the street because it was too tired.` and `... too wide.`: il, then elle."""
    tired = ADJECTIVES["tired"]
    for quality_of_way, ways in lexicon.WAY_REASONS:
        for creature, way in product(reversed(GROUPS["animal"]), ways):
            if creature.gender != way.gender:
                parts = noun_phrase("the", creature), noun_phrase("the", way)
                yield sentence(crossing(*parts, tired, True)), sentence(crossing(*parts, quality_of_way, False))


def given(thing: Nominal, to: Nominal | None = None, him: str = "") -> Pair:
    """`I gave Paul some bread.` or `I gave him some bread.`"""
    giver = pronoun("I")
    group = verb_group(lexicon.GIVE, "past", giver, clitic=clitic(him, direct=False) if him else None)
    objects = crossed(receiver(to), thing.phrase) if to else thing.phrase
    return sentence(clause(giver, group, objects))


def two_objects() -> Iterator[Two]:
    """`I gave Paul some food.` and `I gave him some food.`: who receives it moves before the verb."""
    for noun, name in product(GROUPS["mass"], NAMES[::4]):
        food = noun_phrase("some", noun)
        yield given(food, named(name)), given(food, him="him" if name.gender == "m" else "her")


def asked(tense: str, wh: Phrase, complement: Phrase) -> Pair:
    """`Where did you see the cat?`"""
    you = pronoun("you")
    return sentence(question(you, verb_group(lexicon.SEE, tense, you, asked=True), complement, asking=wh), "?")


def questions() -> Iterator[Two]:
    """`Are you tired?` and `Why are you tired?`; `Where did you see the cat?` and `When did you see the cat?`"""
    for who, adjective in product([word for word in SUBJECTS if word != "I"], lexicon.MOODS[:7]):
        group, predicate = verb_group(lexicon.BE, "present", pronoun(who), asked=True), quality(adjective, pronoun(who))
        asking = said("why", "pourquoi")
        yield (
            sentence(question(pronoun(who), group, predicate), "?"),
            sentence(question(pronoun(who), group, predicate, asking=asking), "?"),
        )
    for noun in GROUPS["animal"]:
        cat = noun_phrase("the", noun).phrase
        yield asked("past", said("where", "où"), cat), asked("past", said("when", "quand"), cat)


def participle_agreement() -> Iterator[Two]:
    """`Paul left.` and `Julie left.`"""
    for verb, (man, woman) in product(lexicon.MOTIONS[2:], zip(NAMES[:20], NAMES[20:], strict=True)):
        if "past" in verb.tenses:
            he, she = named(man), named(woman)
            yield tuple_of(clause(who, verb_group(verb, "past", who)) for who in (he, she))


def tuple_of(phrases: Iterator[Phrase]) -> Two:
    """Two phrases as two sentences."""
    first, second = phrases
    return sentence(first), sentence(second)


def possessive() -> Iterator[Two]:
    """`I lost my book.` and `I lost my key.`: mon, then ma."""
    who = pronoun("I")
    for nouns in in_both_genders("movable"):
        yield tuple_of(
            clause(who, verb_group(lexicon.LOSE, "past", who), noun_phrase("my", noun).phrase) for noun in nouns
        )


ENUMERATED: dict[str, Callable[[], Iterator[Two]]] = {
    "adjective order": adjective_order,
    "gender agreement": gender_agreement,
    "number agreement": number_agreement,
    "elision": elision,
    "negation": negation,
    "object pronoun": object_pronoun,
    "pronoun it": pronoun_it,
    "two objects": two_objects,
    "question": questions,
    "participle agreement": participle_agreement,
    "possessive": possessive,
}
PHENOMENA = tuple(ENUMERATED)
