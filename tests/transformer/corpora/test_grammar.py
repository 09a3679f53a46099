"""The grammar corpus: its French is well formed, its links are exact, and its minimal pairs are minimal."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from transformer.corpora import Corpus, Pair, grammar_en_fr, load_corpus, words
from transformer.corpora.grammar.lexicon import ADJECTIVES, NOUN, Noun
from transformer.corpora.grammar.phrases import ASPIRATED, starts_with_vowel
from transformer.corpora.grammar_en_fr import PHENOMENA, generate, minimal_pairs

PUNCTUATION = set(".,!?")
WITHOUT_LINK = {"à", "au", "aux"}  # the receiver's à, when English has no "to"


def texts(sentence: str) -> list[str]:
    """The words of a sentence."""
    return [sentence[start:end] for start, end in words(sentence)]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus(grammar_en_fr.NAME)


def test_it_is_large_enough_to_learn_from(corpus: Corpus) -> None:
    assert len(set(corpus.pairs)) == len(corpus.pairs) >= 20_000
    english = {word.casefold() for pair in corpus.pairs for word in texts(pair.source)}
    french = {word.casefold() for pair in corpus.pairs for word in texts(pair.target)}
    assert 300 < len(english) < 1000
    assert 500 < len(french) < 1200


def test_no_word_is_rare(corpus: Corpus) -> None:
    """A held-out sentence should hold no word that training has not shown several times."""
    counts = Counter(word.casefold() for pair in corpus.pairs for word in texts(pair.source))
    assert min(counts.values()) >= 10


def test_the_same_seed_gives_the_same_sentences() -> None:
    assert generate(7, 300) == generate(7, 300)
    assert generate(7, 300) != generate(8, 300)


def test_one_english_sentence_has_one_french_sentence(corpus: Corpus) -> None:
    assert len({pair.source for pair in corpus.pairs}) == len(corpus.pairs)
    other = {pair.source: pair.target for pair in generate(99, 5_000)}
    assert all(other.get(pair.source, pair.target) == pair.target for pair in corpus.pairs)


def test_links_count_the_words_and_leave_none_out(corpus: Corpus) -> None:
    """Every word of both sides is linked, but the `à` for which English has no word."""
    for pair in corpus.pairs:
        source, target = texts(pair.source), texts(pair.target)
        assert set(range(len(source))) == {i for i, _ in pair.links}, pair
        loose = {target[j] for j in set(range(len(target))) - {j for _, j in pair.links}}
        assert loose <= WITHOUT_LINK, (pair, loose)


def test_punctuation_is_linked_to_punctuation(corpus: Corpus) -> None:
    for pair in corpus.pairs:
        source, target = texts(pair.source), texts(pair.target)
        assert all((source[i] in PUNCTUATION) == (target[j] in PUNCTUATION) for i, j in pair.links), pair


def test_names_are_linked_to_themselves(corpus: Corpus) -> None:
    for pair in corpus.pairs[:3000]:
        source, target = texts(pair.source), texts(pair.target)
        for i, word in enumerate(source):
            if i and word[0].isupper() and word != "I":
                assert (i, target.index(word)) in pair.links or target.count(word) > 1


def test_french_is_elided_and_contracted(corpus: Corpus) -> None:
    eliding = {"je", "me", "te", "le", "la", "ne", "de", "que"}
    contracted = {("de", "le"), ("de", "les"), ("à", "le"), ("à", "les")}
    for pair in corpus.pairs:
        target = [
            word if word[0].isupper() and place else word.casefold() for place, word in enumerate(texts(pair.target))
        ]
        for word, following in pairwise(target):
            assert not (word in eliding and starts_with_vowel(following)), pair
            assert (word, following) not in contracted, pair
            assert word[-1] != "'" or starts_with_vowel(following), pair


def test_the_hero_keeps_his_article(corpus: Corpus) -> None:
    """The h of héros is aspirated: le héros, never l'héros."""
    heroes = [pair.target for pair in corpus.pairs if "héros" in pair.target]
    assert heroes
    assert "héros" in ASPIRATED
    assert not any("'héros" in target for target in heroes)


SINGULAR = {
    **dict.fromkeys(("le", "un", "ce", "cet"), "m"),
    **dict.fromkeys(("la", "une", "cette", "ma", "ta", "sa"), "f"),
}


def test_articles_and_adjectives_agree_with_their_noun(corpus: Corpus) -> None:
    genders = {noun.french: noun.gender for noun in NOUN.values()}
    feminine = {row.feminine for row in ADJECTIVES.values() if row.feminine != row.masculine}
    masculine = {row.masculine for row in ADJECTIVES.values() if row.feminine != row.masculine}
    for pair in corpus.pairs:
        target = [word.casefold() for word in texts(pair.target)]
        for before, noun, after in zip(target, target[1:], target[2:], strict=False):
            if noun not in genders or before not in SINGULAR:
                continue
            assert SINGULAR[before] == genders[noun], pair
            assert after not in (masculine if genders[noun] == "f" else feminine), pair


def test_possessives_do_not_stumble_over_a_vowel(corpus: Corpus) -> None:
    joined = "\n".join(pair.target.casefold() for pair in corpus.pairs)
    assert not re.search(r"\b(?:ma|ta|sa|ce|beau|vieux|nouveau) [aeiouéêîœ]\w+ (?:n'|est|était|a)\b", joined)
    assert "mon amie" in joined
    assert "son horloge" in joined


def test_ne_never_comes_alone(corpus: Corpus) -> None:
    for pair in corpus.pairs:
        target = [word.casefold() for word in texts(pair.target)]
        negations = sum(word in {"ne", "n'"} for word in target)
        assert negations == sum(word in {"pas", "jamais"} for word in target), pair


def test_questions_keep_a_space_before_their_mark(corpus: Corpus) -> None:
    assert all(" ?" in pair.target for pair in corpus.pairs if pair.source.endswith("?"))
    assert all(" !" in pair.target for pair in corpus.pairs if pair.source.endswith("!"))


@pytest.mark.parametrize("phenomenon", PHENOMENA)
def test_minimal_pairs_differ_in_one_word(phenomenon: str) -> None:
    pairs = minimal_pairs(phenomenon)
    assert len(set(pairs)) == len(pairs) >= 50
    for pair in pairs:
        first, second = pair.changed
        assert (len(first.english), len(second.english)) in {(1, 1), (0, 1)}, pair
        assert kept(pair.first.source, first.english) == kept(pair.second.source, second.english)
        assert kept(pair.first.target, first.french) == kept(pair.second.target, second.french)
        assert first.french or second.french


def kept(sentence: str, changed: tuple[int, ...]) -> list[str]:
    """The words of a sentence but those places."""
    return [word.casefold() for place, word in enumerate(texts(sentence)) if place not in changed]


def test_an_unknown_phenomenon_is_an_error() -> None:
    with pytest.raises(KeyError, match="pronoun it"):
        minimal_pairs("subjunctive")


def test_the_sentences_of_minimal_pairs_belong_to_the_language(corpus: Corpus) -> None:
    known = {pair.source: pair for pair in corpus.pairs}
    sentences = [sentence for pair in minimal_pairs() for sentence in (pair.first, pair.second)]
    shared = [sentence for sentence in sentences if sentence.source in known]
    assert len(shared) > 100
    assert all(known[sentence.source] == sentence for sentence in shared)


def test_it_is_what_the_adjective_can_describe() -> None:
    """The example everybody knows: the French pronoun follows the noun that can be tired, or wide."""
    told = {side.source: side.target for pair in minimal_pairs("pronoun it") for side in (pair.first, pair.second)}
    start = "The animal didn't cross the street because it was too "
    opening = "L'animal n'a pas traversé la rue parce qu'"
    assert told[start + "tired."] == opening + "il était trop fatigué."
    assert told[start + "wide."] == opening + "elle était trop large."


def test_negation_surrounds_the_verb_and_its_links_do_too() -> None:
    pair = minimal_pairs("pronoun it")[0].first
    source, target = texts(pair.source), texts(pair.target)
    linked = [target[j] for i, j in pair.links if source[i] == "n't"]
    assert linked == ["n'", "pas"]
    assert [target[j] for i, j in pair.links if source[i] == "did"] == ["a"]
    assert [target[j] for i, j in pair.links if source[i] == "it"] == ["il"]


def spoken(pair: Pair) -> tuple[str, str]:
    return pair.source, pair.target


def test_sentences_the_app_opens_with() -> None:
    """The first sentences a learner meets are in the language, word for word."""
    told = dict(map(spoken, grammar_en_fr.showcase()))
    assert told["I gave my dog some food."] == "J'ai donné de la nourriture à mon chien."
    assert told["I gave my dog Charlie some food."] == "J'ai donné de la nourriture à mon chien Charlie."
    assert told["Hello, I love you."] == "Bonjour, je t'aime."
    assert told["Do you see the black cat?"] == "Est-ce que tu vois le chat noir ?"
    assert told["I think that she is happy."] == "Je pense qu'elle est contente."
    assert told["I don't have any bread."] == "Je n'ai pas de pain."
    assert told["I saw them."] == "Je les ai vus."


@pytest.mark.parametrize("noun", NOUN.values(), ids=lambda noun: noun.english)
def test_every_noun_is_used_in_both_languages(noun: Noun, corpus: Corpus) -> None:
    assert any(noun.english in texts(pair.source) and noun.french in texts(pair.target) for pair in corpus.pairs)
