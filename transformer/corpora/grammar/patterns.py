"""The sentence patterns of the English-French grammar: each draws its words, and says what mark ends it.

`PATTERNS` gives their shares in the corpus. The gold links come from the rules of `grammar.phrases`.
"""

from collections.abc import Callable
from random import Random

from transformer.corpora.grammar import lexicon
from transformer.corpora.grammar.draws import (
    ANIMALS,
    KIN,
    OWNED,
    POSSESSIVE,
    SPOKEN_OF,
    again,
    draw_adverb,
    draw_clitic,
    draw_degree,
    draw_noun_phrase,
    draw_object,
    draw_predicate,
    draw_subject,
    draw_time,
    draw_verb,
    located,
    placed,
)
from transformer.corpora.grammar.lexicon import GROUPS, Verb, kind_of
from transformer.corpora.grammar.phrases import (
    NOTHING,
    SUBJECTS,
    Clitic,
    Nominal,
    Phrase,
    because,
    clause,
    commanded,
    crossed,
    crossing,
    described,
    fitting,
    joined,
    named,
    noun_phrase,
    owned,
    pronoun,
    quality,
    question,
    receiver,
    reference,
    said,
    there,
    verb_group,
    with_name,
)

Sentence = tuple[Phrase, str]


def description(random: Random) -> Sentence:
    """`The girl isn't very happy.`"""
    tense, adverb = random.choice(("present", "past")), random.choice(("", "", "n't", "not", "always", "never"))
    adjective = random.choice(lexicon.MOODS)
    degree = draw_degree(random, adjective) if adverb in {"", "n't"} else ""
    return described(draw_subject(random), adjective, tense, adverb, degree), "."


THINGS = ("object", "object", "animal", "place", "way", "way", "food", "food", "food", "mass", "drink")


def description_of_things(random: Random) -> Sentence:
    """`The red car was expensive.`"""
    noun = random.choice(GROUPS[random.choice(THINGS)])
    mass = kind_of(noun) in {"mass", "drink"}
    plural = not mass and random.random() < 0.5
    determiner = random.choice(("the", "the", "these" if plural else "this", "my" if noun.english in OWNED else "the"))
    adjective = draw_predicate(random, noun)
    adverb, tense = random.choice(("", "", "n't", "not")), random.choice(("present", "past"))
    subject = noun_phrase(determiner, noun, plural=plural)
    return described(subject, adjective, tense, adverb, draw_degree(random, adjective)), "."


def action(random: Random) -> Sentence:
    """`I saw the black cat yesterday.`"""
    verb, tense, subject = draw_verb(random, (*lexicon.TRANSITIVES, lexicon.KNOW, lexicon.HAVE))
    adverb = draw_adverb(random, verb, tense)
    group = verb_group(verb, tense, subject, adverb)
    return clause(subject, group, draw_object(random, verb, adverb), draw_time(random, tense)), "."


def action_on_somebody(random: Random) -> Sentence:
    """`She doesn't see him.`"""
    verbs = tuple(verb for verb in (*lexicon.TRANSITIVES, lexicon.KNOW) if {"person", "animate"} & {*verb.objects})
    verb, tense, subject = draw_verb(random, verbs + (lexicon.LOVE,) * 2)
    group = verb_group(verb, tense, subject, draw_adverb(random, verb, tense), draw_clitic(random, subject))
    return clause(subject, group, draw_time(random, tense)), "."


def activity(random: Random) -> Sentence:
    """`The children are playing in the garden.`"""
    verb, tense, subject = draw_verb(random, lexicon.INTRANSITIVES)
    place = located(random) if verb.base != "swim" and random.random() < 0.4 else NOTHING
    group = verb_group(verb, tense, subject, draw_adverb(random, verb, tense))
    return clause(subject, group, place, draw_time(random, tense)), "."


def motion(random: Random) -> Sentence:
    """`She went to the market.`"""
    verb, tense, subject = draw_verb(random, lexicon.MOTIONS)
    if random.random() < 0.3:  # many feminine plurals, for "elles sont parties"
        subject = draw_noun_phrase(random, random.choice(GROUPS["animate"]), plurals=0.7, adjectives=0.2, known=True)
    place = placed(random, "to" if verb.base == "go" else "at") if verb.objects else NOTHING
    group = verb_group(verb, tense, subject, random.choice(("", "", "", "n't", "not")))
    return clause(subject, group, place, draw_time(random, tense, 0.4)), "."


def draw_gift(random: Random, groups: tuple[str, ...], adverb: str) -> Phrase:
    """What is given."""
    noun = random.choice(GROUPS[random.choice(groups)])
    return draw_noun_phrase(random, noun, adjectives=0.2, denied=adverb in {"n't", "not", "never"}).phrase


def draw_receiver(random: Random, verb: Verb) -> Nominal:
    """Who is given it: somebody by name, a relative or, for `give`, a pet, perhaps with its name."""
    if random.random() < 0.3:
        return named(random.choice(lexicon.NAMES))
    pet = verb.base == "give" and random.random() < 0.8
    nominal = noun_phrase(random.choice(POSSESSIVE), random.choice(GROUPS["pet" if pet else "relative"]))
    return with_name(nominal, random.choice(lexicon.PET_NAMES)) if pet and random.random() < 0.6 else nominal


def giving(random: Random) -> Sentence:
    """`I gave my dog some food.` or `I gave some food to my dog.`"""
    verb, tense, subject = draw_verb(random, lexicon.DATIVES)
    adverb = random.choice(("", "", "", "n't", "not"))
    group = verb_group(verb, tense, subject, adverb)
    person = draw_receiver(random, verb)
    pet = any(word.text in ANIMALS for word in person.phrase.english)
    gift = draw_gift(random, ("food", "mass") if pet else verb.objects, adverb)
    if random.random() < 0.35:
        return clause(subject, group, gift, said("to", "à") + person.phrase), "."
    return clause(subject, group, crossed(receiver(person), gift)), "."


def giving_somebody(random: Random) -> Sentence:
    """`I gave him a book.`"""
    verb, tense, subject = draw_verb(random, lexicon.DATIVES)
    adverb = random.choice(("", "", "n't"))
    group = verb_group(verb, tense, subject, adverb, draw_clitic(random, subject, direct=False))
    return clause(subject, group, draw_gift(random, verb.objects, adverb), draw_time(random, tense)), "."


def yes_or_no(random: Random) -> Sentence:
    """`Do you see the black cat?`"""
    verbs = (*lexicon.TRANSITIVES, *lexicon.INTRANSITIVES, *lexicon.MOTIONS[2:4], lexicon.HAVE)
    verb, tense, subject = draw_verb(random, verbs, SPOKEN_OF)
    if {"person", "animate"} & {*verb.objects} and random.random() < 0.4:
        return question(subject, verb_group(verb, tense, subject, "", draw_clitic(random, subject), asked=True)), "?"
    complement = draw_object(random, verb) if verb.objects else NOTHING
    return question(subject, verb_group(verb, tense, subject, asked=True), complement), "?"


def yes_or_no_description(random: Random) -> Sentence:
    """`Was your sister tired?`"""
    subject, adjective = draw_subject(random, pronouns=SPOKEN_OF), random.choice(lexicon.MOODS)
    group = verb_group(lexicon.BE, random.choice(("present", "past")), subject, asked=True)
    return question(subject, group, quality(adjective, subject, draw_degree(random, adjective))), "?"


ASKING = (("where", "où"), ("when", "quand"), ("why", "pourquoi"))


def asking_where(random: Random) -> Sentence:
    """`Where did you see the cat?`, `Why is she sleeping?`"""
    verbs = [verb for verb in lexicon.TRANSITIVES if "past" in verb.tenses]
    verb, tense, subject = draw_verb(random, (*verbs, *lexicon.INTRANSITIVES), SPOKEN_OF)
    group = verb_group(verb, tense, subject, asked=True)
    complement = draw_object(random, verb) if verb.objects else NOTHING
    return question(subject, group, complement, asking=said(*random.choice(ASKING))), "?"


def asking_why(random: Random) -> Sentence:
    """`Why are you sad?`"""
    subject = draw_subject(random, pronouns=SPOKEN_OF)
    group = verb_group(lexicon.BE, random.choice(("present", "past")), subject, asked=True)
    return question(subject, group, quality(random.choice(lexicon.MOODS), subject), asking=said("why", "pourquoi")), "?"


def asking_what(random: Random) -> Sentence:
    """`What did you buy?`, `Qu'est-ce que tu as acheté ?`"""
    verbs = tuple(verb for verb in lexicon.TRANSITIVES if {"object", "movable", "food", "text"} & {*verb.objects})
    verb, tense, subject = draw_verb(random, verbs, SPOKEN_OF)
    return question(subject, verb_group(verb, tense, subject, asked=True), asking=said("what", "que")), "?"


def asking_who(random: Random) -> Sentence:
    """`Who saw the cat?`"""
    verb, tense, _ = draw_verb(random, lexicon.TRANSITIVES)
    who = Nominal(said("who", "qui"), 2, "m")
    return clause(who, verb_group(verb, tense, who), draw_object(random, verb)), "?"


def whereabouts(random: Random) -> Sentence:
    """`The key is in the box.`, `Where is the key?`"""
    thing = draw_noun_phrase(random, random.choice(GROUPS["content"] + GROUPS["pet"]), known=True)
    tense = random.choice(("present", "past"))
    if random.random() < 0.35:
        asking = said("where", "où")
        group = verb_group(lexicon.BE, tense, thing)
        inverted = Phrase(group.auxiliary + thing.phrase.english, group.french + thing.phrase.french)
        return asking + inverted, "?"
    container = noun_phrase(
        random.choice(("the", "my", "this", "her")), random.choice(GROUPS["container"] + GROUPS["indoors"])
    )
    group = verb_group(lexicon.BE, tense, thing, random.choice(("", "", "n't")))
    return clause(thing, group, said("in", "dans"), container.phrase), "."


def existence(random: Random) -> Sentence:
    """`There is a cat in the garden.`, `There isn't a cat in the garden.`"""
    noun = random.choice(GROUPS["animate"] + GROUPS["object"])
    plural, negated = random.random() < 0.4, random.random() < 0.3
    determiner = (
        ("any" if negated else random.choice(("two", "three", "many", "some")))
        if plural
        else "no a"
        if negated
        else "a"
    )
    thing = noun_phrase(determiner, noun, plural=plural)
    return joined(there(plural, negated), thing.phrase, located(random)), "."


def resolved_crossing(random: Random) -> Sentence:
    """`The animal didn't cross the street because it was too tired.` (or `too wide`)"""
    creature, tired = random.choice(GROUPS["animal"]), random.random() < 0.5
    adjective, ways = random.choice(lexicon.WAY_REASONS)
    way = random.choice(ways)
    if tired:
        adjective, way = random.choice(lexicon.CREATURE_REASONS), random.choice(GROUPS["way"])
    determiner = random.choice(("the", "the", "the", "this", "my"))
    adverb = random.choice(("n't", "n't", "not"))
    return crossing(noun_phrase(determiner, creature), noun_phrase("the", way), adjective, tired, adverb), "."


def resolved_herd(random: Random) -> Sentence:
    """`The cows didn't cross the river because they were too tired.`"""
    herd = noun_phrase(random.choice(("the", "these", "my")), random.choice(GROUPS["animal"]), plural=True)
    way = noun_phrase("the", random.choice(GROUPS["way"]))
    first = clause(herd, verb_group(lexicon.CROSS, "past", herd, random.choice(("n't", "not"))), way.phrase)
    return because(
        first, described(reference(herd), random.choice(lexicon.CREATURE_REASONS), "past", degree="too")
    ), "."


def resolved_fitting(random: Random) -> Sentence:
    """`The trophy doesn't fit in the suitcase because it is too big.` (or `too small`)"""
    thing = noun_phrase(random.choice(("the", "the", "this", "my")), random.choice(GROUPS["content"]))
    container = noun_phrase("the", random.choice(GROUPS["container"]))
    return fitting(thing, container, random.random() < 0.5), "."


def resolved_meal(random: Random) -> Sentence:
    """`The cat didn't eat the meat because it was too salty.` (or `too sick`)"""
    creature = noun_phrase("the", random.choice(GROUPS["animal"]))
    food = noun_phrase("the", random.choice(GROUPS["mass"]))
    sick = random.random() < 0.5
    adjective = random.choice(lexicon.EATER_REASONS if sick else lexicon.FOOD_REASONS)
    first = clause(creature, verb_group(lexicon.EAT, "past", creature, "n't"), food.phrase)
    return because(first, described(reference(creature if sick else food), adjective, "past", degree="too")), "."


def liking(random: Random) -> Sentence:
    """`I like this lamp because it is beautiful.`"""
    subject = pronoun(random.choice(("I", "you", "we")))
    noun = random.choice(GROUPS["object"] + GROUPS["place"])
    plural = random.random() < 0.4
    thing = noun_phrase("these" if plural else "this", noun, plural=plural)
    first = clause(subject, verb_group(lexicon.LIKE, "present", subject, random.choice(("", "n't"))), thing.phrase)
    adjective = draw_predicate(random, noun)
    return because(first, described(reference(thing), adjective, degree=draw_degree(random, adjective))), "."


def taking_up(random: Random) -> Sentence:
    """`I like this lamp but I didn't buy it.`: le or la, and a participle that agrees with what was named before."""
    subject = pronoun(random.choice(tuple(SUBJECTS)))
    noun = random.choice(GROUPS["movable"])
    thing = draw_noun_phrase(random, noun, known=True)
    them = "them" if thing.plural else "it"
    it = Clitic(said(them, "les" if thing.plural else OBJECT_IT[thing.gender]), thing.gender, thing.plural, True)
    first = clause(subject, verb_group(random.choice((lexicon.SEE, lexicon.FIND)), "past", subject), thing.phrase)
    verb, tense, adverb = random.choice(lexicon.TAKING_UP)
    second = clause(again(subject), verb_group(verb, tense, subject, adverb, it))
    return joined(first, said("but", "mais") if adverb else said("and", "et"), second), "."


OBJECT_IT = {"m": "le", "f": "la"}


def reason(random: Random) -> Sentence:
    """`She is crying because she is sad.`"""
    verb = random.choice(lexicon.INTRANSITIVES)
    subject = draw_subject(random, verb.subject)
    tense, adverb = random.choice(("progressive", "past")), random.choice(("", "n't"))
    first = clause(subject, verb_group(verb, tense, subject, adverb))
    adjective = random.choice(lexicon.describe(lexicon.OBSTACLES if adverb else lexicon.REASONS[verb.base]))
    degree = random.choice(("", "too" if adverb else "very")) if adjective.english not in lexicon.NOT_GRADED else ""
    moment = "past" if tense == "past" else "present"
    return because(first, described(again(subject), adjective, moment, degree=degree)), "."


def opinion(random: Random) -> Sentence:
    """`I think that she is happy.`"""
    verb, tense, subject = draw_verb(random, lexicon.SAYINGS)
    moment, adverb = "past" if tense == "past" else "present", random.choice(("", "", "n't"))
    what = described(draw_subject(random), random.choice(lexicon.MOODS), moment, adverb)
    return joined(clause(subject, verb_group(verb, tense, subject)), said("that", "que"), what), "."


def draw_owner(random: Random) -> Nominal:
    """Whose it is."""
    if random.random() < 0.5:
        return named(random.choice(lexicon.NAMES))
    noun = random.choice(GROUPS["person"])
    return noun_phrase(random.choice(POSSESSIVE) if noun.english in KIN else "the", noun)


def possession(random: Random) -> Sentence:
    """`I saw Paul's dog.`, `The king's horse is old.`"""
    noun = random.choice(GROUPS["pet"] + GROUPS["movable"])
    thing = owned(draw_owner(random), noun)
    if random.random() < 0.5:
        return described(thing, draw_predicate(random, noun), random.choice(("present", "past"))), "."
    subject, verb = draw_subject(random, "person"), random.choice((lexicon.SEE, lexicon.LIKE, lexicon.FIND))
    tense = "present" if verb is lexicon.LIKE else "past"
    return clause(subject, verb_group(verb, tense, subject, random.choice(("", "n't"))), thing.phrase), "."


def order(random: Random) -> Sentence:
    """`Close the door!`, `Don't touch the cat!`"""
    verb = random.choice([verb for verb in lexicon.TRANSITIVES if "must" in verb.tenses])
    mark = random.choice(("!", "."))
    negated = random.random() < 0.4
    thing = draw_noun_phrase(random, random.choice(GROUPS[random.choice(verb.objects)]), known=True).phrase
    return joined(commanded(verb, negated), thing), mark


GREETINGS = (("hello", "bonjour"), ("good evening", "bonsoir"))
ANSWERS = (("sorry", "désolé"), ("yes", "oui"), ("thank you", "merci"))


def greeting(random: Random) -> Sentence:
    """`Hello, I love you.`"""
    pattern = random.choice((action_on_somebody, yes_or_no, description, activity))
    phrase, mark = pattern(random)
    opening = random.choice(GREETINGS if mark == "?" else GREETINGS + ANSWERS)
    return joined(said(*opening), said(",", ","), phrase), mark


def two_clauses(random: Random) -> Sentence:
    """`The boy is singing and the girl is dancing.`, `I can swim but he can't dance.`"""
    tense, adverb = random.choice(("progressive", "past", "can")), random.choice(("", "n't"))
    first, second = random.sample(lexicon.INTRANSITIVES, 2)
    one, other = draw_subject(random, first.subject), draw_subject(random, second.subject)
    conjunction = said("but", "mais") if adverb else said("and", "et")
    return joined(
        clause(one, verb_group(first, tense, one)), conjunction, clause(other, verb_group(second, tense, other, adverb))
    ), "."


PATTERNS: dict[Callable[[Random], Sentence], float] = {
    description: 8,
    description_of_things: 8,
    action: 22,
    action_on_somebody: 11,
    activity: 8,
    motion: 13,
    giving: 8,
    giving_somebody: 5,
    yes_or_no: 7,
    yes_or_no_description: 2,
    asking_where: 4,
    asking_why: 1,
    asking_what: 1.5,
    asking_who: 2,
    whereabouts: 3,
    existence: 3,
    resolved_crossing: 7,
    resolved_herd: 1.5,
    resolved_fitting: 2.5,
    resolved_meal: 2.5,
    liking: 3,
    taking_up: 4,
    reason: 4,
    opinion: 4,
    possession: 4,
    order: 2.5,
    greeting: 2,
    two_clauses: 2,
}
