"""Phrases in two languages at once: a synchronous grammar's rules, and the links between words that follow from them.

A rule says how an English phrase and its French translation are built from the same parts, often in another order. Its
words carry *ties*: two words of the two languages that share a tie translate each other. Nothing is aligned
afterwards, so the gold links are exact. The conventions:

- `n't` or `not` is tied to `ne` and to `pas`, `never` to `ne` and `jamais`;
- an auxiliary is tied to the French finite verb, the lexical verb to the form that carries its meaning:
  `did n't see` - `n'ai pas vu` ties `did - ai` and `see - vu`; `saw` - `ai vu` ties `saw` to both;
- the auxiliary moved to the front of a question is also tied to `est-ce que`;
- a contraction keeps the ties of its parts: in `le cheval du roi`, `du` is tied to `'s` and to the `the` of
  `the king's horse`; and `'s` is tied to the article it brings as well;
- `à` before the receiver of `I gave my dog some food` has no English word: it stays without a link.
"""

from typing import NamedTuple

from transformer.corpora.corpus import Pair
from transformer.corpora.grammar.lexicon import (
    ADJECTIVES,
    AUXILIARIES,
    BE,
    BEFORE_VOWEL,
    CROSS,
    FIT,
    IMPERFECT,
    MODALS,
    Adjective,
    Gender,
    Name,
    Noun,
    Verb,
)


class Word(NamedTuple):
    """One word and its ties. A tie is any object; it is known by its identity."""

    text: str
    ties: tuple[object, ...] = ()


Words = tuple[Word, ...]


class Phrase(NamedTuple):
    """The same phrase in both languages."""

    english: Words
    french: Words

    def __add__(self, other: "Phrase") -> "Phrase":  # type: ignore[override]
        """Both languages in the same order."""
        return Phrase(self.english + other.english, self.french + other.french)


NOTHING = Phrase((), ())


def tied(text: str, *ties: object) -> Words:
    """The words of a text, all with the same ties."""
    return tuple([Word(word, ties) for word in text.split()])


def said(english: str, french: str) -> Phrase:
    """Words that translate each other as a whole: `said("every day", "tous les jours")`."""
    tie = object()
    return Phrase(tied(english, tie), tied(french, tie))


def crossed(first: Phrase, second: Phrase) -> Phrase:
    """English says the first part first, French the second."""
    return Phrase(first.english + second.english, second.french + first.french)


# The surface of a sentence -------------------------------------------------------------------------------------------

VOWELS = frozenset("aeiouhàâéèêëîïôöûœ")
ASPIRATED = frozenset({"héros"})
ELIDING = frozenset({"je", "me", "te", "le", "la", "ne", "de", "que"})
CONTRACTIONS = {("de", "le"): "du", ("de", "les"): "des", ("à", "le"): "au", ("à", "les"): "aux"}


def starts_with_vowel(word: str) -> bool:
    """Whether the word is heard with a vowel first: `animal`, `hôtel`, `y`, but not `héros`."""
    return word == "y" or (word[0].lower() in VOWELS and word not in ASPIRATED)


def surface(french: Words) -> Words:
    """French as it is written: elided before a vowel (`l'animal`) and contracted (`du`, `aux`)."""
    written: list[Word] = []
    for word in reversed(french):
        following = written[-1] if written else None
        if following and word.text in ELIDING and starts_with_vowel(following.text):
            word = Word(word.text[:-1] + "'", word.ties)
        elif following and (word.text, following.text) in CONTRACTIONS:
            word = Word(CONTRACTIONS[word.text, written.pop().text], word.ties + following.ties)
        written.append(word)
    return tuple(reversed(written))


def links(english: Words, french: Words) -> tuple[tuple[int, int], ...]:
    """The pairs of places whose words share a tie."""
    places: dict[object, list[int]] = {}
    for place, word in enumerate(english):
        for tie in word.ties:
            places.setdefault(tie, []).append(place)
    found = {(i, j) for j, word in enumerate(french) for tie in word.ties for i in places.get(tie, ())}
    return tuple(sorted(found))


def written(words: Words, glued: frozenset[str]) -> str:
    """The words as one line, with a capital; `glued` words follow the word before them without a space."""
    text = ""
    for word, _ in words:
        close = not text or word in glued or text[-1] in "'-"
        text += word if close else " " + word
    return text[0].upper() + text[1:]


ENGLISH_GLUED = frozenset({".", ",", "!", "?", "n't", "'s", "'m", "'re"})
FRENCH_GLUED = frozenset({".", ",", "-"})


def sentence(phrase: Phrase, mark: str = ".") -> Pair:
    """The phrase as a sentence that ends with that mark."""
    end = said(mark, mark)
    english, french = phrase.english + end.english, surface(phrase.french + end.french)
    return Pair(written(english, ENGLISH_GLUED), written(french, FRENCH_GLUED), links(english, french))


# Noun phrases --------------------------------------------------------------------------------------------------------


class Nominal(NamedTuple):
    """A noun phrase or pronoun, and what the words around it agree with.

    `person` counts I, you, he or she, we, they from 0, as the conjugations in the lexicon do.
    """

    phrase: Phrase
    person: int
    gender: Gender
    plural: bool = False


DETERMINERS: dict[str, tuple[str, str, str]] = {  # before a masculine, a feminine and a plural noun
    "the": ("le", "la", "les"),
    "a": ("un", "une", ""),
    "this": ("ce", "cette", ""),
    "these": ("", "", "ces"),
    "my": ("mon", "ma", "mes"),
    "your": ("ton", "ta", "tes"),
    "his": ("son", "sa", "ses"),
    "her": ("son", "sa", "ses"),
    "our": ("notre", "notre", "nos"),
    "their": ("leur", "leur", "leurs"),
    "some": ("de le", "de la", "de les"),
    "any": ("de", "de", "de"),
    "no a": ("de", "de", ""),  # "a" under a negation: "Je n'ai pas de chien"
    "two": ("", "", "deux"),
    "three": ("", "", "trois"),
    "many": ("", "", "beaucoup de"),
}
DETERMINER_BEFORE_VOWEL = {"ce": "cet", "ma": "mon", "ta": "ton", "sa": "son"}


def determined(determiner: str, first: str, gender: Gender, plural: bool, partitive: bool) -> str:
    """The French determiner before that word: `ce chat, cet animal, cette vache, ces vaches`."""
    form = DETERMINERS[determiner][2 if plural else gender == "f"]
    if determiner == "some" and plural and not partitive:
        return "de"  # "de petits chats": the article des before an adjective
    return DETERMINER_BEFORE_VOWEL.get(form, form) if starts_with_vowel(first) else form


def article(noun: str, determiner: str) -> str:
    """The English determiner: `a cat`, `an owl`."""
    if determiner in {"a", "no a"}:
        return "an" if noun[0] in "aeiou" else "a"
    return determiner


def noun_phrase(determiner: str, noun: Noun, adjective: Adjective | None = None, *, plural: bool = False) -> Nominal:
    """A determiner, perhaps an adjective, and a noun, in each language's order."""
    core = said(noun.english_plural, noun.french_plural) if plural else said(noun.english, noun.french)
    if adjective:
        core = adjective_and_noun(adjective, core, noun.gender, plural)
    first = core.french[0].text
    ahead = adjective is not None and adjective.place == "before"
    french = determined(determiner, first, noun.gender, plural, not ahead)
    phrase = said(article(core.english[0].text, determiner), french) + core
    return Nominal(phrase, 4 if plural else 2, noun.gender, plural)


def adjective_and_noun(adjective: Adjective, noun: Phrase, gender: Gender, plural: bool) -> Phrase:
    """`black cat` is `chat noir`, `small cat` is `petit chat`, and `old tree` is `vieil arbre`."""
    form = adjective.agree(gender, plural)
    if adjective.place == "after":
        return crossed(said(adjective.english, form), noun)
    if not plural and starts_with_vowel(noun.french[0].text):
        form = BEFORE_VOWEL.get(form, form)
    return said(adjective.english, form) + noun


def named(name: Name) -> Nominal:
    """A person by name."""
    return Nominal(said(name.text, name.text), 2, name.gender)


def with_name(nominal: Nominal, name: str) -> Nominal:
    """`my dog Charlie`."""
    return nominal._replace(phrase=nominal.phrase + said(name, name))


def owned(owner: Nominal, noun: Noun, adjective: Adjective | None = None) -> Nominal:
    """`the girl's cat` is `le chat de la fille`; `'s` is tied to `de` and to the article before `chat`."""
    tie = object()
    thing = noun_phrase("the", noun, adjective)
    english = owner.phrase.english + tied("'s", tie) + thing.phrase.english[1:]
    opening = tied(thing.phrase.french[0].text, tie)
    french = opening + thing.phrase.french[1:] + tied("de", tie) + owner.phrase.french
    return thing._replace(phrase=Phrase(english, french))


SUBJECTS: dict[str, tuple[str, int, Gender, bool]] = {  # "you" is always tu, and "they" is ils without a noun before it
    "I": ("je", 0, "m", False),
    "you": ("tu", 1, "m", False),
    "he": ("il", 2, "m", False),
    "she": ("elle", 2, "f", False),
    "we": ("nous", 3, "m", True),
    "they": ("ils", 4, "m", True),
}
OBJECTS: dict[str, tuple[str, str, Gender, bool]] = {  # direct, indirect
    "me": ("me", "me", "m", False),
    "you": ("te", "te", "m", False),
    "him": ("le", "lui", "m", False),
    "her": ("la", "lui", "f", False),
    "us": ("nous", "nous", "m", True),
    "them": ("les", "leur", "m", True),
}
SELF = {"I": {"me", "us"}, "you": {"you"}, "we": {"us", "me"}}  # objects that would be reflexive


def pronoun(english: str) -> Nominal:
    """A subject pronoun."""
    french, person, gender, plural = SUBJECTS[english]
    return Nominal(said(english, french), person, gender, plural)


def reference(noun: Nominal) -> Nominal:
    """The pronoun for a thing or animal named before: `it` is il or elle as the French noun decides."""
    french = ("il" if noun.gender == "m" else "elle") + ("s" if noun.plural else "")
    return noun._replace(phrase=said("they" if noun.plural else "it", french))


class Clitic(NamedTuple):
    """An object pronoun: after the verb in English, before it in French."""

    phrase: Phrase
    gender: Gender
    plural: bool
    direct: bool


def clitic(english: str, *, direct: bool = True) -> Clitic:
    """`him` is le in `I see him`, and lui in `I give him a book`."""
    accusative, dative, gender, plural = OBJECTS[english]
    return Clitic(said(english, accusative if direct else dative), gender, plural, direct)


# Clauses -------------------------------------------------------------------------------------------------------------

NEGATIONS = {"n't": "pas", "not": "pas", "never": "jamais"}
ADVERBS = {**NEGATIONS, "often": "souvent", "always": "toujours"}  # after the French finite verb


class VerbGroup(NamedTuple):
    """The verb and what clings to it: the English auxiliary, the rest of the English, the French, and `est-ce que`."""

    auxiliary: Words
    english: Words
    french: Words
    question: Words


class VerbTies(NamedTuple):
    """What the words of a verb group can translate: the finite verb, its meaning, an adverb, the asking."""

    finite: object
    meaning: object
    adverb: object
    question: object


def conjugated(verb: Verb, tense: str, subject: Nominal, clitic: Clitic | None) -> tuple[str, str]:
    """The French finite verb, and the participle or infinitive after it (or nothing)."""
    person = subject.person
    if tense in MODALS:
        return MODALS[tense][person], verb.infinitive
    if tense == "past" and verb is BE:
        return IMPERFECT[person], ""
    if tense == "past":
        return AUXILIARIES[verb.auxiliary][person], participle(verb, subject, clitic)
    return verb.present[person], ""


def participle(verb: Verb, subject: Nominal, clitic: Clitic | None) -> str:
    """The participle agrees with the subject after être, and with a direct object that stands before it after avoir."""
    if verb.auxiliary == "être":
        model: Nominal | Clitic | None = subject
    else:
        model = clitic if clitic and clitic.direct else None
    if model is None:
        return verb.participle
    form = verb.participle + ("e" if model.gender == "f" else "")
    return form + "s" if model.plural and not form.endswith("s") else form


def be(tense: str, person: int) -> str:
    """am, are, is; was, were."""
    return ("was were was were were" if tense == "past" else "am are is are are").split()[person]


def english_verb(verb: Verb, tense: str, person: int, supported: bool) -> tuple[str, str, str]:
    """The auxiliary, the words before the lexical verb, and the lexical verb; `supported` asks for do.

    `does | | see`, `| | sees`, `is | | seeing`, `can | | see`, `is | going | to see`, `| wants | to see`.
    """
    if verb is BE:
        return be(tense, person), "", ""
    if tense in {"can", "must"}:
        return tense, "", verb.base
    if tense in {"progressive", "going"}:
        return (be("present", person), *(("going", "to " + verb.base) if tense == "going" else ("", verb.progressive)))
    do = "did" if tense == "past" else "does" if person == 2 else "do"
    if tense == "want":
        return (
            (do, "want", "to " + verb.base)
            if supported
            else ("", "wants" if person == 2 else "want", "to " + verb.base)
        )
    if supported:
        return do, "", verb.base
    return "", "", verb.past if tense == "past" else verb.third if person == 2 else verb.base


def verb_group(
    verb: Verb, tense: str, subject: Nominal, adverb: str = "", clitic: Clitic | None = None, *, asked: bool = False
) -> VerbGroup:
    """The verb in a tense, with a negation or another adverb of `ADVERBS` and an object pronoun."""
    ties = VerbTies(object(), object(), object(), object())
    auxiliary, modal, lexical = english_verb(verb, tense, subject.person, asked or adverb in {"n't", "not"})
    carriers = (ties.meaning,) if auxiliary or modal else (ties.finite, ties.meaning)
    fronted, middle = english_adverb(auxiliary, adverb, ties)
    pronoun = clitic.phrase if clitic else NOTHING
    english = (*middle, *tied(modal, ties.finite), *tied(lexical, *carriers), *pronoun.english)
    forms = conjugated(verb, tense, subject, clitic)
    french = french_group(forms, adverb, pronoun.french, tense in MODALS, ties)
    return VerbGroup(fronted, english, french, tied("est - ce que", ties.question))


def english_adverb(auxiliary: str, adverb: str, ties: VerbTies) -> tuple[Words, Words]:
    """The auxiliary and what follows it: `did | n't`, `am | not`, `ca | n't`, `cannot`, `| never`."""
    if auxiliary == "can" and adverb == "not":
        return tied("cannot", ties.finite, ties.adverb), ()
    if auxiliary == "can" and adverb == "n't":
        auxiliary = "ca"
    word = "not" if auxiliary == "am" and adverb == "n't" else adverb
    return tied(auxiliary, ties.finite, ties.question), tied(word, ties.adverb)


def french_group(forms: tuple[str, str], adverb: str, pronoun: Words, modal: bool, ties: VerbTies) -> Words:
    """`ne le vois pas`, `ne l'ai pas vu`, and with a modal `ne peux pas le voir`."""
    ne = tied("ne" if adverb in NEGATIONS else "", ties.adverb)
    after = tied(ADVERBS.get(adverb, ""), ties.adverb)
    if modal:
        return ne + tied(forms[0], ties.finite) + after + pronoun + tied(forms[1], ties.meaning)
    if forms[1]:
        return ne + pronoun + tied(forms[0], ties.finite) + after + tied(forms[1], ties.meaning)
    return ne + pronoun + tied(forms[0], ties.finite, ties.meaning) + after


def clause(subject: Nominal, group: VerbGroup, *complements: Phrase) -> Phrase:
    """A statement."""
    english, french = subject.phrase
    whole = Phrase(english + group.auxiliary + group.english, french + group.french)
    return joined(whole, *complements)


def question(subject: Nominal, group: VerbGroup, *complements: Phrase, asking: Phrase = NOTHING) -> Phrase:
    """`Do you see the cat` is `Est-ce que tu vois le chat`; `asking` is the wh-word before it."""
    english, french = subject.phrase
    whole = Phrase(group.auxiliary + english + group.english, group.question + french + group.french)
    return joined(asking, whole, *complements)


def joined(*phrases: Phrase) -> Phrase:
    """The phrases one after the other, in both languages."""
    return Phrase(
        tuple([word for phrase in phrases for word in phrase.english]),
        tuple([word for phrase in phrases for word in phrase.french]),
    )


def quality(adjective: Adjective, subject: Nominal, degree: str = "") -> Phrase:
    """A predicate that agrees with its subject: `too tired`, `trop fatiguée`."""
    form = adjective.agree(subject.gender, subject.plural)
    return (said(degree, DEGREES[degree]) if degree else NOTHING) + said(adjective.english, form)


DEGREES = {"very": "très", "too": "trop"}


def described(
    subject: Nominal, adjective: Adjective, tense: str = "present", adverb: str = "", degree: str = ""
) -> Phrase:
    """`The cat isn't very big.`"""
    return clause(subject, verb_group(BE, tense, subject, adverb), quality(adjective, subject, degree))


def receiver(nominal: Nominal) -> Phrase:
    """`my dog` as the one who is given something: `à mon chien`. The à has no English word, and no link."""
    return Phrase(nominal.phrase.english, (Word("à"), *nominal.phrase.french))


def there(plural: bool, negated: bool) -> Phrase:
    """`There is, there aren't`: `il y a, il n'y a pas`."""
    tie, other = object(), object()
    english = tied("there are" if plural else "there is", tie) + tied("n't" if negated else "", other)
    if not negated:
        return Phrase(english, tied("il y a", tie))
    return Phrase(english, tied("il", tie) + tied("ne", other) + tied("y a", tie) + tied("pas", other))


def commanded(verb: Verb, negated: bool) -> Phrase:
    """`Close, don't close`: `ferme, ne ferme pas`. A verb in -er loses the s of tu."""
    meaning, other, support = object(), object(), object()
    you = verb.present[1]
    form = tied(you[:-1] if you.endswith("es") else you, meaning, support)
    if not negated:
        return Phrase(tied(verb.base, meaning), form)
    english = tied("do", support) + tied("n't", other) + tied(verb.base, meaning)
    return Phrase(english, tied("ne", other) + form + tied("pas", other))


def crossing(creature: Nominal, way: Nominal, adjective: Adjective, tired: bool, adverb: str = "n't") -> Phrase:
    """Somebody did not cross a way, because one of the two was too ...; `tired` says it was the one who crosses."""
    first = clause(creature, verb_group(CROSS, "past", creature, adverb), way.phrase)
    return because(first, described(reference(creature if tired else way), adjective, "past", degree="too"))


def because(first: Phrase, second: Phrase) -> Phrase:
    """The first, because the second."""
    return joined(first, said("because", "parce que"), second)


def fitting(thing: Nominal, container: Nominal, big: bool) -> Phrase:
    """`It` is the thing if it is too big, the container if it is too small."""
    first = clause(thing, verb_group(FIT, "present", thing, "n't"), said("in", "dans"), container.phrase)
    adjective = ADJECTIVES["big" if big else "small"]
    return because(first, described(reference(thing if big else container), adjective, degree="too"))
