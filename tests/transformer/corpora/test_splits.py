"""What is held out: by a hash of the sentence, and of a small corpus a tenth and a tenth."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as hypothesis

from transformer.commands import main
from transformer.corpora import Corpus, Pair, fold, open_corpus, split_of


def test_the_split_does_not_depend_on_case_punctuation_or_spacing() -> None:
    for source in ("Tom's cat sleeps.", "Where are you going?", "I don't know"):
        assert split_of(source) == split_of(f"  {source.upper()} !") == split_of(source.replace("'", "’"))


# Small corpora hold out more


def table_of(sources: Iterable[str]) -> Corpus:
    """A corpus of the sentences, each with two translations."""
    pairs = tuple(Pair(source, f"{source} {turn}") for source in sources for turn in ("un", "deux"))
    return Corpus(name="class", title="", licence="", attribution="", pairs=pairs)


def sentences(count: int, wanted: str = "") -> list[str]:
    """That many distinct sentences; of one split of the large corpora, if that is asked for."""
    numbered = (f"The cat has {number} mice." for number in range(10**6))
    return list(islice((each for each in numbered if not wanted or split_of(each) == wanted), count))


@pytest.mark.parametrize(
    ("count", "test", "validation"),
    [
        (1, 0, 0),
        (2, 0, 0),
        (3, 1, 0),
        (4, 1, 0),
        (5, 1, 1),
        (10, 1, 1),
        (19, 1, 1),
        (20, 2, 2),
        (300, 30, 30),
        (999, 99, 99),
    ],
)
def test_a_small_corpus_holds_out_a_tenth_and_a_tenth(count: int, test: int, validation: int) -> None:
    corpus = table_of(sentences(count, "train"))
    held_out = [len({pair.source for pair in corpus.split(split)}) for split in ("test", "validation")]
    assert held_out == [test, validation]
    assert len(corpus.split("train")) == 2 * (count - test - validation)
    assert table_of(reversed(sentences(count, "train"))).split("test") == tuple(reversed_twos(corpus.split("test")))


def reversed_twos(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for first in range(len(pairs) - 2, -1, -2) for pair in pairs[first : first + 2]]


@given(hypothesis.lists(hypothesis.integers(0, 3000), min_size=3, max_size=1200, unique=True))
@settings(max_examples=40, deadline=None)
def test_a_small_corpus_still_holds_out_what_every_corpus_does(numbers: list[int]) -> None:
    corpus = table_of(f"The cat has {number} mice." for number in numbers)
    splits: dict[str, set[str]] = {}
    for pair, split in zip(corpus.pairs, corpus.splits, strict=True):
        splits.setdefault(fold(pair.source), set()).add(split)
        assert split_of(pair.source) in ("train", split) or len(numbers) < 5  # with fewer, only the test is filled up
        assert split_of(pair.source) == "train" or split != "train"
    assert {len(found) for found in splits.values()} == {1}


def test_sentences_alike_but_for_case_and_punctuation_are_in_one_split() -> None:
    alike = [f"{sentence}{mark}" for sentence in sentences(8) for mark in ("", " !", " ?")]
    corpus = table_of([*alike, *(each.upper() for each in alike)])
    for sentence in sentences(8):
        assert (
            len(
                {
                    split
                    for pair, split in zip(corpus.pairs, corpus.splits, strict=True)
                    if fold(sentence) == fold(pair.source)
                }
            )
            == 1
        )
    assert len(corpus.split("test")) == 2 * 6


def test_a_large_corpus_holds_out_by_the_hash_alone() -> None:
    corpus = table_of(sentences(1000))
    assert corpus.splits == tuple(split_of(pair.source) for pair in corpus.pairs)


def test_a_corpus_of_two_sentences_is_learned_whole_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file := tmp_path / "two.tsv").write_text("Hi.\tSalut.\nYes.\tOui.\n", encoding="utf-8")
    assert open_corpus(str(file)).split("train") == open_corpus(str(file)).pairs
    assert main(["corpus", str(file)]) == 0
    assert "nothing is held out" in capsys.readouterr().out
    file.write_text("Hi.\tSalut.\nYes.\tOui.\nNo.\tNon.\n", encoding="utf-8")
    assert main(["corpus", str(file)]) == 0
    assert "train 2, validation 0, test 1" in (said := capsys.readouterr().out)
    assert "nothing is held out" not in said
