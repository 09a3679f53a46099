"""Before and after a fine-tuning: right and wrong are counted as the evaluation counts them, and nothing is lost on the way."""

from dataclasses import replace

import pytest

from tests.small_models import untrained
from transformer.analysis import before_after
from transformer.analysis.before_after import Change, Row, compare, effect, known, sampled, trained_on
from transformer.checkpoint import Checkpoint
from transformer.corpora import Corpus, CorpusError, Pair, references
from transformer.corpora.grammar_en_fr import generate, showcase
from transformer.tokenizer import Tokenizer
from transformer.training.evaluation import evaluate

PAIRS = generate(seed=3, count=24)


def small(tokenizer: Tokenizer, seed: int, name: str = "small", **card: object) -> Checkpoint:
    sizes = {"d_model": 16, "heads": 2, "decoder_layers": 1, "d_ff": 16, "max_positions": 40}
    model = untrained(tokenizer, seed, **sizes).requires_grad_(False)
    return Checkpoint(name=name, model=model, tokenizer=tokenizer, card=card)


@pytest.fixture(scope="module")
def two(tokenizer: Tokenizer) -> tuple[Checkpoint, Checkpoint]:
    return small(tokenizer, 1), small(tokenizer, 2)


def test_scores_and_counts_are_those_of_the_evaluation(two: tuple[Checkpoint, Checkpoint]) -> None:
    found = compare(*two, PAIRS)
    for checkpoint, scores in zip(two, (found.before, found.after), strict=True):
        assert scores == evaluate(checkpoint.model, checkpoint.tokenizer, PAIRS)
    assert [row.source for row in found.rows] == list(references(PAIRS))
    assert found.before
    assert found.right_before == round(found.before.exact_match / 100 * len(found.rows))


def test_right_is_what_is_one_of_the_references() -> None:
    row = Row(source="Hi.", references=("Salut.", "Bonjour."), before="Bonjour. ", after="Salut !")
    assert (row.right_before, row.right_after, row.learned, row.forgotten) == (True, False, False, True)
    turned = replace(row, before=row.after, after=row.before)
    assert (turned.learned, turned.forgotten) == (True, False)
    change = Change(rows=(row, turned, row), before=None, after=None)
    assert (change.right_before, change.right_after) == (2, 1)
    assert (change.forgotten, change.learned) == ((row, row), (turned,))


def test_what_the_model_says_itself_is_right(two: tuple[Checkpoint, Checkpoint]) -> None:
    before, after = two
    own = before_after.translations(after, [pair.source for pair in PAIRS])
    found = compare(before, after, [Pair(pair.source, text) for pair, text in zip(PAIRS, own, strict=True)])
    assert found.right_after == len(PAIRS)
    assert found.after
    assert found.after.exact_match == 100


def test_each_checkpoint_reads_with_its_own_tokenizer(tokenizer: Tokenizer) -> None:
    other = Tokenizer.train([side for pair in generate(1, 300) for side in (pair.source, pair.target)], 500)
    before, after = small(tokenizer, 1), small(other, 1)
    found = compare(before, after, PAIRS[:4])
    assert [row.after for row in found.rows] == before_after.translations(after, [pair.source for pair in PAIRS[:4]])


def test_no_sentences_and_sentences_that_no_model_can_read(two: tuple[Checkpoint, Checkpoint]) -> None:
    assert compare(*two, []) == Change(rows=(), before=None, after=None)
    found = compare(*two, [Pair("a" * 400, "b"), Pair("\ue000", "b"), PAIRS[0]])
    assert [row.source for row in found.rows] == [PAIRS[0].source]
    assert found.too_long == 2


def test_a_fine_tuning_is_measured_on_what_it_learned_what_was_held_out_and_what_was_known(
    two: tuple[Checkpoint, Checkpoint],
) -> None:
    corpus = Corpus(name="class", title="", licence="", attribution="", pairs=PAIRS[:10])
    heard: list[int] = []
    found = effect(*two, corpus, sample=5, progress=heard.append)
    assert [row.source for row in found.held_out.rows] == [
        pair.source for split in ("validation", "test") for pair in corpus.split(split)
    ]
    assert {row.source for row in found.learned_from.rows} < {pair.source for pair in corpus.split("train")}
    assert len(found.learned_from.rows) == 5
    assert [row.source for row in found.known.rows] == [
        pair.source for pair in showcase() if before_after.fits(two[0], pair.source)
    ]
    assert found.known_corpus == ""
    changes = (found.learned_from, found.held_out, found.known)
    assert sum(heard) == 2 * sum(len(each.rows) for each in changes)


def test_what_was_known_comes_from_the_first_corpus_of_the_card_that_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> Corpus:
        if name == "tatoeba-en-fr":
            raise CorpusError("not on this machine")
        return Corpus(name=name, title="", licence="", attribution="", pairs=generate(1, 2000))

    monkeypatch.setattr(before_after, "load_corpus", load)
    card = {"corpora": [{"name": "my_pairs"}, {"name": "tatoeba-en-fr"}, {"name": "grammar-en-fr"}]}
    name, pairs = known(card, sample=7)
    assert name == "grammar-en-fr"
    assert len(pairs) == 7
    assert {*pairs} < {*load(name).split("test")}
    assert known({"corpora": [{"name": "tatoeba-en-fr"}]}) == ("", showcase())


@pytest.mark.parametrize(
    "corpora", [None, 3, "grammar-en-fr", [], [3], [{}], [{"name": None}], [{"name": ["x"]}], [{"name": "/etc/passwd"}]]
)
def test_a_card_from_a_stranger_names_no_corpus_it_should_not(corpora: object) -> None:
    assert trained_on({"corpora": corpora}) == trained_on({}) == []


def test_a_sample_is_taken_all_along_with_every_translation() -> None:
    pairs = [Pair(f"{number}", f"{side}{number}") for number in range(10) for side in "ab"]
    assert sampled(pairs, 10) == sampled(pairs, 99) == pairs
    assert [pair.source for pair in sampled(pairs, 3)] == ["0", "0", "3", "3", "6", "6"]
