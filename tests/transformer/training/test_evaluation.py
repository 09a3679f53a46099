"""Truths about the measures: what is perfect, what is nothing, and one example of each computed by hand."""

import pytest
import torch

from tests.small_models import untrained
from transformer.corpora import Pair
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer
from transformer.training import evaluation
from transformer.training.evaluation import (
    alignment_error_rate,
    evaluate,
    exact_match,
    proposed_links,
    reference_streams,
    rows_that_predict,
    rows_that_read,
    scores,
)

FRENCH = ["Je vois le chien dans le jardin.", "Elle mange une pomme rouge ce soir.", "Nous ne dormons pas encore ici."]
OTHER = ["Tu as perdu ton beau livre bleu.", "Voilà mes deux vieux amis anglais !", "Qui va là sans bruit cette nuit ?"]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([*FRENCH, *OTHER, "I see the dog in the garden.", "She eats a red apple tonight."] * 5, 350)


@pytest.fixture(scope="module")
def model(tokenizer: Tokenizer) -> Transformer:
    return untrained(tokenizer, 2, d_model=14, heads=7, decoder_layers=2, d_ff=11, max_positions=61)


def test_perfect_translations_score_100() -> None:
    found = scores(FRENCH, [[each] for each in FRENCH])
    assert (found.exact_match, found.sentences) == (100, 3)
    assert found.bleu == found.bleu_all == pytest.approx(100)
    assert found.chrf == found.chrf_all == pytest.approx(100)


def test_translations_of_something_else_score_next_to_nothing() -> None:
    found = scores(OTHER, [[each] for each in FRENCH])
    assert found.exact_match == 0
    assert found.bleu < 10


def test_a_second_reference_counts_only_where_all_do() -> None:
    found = scores(FRENCH, [[other, each] for other, each in zip(OTHER, FRENCH, strict=True)])
    assert found.bleu < 10
    assert found.bleu_all == pytest.approx(100)
    assert found.exact_match == 100


def test_a_sentence_with_fewer_references_loses_nothing() -> None:
    """An empty reference would be the shortest of all and spoil BLEU's brevity penalty; an absent one does nothing."""
    found = scores([each[:-9] for each in FRENCH], [[FRENCH[0], OTHER[0]], [FRENCH[1]], [FRENCH[2]]])
    assert found.bleu_all == pytest.approx(found.bleu)
    assert reference_streams([["a", "b"], ["c"]]) == [["a", "c"], ["b", None]]


def test_case_and_punctuation_count_but_spacing_does_not() -> None:
    assert exact_match(["Je  vois. ", "je vois.", "Je vois", "Je vois."], [["Je vois."]] * 4) == 50


def test_the_signature_says_how_bleu_was_computed() -> None:
    signature = scores(FRENCH, [[each] for each in FRENCH]).signature
    assert {"nrefs:1", "case:mixed", "tok:13a"} <= set(signature.split("|"))


def test_a_model_that_says_what_the_corpus_says_is_perfect(model, tokenizer, monkeypatch) -> None:
    known = dict(zip(OTHER, FRENCH, strict=True))
    translated = [tokenizer.encode(known[source]) for source in OTHER]
    monkeypatch.setattr(evaluation, "beam_batch", lambda *_, **__: translated)
    found = evaluate(model, tokenizer, [Pair(source, target) for source, target in known.items()])
    assert (found.exact_match, found.sentences) == (100, 3)


@pytest.mark.parametrize("beam", [1, 3])
def test_an_untrained_model_is_measured_once_per_english_sentence(model, tokenizer, beam: int) -> None:
    heard: list[int] = []
    pairs = [Pair("I see.", "Je vois."), Pair("She eats.", "Elle mange."), Pair("I see.", "Je comprends.")]
    found = evaluate(model, tokenizer, pairs, beam=beam, progress=heard.append)
    assert found.sentences == sum(heard) == 2
    assert 0 <= found.bleu <= 100


@pytest.mark.parametrize("training", [True, False])
def test_evaluation_leaves_the_mode_as_it_was(model: Transformer, tokenizer, training: bool) -> None:
    evaluate(model.train(training), tokenizer, [Pair("I see.", "Je vois.")])
    assert model.training == training
    model.eval()


def test_no_sentences_cannot_be_measured(model, tokenizer) -> None:
    with pytest.raises(ValueError, match="no sentences to evaluate"):
        evaluate(model, tokenizer, [])


GOLD = [(0, 0), (1, 1), (2, 2), (2, 3)]


def test_the_same_links_are_no_error_and_others_are_all_error() -> None:
    assert alignment_error_rate(GOLD, GOLD) == 0
    assert alignment_error_rate([(0, 1), (1, 0)], GOLD) == 1


def test_an_error_rate_by_hand() -> None:
    """Two of three proposed links are right, of four gold ones: 1 - (2 + 2) / (3 + 4) = 3/7."""
    assert alignment_error_rate([(0, 0), (1, 1), (0, 2)], GOLD) == pytest.approx(3 / 7)


def test_no_links_at_all_have_no_error_rate() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        alignment_error_rate([], [])


def test_the_decoder_predicts_a_piece_one_row_before_it_reads_it() -> None:
    weights = torch.eye(4)  # queries: the start piece and three pieces
    assert torch.equal(rows_that_predict(weights), torch.eye(4)[:3])
    assert torch.equal(rows_that_read(weights), torch.eye(4)[1:])


def test_weights_of_pieces_become_links_of_words() -> None:
    """ "black cat" as bl|ack|cat, "chat noir" as ch|at|noir.

    chat: the mean of its two rows gives black 0.2 + 0.15 = 0.35 and cat 0.65. noir: black 0.3 + 0.3 = 0.6, though no
    single piece of it has as much as cat's 0.4.
    """
    weights = torch.tensor([[0.1, 0.0, 0.9], [0.3, 0.3, 0.4], [0.3, 0.3, 0.4]])
    source, target = [(0, 2), (2, 5), (5, 9)], [(0, 2), (2, 4), (4, 9)]
    pair = Pair("black cat", "chat noir", links=((0, 1), (1, 0)))
    found = proposed_links(weights, source, target, pair)
    assert found == {(1, 0), (0, 1)}
    assert alignment_error_rate(found, pair.links) == 0


def test_the_column_of_the_end_piece_belongs_to_no_word() -> None:
    weights = torch.tensor([[0.1, 0.2, 0.7]])
    assert proposed_links(weights, [(0, 1), (1, 3)], [(0, 3)], Pair("I go", "oui")) == {(1, 0)}


def test_a_head_that_follows_the_links_has_no_error(tokenizer: Tokenizer) -> None:
    """Words of many pieces, clitics and punctuation: each target piece looks at the pieces of its word's partner."""
    pair = Pair("She doesn't eat.", "Elle n'mange pas.", links=((0, 0), (1, 1), (3, 2), (2, 3), (4, 4)))
    both = (pair.source, pair.target)
    source, target = ([(each.start, each.end) for each in tokenizer.pieces(text)] for text in both)
    of_source, of_target = evaluation.overlap(pair.source, source), evaluation.overlap(pair.target, target)
    partner = {j: i for i, j in pair.links}
    weights = sum(torch.outer(of_target[j], of_source[partner[j]] / of_source[partner[j]].sum()) for j in partner)
    assert proposed_links(weights, source, target, pair) == set(pair.links)


def test_weights_of_another_sentence_are_refused() -> None:
    with pytest.raises(ValueError, match="2 rows, one per target piece, and at least 1 columns"):
        proposed_links(torch.ones(1, 1), [(0, 1)], [(0, 1), (1, 2)], Pair("a", "bc"))
