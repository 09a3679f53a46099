"""Drawing the parts of a sentence: nouns, subjects, objects and times that go together.

Nobody owns a river, people read and animals do not, and a brother is always somebody's brother.
"""

from random import Random

from transformer.corpora.grammar import lexicon
from transformer.corpora.grammar.lexicon import GROUPS, QUALITIES, Adjective, Noun, Verb, kind_of
from transformer.corpora.grammar.phrases import (
    NOTHING,
    OBJECTS,
    SELF,
    SUBJECTS,
    Clitic,
    Nominal,
    Phrase,
    clitic,
    named,
    noun_phrase,
    pronoun,
    reference,
    said,
    with_name,
)

POSSESSIVE = ("my", "your", "his", "her", "our", "their")
INDEFINITE = {"a", "some", "three", "many"}
OWNED = {noun.english for group in ("object", "food", "pet", "relative") for noun in GROUPS[group]}
KIN = {noun.english for noun in GROUPS["kin"]}
NEGATED = {"some": "any", "many": "any", "a": "no a"}  # Je n'ai pas de pain
SPOKEN_OF = ("you", "he", "she", "we", "they")


def determiners(noun: Noun, plural: bool) -> tuple[str, ...]:
    """What may stand before that noun: nobody owns a river, and a brother is somebody's."""
    if noun.english in KIN:
        return POSSESSIVE
    if kind_of(noun) in {"mass", "drink"}:
        return ("some", "some", "some", "the", "this", "my", "your")
    general = ("the", "the", "these", "some", "two", "three", "many") if plural else ("the", "the", "this", "a")
    return general + POSSESSIVE if noun.english in OWNED else general


def draw_noun_phrase(
    random: Random,
    noun: Noun,
    plurals: float = 0.35,
    adjectives: float = 0.35,
    *,
    known: bool = False,
    denied: bool = False,
) -> Nominal:
    """A noun phrase around that noun: a `known` one begins with `the, this, my`, a `denied` one with `any`."""
    plural = kind_of(noun) not in {"mass", "drink"} and random.random() < plurals
    determiner = random.choice([word for word in determiners(noun, plural) if not (known and word in INDEFINITE)])
    adjective = random.choice(QUALITIES[kind_of(noun)]) if random.random() < adjectives else None
    return noun_phrase(NEGATED.get(determiner, determiner) if denied else determiner, noun, adjective, plural=plural)


def draw_subject(random: Random, group: str = "animate", pronouns: tuple[str, ...] = tuple(SUBJECTS)) -> Nominal:
    """Somebody: most often a pronoun, else a name or a noun phrase."""
    chance = random.random()
    if chance < 0.6:
        return pronoun(random.choice(pronouns))
    if chance < 0.75:
        return draw_named(random)
    return draw_noun_phrase(random, random.choice(GROUPS[group]), plurals=0.4, adjectives=0.2, known=True)


def draw_named(random: Random) -> Nominal:
    """`Paul`, or sometimes `my friend Paul`."""
    name = random.choice(lexicon.NAMES)
    if random.random() < 0.8:
        return named(name)
    return with_name(noun_phrase(random.choice(POSSESSIVE), lexicon.FRIENDS[name.gender]), name.text)


def draw_predicate(random: Random, noun: Noun) -> Adjective:
    """What can be said of that noun."""
    return random.choice([word for word in QUALITIES[kind_of(noun)] if word.english not in lexicon.NOT_PREDICATED])


def draw_degree(random: Random, adjective: Adjective) -> str:
    """very, too or nothing."""
    return "" if adjective.english in lexicon.NOT_GRADED else random.choice(("", "", "very", "too"))


def draw_adverb(random: Random, verb: Verb, tense: str) -> str:
    """A negation one time in three; often, always and never only with a simple tense."""
    if random.random() < 0.3:
        return random.choice(("n't", "n't", "not"))
    if tense == "present" and verb.tenses[1:] and random.random() < 0.5:
        return random.choice(("never", "often", "always"))
    return ""


TIMES = {
    "past": (("yesterday", "hier"), ("this morning", "ce matin"), ("today", "aujourd'hui")),
    "progressive": (("now", "maintenant"), ("today", "aujourd'hui")),
    "going": (("tomorrow", "demain"), ("today", "aujourd'hui")),
    "must": (("tomorrow", "demain"), ("now", "maintenant")),
}


def draw_time(random: Random, tense: str, share: float = 0.2) -> Phrase:
    """When it happens, sometimes."""
    return said(*random.choice(TIMES[tense])) if tense in TIMES and random.random() < share else NOTHING


def draw_object(random: Random, verb: Verb, adverb: str = "") -> Phrase:
    """A noun phrase the verb can have for its object, or a name."""
    group = random.choice(verb.objects)
    if group in {"person", "animate"} and random.random() < 0.3:
        return named(random.choice(lexicon.NAMES)).phrase
    feeling = verb.tenses == ("present",) and verb.base != "have"  # one loves a known thing
    noun = random.choice(GROUPS[group])
    return draw_noun_phrase(random, noun, known=feeling, denied=adverb in {"n't", "not", "never"}).phrase


def draw_clitic(random: Random, subject: Nominal, *, direct: bool = True) -> Clitic:
    """An object pronoun that is not the subject itself; `her` twice, for the participle that agrees with it."""
    reflexive = SELF.get(subject.phrase.english[0].text, set())
    return clitic(random.choice([word for word in (*OBJECTS, "her") if word not in reflexive]), direct=direct)


SIMPLE = {"present": 4, "progressive": 3, "past": 3}  # drawn more often: these have more forms


def draw_verb(
    random: Random, verbs: tuple[Verb, ...], pronouns: tuple[str, ...] = tuple(SUBJECTS)
) -> tuple[Verb, str, Nominal]:
    """A verb, one of its tenses and a subject that can do it."""
    verb = random.choice(verbs)
    (tense,) = random.choices(verb.tenses, [SIMPLE.get(tense, 1) for tense in verb.tenses])
    return verb, tense, draw_subject(random, verb.subject, pronouns)


ANIMALS = {noun.english for noun in GROUPS["animal"]}


def again(subject: Nominal) -> Nominal:
    """The pronoun that takes up a subject: he or she for a person, it for an animal, they for several."""
    if subject.phrase.english[0].text in SUBJECTS:
        return pronoun(subject.phrase.english[0].text)
    if subject.plural or any(word.text in ANIMALS for word in subject.phrase.english):
        return reference(subject)
    return pronoun("he" if subject.gender == "m" else "she")


def located(random: Random) -> Phrase:
    """`in the garden`, `dans le jardin`."""
    return said("in", "dans") + noun_phrase("the", random.choice(GROUPS["indoors"])).phrase


def placed(random: Random, english: str) -> Phrase:
    """`at the hotel` or `to the hotel`, `à l'hôtel`."""
    return said(english, "à") + noun_phrase("the", random.choice(GROUPS["at"])).phrase
