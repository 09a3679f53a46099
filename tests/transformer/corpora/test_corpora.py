"""The corpora: what holds for every one of them."""

import pytest

from tests.transformer.corpora.tatoeba import available
from transformer.corpora import SPLITS, Corpus, CorpusError, fold, names, open_corpus, references, split_of, words


@pytest.fixture(scope="module", params=names())
def corpus(request: pytest.FixtureRequest) -> Corpus:
    return available(request.param)


def test_a_corpus_has_distinct_pairs_and_says_whose_they_are(corpus: Corpus) -> None:
    assert len(set(corpus.pairs)) == len(corpus.pairs) > 0
    assert corpus.name in names()
    assert "" not in (corpus.title, corpus.licence, corpus.attribution)


def test_a_corpus_is_the_same_each_time(corpus: Corpus) -> None:
    again = open_corpus(corpus.name)
    assert again == corpus
    assert again.sha256 == corpus.sha256


def test_every_pair_is_in_one_split_and_every_split_has_some(corpus: Corpus) -> None:
    splits = [corpus.split(split) for split in SPLITS]
    assert all(splits)
    assert sum(map(len, splits)) == len(corpus.pairs)
    assert set().union(*splits) == set(corpus.pairs)
    folded = [{fold(pair.source) for pair in pairs} for pairs in splits]
    assert sum(map(len, folded)) == len(set().union(*folded))  # no English sentence is in two splits


def test_a_held_out_sentence_keeps_all_its_translations(corpus: Corpus) -> None:
    everything, held_out = references(corpus.pairs), references(corpus.split("test"))
    assert held_out
    assert all(everything[source] == translations for source, translations in held_out.items())


def test_gold_links_count_the_words_of_both_sides(corpus: Corpus) -> None:
    for pair in (pair for pair in corpus.pairs if pair.links):
        source, target = (len(words(side)) for side in (pair.source, pair.target))
        assert all(0 <= i < source and 0 <= j < target for i, j in pair.links)
        assert len(set(pair.links)) == len(pair.links)


def test_sentences_have_no_white_space_but_single_spaces(corpus: Corpus) -> None:
    assert all(side == " ".join(side.split()) != "" for pair in corpus.pairs for side in (pair.source, pair.target))


def test_no_sentence_held_out_by_one_corpus_is_trained_on_in_another() -> None:
    corpora = [available(name) for name in names()]
    splits: dict[str, set[str]] = {}
    for source in {pair.source for corpus in corpora for pair in corpus.pairs}:
        splits.setdefault(fold(source), set()).add(split_of(source))
    assert {len(found) for found in splits.values()} == {1}


def test_unknown_names_suggest_the_close_one() -> None:
    with pytest.raises(CorpusError, match=r"Did you mean tatoeba-en-fr\?"):
        open_corpus("tatoeba")
    with pytest.raises(CorpusError, match="There are grammar-en-fr and prices-en-fr and tatoeba-en-fr"):
        open_corpus("zzz")
