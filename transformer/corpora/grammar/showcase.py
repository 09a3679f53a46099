"""Sentences every page can open with: short, well known, and one for each thing attention has to solve."""

from transformer.corpora.corpus import Pair
from transformer.corpora.grammar import lexicon
from transformer.corpora.grammar.lexicon import ADJECTIVES, NOUN
from transformer.corpora.grammar.phrases import (
    NOTHING,
    Phrase,
    clause,
    clitic,
    crossed,
    crossing,
    described,
    fitting,
    joined,
    noun_phrase,
    pronoun,
    question,
    receiver,
    said,
    sentence,
    verb_group,
    with_name,
)


def showcase() -> tuple[Pair, ...]:
    """The opening sentences with their translations and gold links."""
    return (*resolved(), *given(), *spoken())


def resolved() -> tuple[Pair, ...]:
    """What `it` stands for, four times."""
    animal, street = noun_phrase("the", NOUN["animal"]), noun_phrase("the", NOUN["street"])
    trophy, suitcase = noun_phrase("the", NOUN["trophy"]), noun_phrase("the", NOUN["suitcase"])
    phrases = (
        crossing(animal, street, ADJECTIVES["tired"], True),
        crossing(animal, street, ADJECTIVES["wide"], False),
        fitting(trophy, suitcase, True),
        fitting(trophy, suitcase, False),
    )
    return tuple(sentence(phrase) for phrase in phrases)


def given() -> tuple[Pair, ...]:
    """`I gave my dog some food.`, without and with the dog's name."""
    giver, dog = pronoun("I"), noun_phrase("my", NOUN["dog"])
    food, gave = noun_phrase("some", NOUN["food"]).phrase, verb_group(lexicon.GIVE, "past", giver)
    dogs = (dog, with_name(dog, "Charlie"))
    return tuple(sentence(clause(giver, gave, crossed(receiver(one), food))) for one in dogs)


def spoken() -> tuple[Pair, ...]:
    """Small talk: clitics, a question, a partitive under negation, a clause within a clause."""
    speaker, you = pronoun("I"), pronoun("you")
    loved = clause(speaker, verb_group(lexicon.LOVE, "present", speaker, clitic=clitic("you")))
    cat = noun_phrase("the", NOUN["cat"], ADJECTIVES["black"]).phrase
    bread = noun_phrase("any", NOUN["bread"]).phrase
    return (
        sentence(joined(said("hello", "bonjour"), said(",", ","), loved)),
        sentence(question(you, verb_group(lexicon.SEE, "present", you, asked=True), cat), "?"),
        sentence(clause(speaker, verb_group(lexicon.HAVE, "present", speaker, "n't"), bread)),
        sentence(clause(speaker, verb_group(lexicon.SEE, "past", speaker, clitic=clitic("them")), NOTHING)),
        sentence(thought(described(pronoun("she"), ADJECTIVES["happy"]))),
    )


def thought(what: Phrase) -> Phrase:
    """`I think that ...`"""
    speaker = pronoun("I")
    return joined(clause(speaker, verb_group(lexicon.THINK, "present", speaker)), said("that", "que"), what)
