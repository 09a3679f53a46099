"""Reviews: what decides is known, the network is torch's loops and a formula, weights are shares, and padding changes nothing."""

import random

import numpy as np
import pytest
import torch
from torch import nn

from relatives.cells import GruCell
from systems import class_of, records, shelf
from systems.reviews import exam
from systems.reviews.corpus import BAD_WORDS, GOOD_WORDS, LABELS, Review, counted, line, load, review, sentences, words
from systems.reviews.hierarchical import Hierarchical, HierarchicalSizes, Reader, shares
from tests.systems import by_hand
from transformer.checkpoint import SHIPPED
from transformer.trace import tensors

SIZES = {
    "attention": HierarchicalSizes(d_word=5, d_state=3),
    "mean": HierarchicalSizes(d_word=5, d_state=3, look="mean"),
    "text": HierarchicalSizes(d_word=5, d_state=3, by="text"),
}


@pytest.fixture(scope="module")
def examples() -> list[Review]:
    """Some reviews of every kind."""
    chance = random.Random(1)
    return [review(chance) for _each in range(40)]


@pytest.fixture(params=list(SIZES))
def network(request: pytest.FixtureRequest, examples: list[Review]) -> Hierarchical:
    """With random weights."""
    torch.manual_seed(3)
    sizes = SIZES[request.param]
    return Hierarchical(sizes, Hierarchical.words_of(examples, sizes)).eval()


def read(examples: list[Review]) -> list[list[tuple[str, ...]]]:
    """Sentences of words."""
    return [[words(each) for each in one.sentences] for one in examples]


def test_the_words_that_decide_judge_as_the_label_says(examples: list[Review]) -> None:
    """The last of them is a good or a bad word; those before it turn it round."""
    for each in examples:
        own = words(each.sentences[each.sentence])
        *turned, judges = [own[place] for place in each.words]
        assert judges in GOOD_WORDS | BAD_WORDS
        assert (judges in GOOD_WORDS) is ((each.label == 1) is not bool(turned))


def test_counting_good_and_bad_words_is_hardly_better_than_chance() -> None:
    some = load().examples[:4000]
    right = sum(counted([words(said) for said in each.sentences]) == each.label for each in some) / len(some)
    assert 0.45 < right < 0.65


def test_the_corpus_is_the_same_each_time_and_no_review_is_in_two_splits() -> None:
    found, chance = load(), random.Random(2016)
    assert [line(review(chance)) for _each in range(5)] == [line(each) for each in found.examples[:5]]
    split = {}
    for each, its in zip(found.examples, found.splits, strict=True):
        assert split.setdefault(each.text, its) == its
    positive = sum(each.label for each in found.examples) / len(found.examples)
    assert positive == pytest.approx(0.5, abs=0.02)


def test_a_text_falls_into_the_sentences_that_it_was_made_of(examples: list[Review]) -> None:
    for each in examples:
        assert sentences(each.text) == each.sentences
    assert sentences("Good!  Bad? ... Yes\nno") == ("Good!", "Bad?", "Yes", "no")
    assert sentences(" ... , ! ") == ()


def test_the_readers_are_torch_s_own_in_both_directions() -> None:
    """With copied weights, rows of different lengths and one of length 0."""
    torch.manual_seed(4)
    mine, theirs = Reader(5, 3), nn.GRU(5, 3, batch_first=True, bidirectional=True)
    for cell, end in ((mine.forwards, ""), (mine.backwards, "_reverse")):
        copied = (f"{name}_l0{end}" for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        with torch.no_grad():
            for own, name in zip(cell.weights(), copied, strict=True):
                own.copy_(getattr(theirs, name))
    inputs, lengths = torch.randn(3, 6, 5), torch.tensor([6, 2, 4])
    real = torch.arange(6) < lengths[:, None]
    packed = nn.utils.rnn.pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
    expected, _ = nn.utils.rnn.pad_packed_sequence(theirs(packed)[0], batch_first=True, total_length=6)
    assert torch.allclose(mine(inputs, real)[real], expected[real], atol=1e-6)
    written = GruCell.forward(mine.forwards, inputs, mine.forwards.nothing(inputs, 3)).states
    assert torch.allclose(mine(inputs, real)[real][:, :3], written[real], atol=1e-6)


def test_both_looks_by_hand(examples: list[Review]) -> None:
    """u = tanh(W h + b), its product with the context vector, softmax, mixture: words, then sentences, then the label."""
    torch.manual_seed(6)
    network = Hierarchical(SIZES["attention"], Hierarchical.words_of(examples, SIZES["attention"])).eval()
    trace = network(network.read(read(examples[:1])))

    for place, said in enumerate(read(examples[:1])[0]):
        states = trace.words.states[0, place, : len(said)].detach().double().numpy()
        weights, output = by_hand.look(network.word_look, states)
        np.testing.assert_allclose(trace.words.weights[0, place, : len(said)].detach().numpy(), weights, atol=1e-6)
        np.testing.assert_allclose(trace.words.output[0, place].detach().numpy(), output, atol=1e-6)
    weights, output = by_hand.look(network.sentence_look, trace.sentences.states[0].detach().double().numpy())
    np.testing.assert_allclose(trace.sentences.weights[0].detach().numpy(), weights, atol=1e-6)
    W, b = network.classify.weight.detach().numpy(), network.classify.bias.detach().numpy()
    np.testing.assert_allclose(trace.logits[0].detach().numpy(), W @ output + b, atol=1e-5)


def test_axes_weights_and_padding(network: Hierarchical, examples: list[Review]) -> None:
    ids = network.read(read(examples[:9]))
    trace = network(ids)
    sizes = {"batch": 9, "sentence": ids.size(1), "word": ids.size(2), "d_word": 5, "d_both": 6, "label": len(LABELS)}
    for path, tensor, names in tensors(trace):
        assert tuple(tensor.shape) == tuple(sizes[name] for name in names.split()), path
        assert tensor.isfinite().all()
    for look in (trace.words, trace.sentences):
        assert torch.allclose(look.weights.sum(-1), look.mask.any(-1).float())
        assert (look.weights.masked_select(~look.mask) == 0).all()
    for row in (0, 5):
        alone = network(network.read(read(examples[row : row + 1]))).logits
        assert torch.allclose(alone[0], trace.logits[row], atol=1e-5)


def test_the_mean_weighs_everything_alike_and_a_text_read_as_one_has_one_sentence(examples: list[Review]) -> None:
    torch.manual_seed(0)
    mean, text = (
        Hierarchical(SIZES[each], Hierarchical.words_of(examples, SIZES[each])).eval() for each in ("mean", "text")
    )
    trace = mean(mean.read(read(examples[:3])))
    real = trace.words.mask
    assert torch.allclose(trace.words.weights[real], (real / real.sum(-1, keepdim=True).clamp(min=1))[real])
    assert text.read(read(examples[:3])).size(1) == 1
    torch.testing.assert_close(text(text.read(read(examples[:3]))).sentences.weights, torch.ones(3, 1))


def test_where_nothing_is_allowed_there_is_no_weight_and_a_gradient_that_is_a_number() -> None:
    scores = torch.randn(2, 3, requires_grad=True)
    weights = shares(scores, torch.tensor([[True, True, False], [False, False, False]]))
    assert weights[1].tolist() == [0.0, 0.0, 0.0]
    weights.square().sum().backward()
    assert scores.grad is not None
    assert scores.grad.isfinite().all()


def test_an_untrained_network_learns(examples: list[Review]) -> None:
    torch.manual_seed(0)
    network = Hierarchical(SIZES["attention"], Hierarchical.words_of(examples, SIZES["attention"]))
    optimizer, batch = torch.optim.Adam(network.parameters(), lr=0.03), network.batch(examples, random.Random(0))
    before = network.loss(batch).item()
    for _step in range(60):
        optimizer.zero_grad()
        network.loss(batch).backward()
        optimizer.step()
    assert network.loss(batch).item() < 0.5 * before
    figures = network.eval().measure(examples)
    assert next(iter(figures)) == "accuracy"
    assert {"baseline", "counting_words"} < figures.keys()


def test_sizes_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="attention, mean"):
        HierarchicalSizes(look="sometimes")
    assert class_of("flat") is Hierarchical


def test_the_record_is_of_the_shipped_weights() -> None:
    """And it holds that attention finds the sentence, and that leaving out finds the word."""
    shipped = {name: folder for name, folder in shelf.of_kinds(exam.KINDS).items() if SHIPPED in folder.parents}
    known = exam.read()
    assert {records.weights_of(folder) for folder in shipped.values()} == known.keys()
    found = next(
        known[records.weights_of(folder)] for folder in shipped.values() if shelf.kind_at(folder) == "hierarchical"
    )
    assert min(found["right"].values()) > 0.95
    assert found["sentences"]["attention"] > 0.9 > 2 * found["sentences"]["chance"]
    assert found["words"]["without"] > 3 * found["words"]["chance"]
