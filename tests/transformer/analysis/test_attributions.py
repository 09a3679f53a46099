"""Five attributions against slower ways to compute them: one sentence at a time, finite differences, a fine sum, joint rollout."""

import copy

import numpy as np
import pytest
import torch

from tests import ROOT
from transformer.analysis import attributions
from transformer.analysis.attributions import CLOSE, Question
from transformer.analysis.effects import traced
from transformer.checkpoint import load
from transformer.decoding.search import best, greedy
from transformer.model import Transformer
from transformer.what_if import Mask, WhatIf, apply

SOURCE, TARGET = (17, 5, 40, 9, 77, 23), (31, 8, 64, 12, 2)
WORDS = ((0,), (1, 2), (3,), (4, 5))
EVERY = Question(source=SOURCE, target=TARGET, places=tuple(range(len(TARGET))))
GRAMMAR = ROOT / "pretrained" / "grammar-en-fr"


def chance(model: Transformer, source: tuple[int, ...], place: int, target: tuple[int, ...] = TARGET) -> float:
    """The log-probability of one piece, from the whole trace."""
    with torch.inference_mode():
        return float(traced(model, source, target[:-1]).logits[0, place].log_softmax(-1)[target[place]])


def scaled_by(model: Transformer, factors: torch.Tensor, place: int) -> torch.Tensor:
    """The log-probability with the scaled embedding of each source piece times its factor, written out layer by layer."""
    ids = torch.tensor([[*SOURCE, 2]])
    x = (
        model.matrix[ids] * model.config.d_model**0.5 * factors[None, :, None]
        + model.embedding.positions[: ids.size(1)]
    )
    everything = torch.ones(1, 1, 1, ids.size(1), dtype=torch.bool)
    for layer in model.encoder_layers:
        x = layer(x, everything).output
    decoded = model.decode(torch.tensor([[1, *TARGET[:-1]]]), x, everything).output[0, place]
    return (decoded @ model.matrix.T).log_softmax(-1)[TARGET[place]]


def test_the_encoder_over_an_embedding_is_the_encoder(model: Transformer, source: torch.Tensor) -> None:
    embedding = model.embedding(source, model.matrix)
    assert torch.equal(model.encode(source).output, model.encode_embedded(embedding).output)


def test_integrated_gradients_sum_to_the_difference_in_a_random_model(model: Transformer) -> None:
    """As closely as promised, for they had points enough."""
    _, found = attributions.gradients(model, EVERY, most=2000)
    assert found.points < 2000
    for place in EVERY.places:
        whole, nothing = (float(scaled_by(model, torch.full((7,), share), place).detach()) for share in (1.0, 0.0))
        assert found.with_words[place] == pytest.approx(whole, abs=1e-9)
        assert found.without_words[place] == pytest.approx(nothing, abs=1e-9)
        assert abs(found.values[place].sum() - (whole - nothing)) <= CLOSE * max(1, abs(whole - nothing))
    assert np.abs(found.with_words - found.without_words).max() > 0.1, "there was something to explain"
    np.testing.assert_allclose(found.left_over, found.with_words - found.without_words - found.values.sum(1))


@pytest.mark.parametrize(
    "text", ["The black cat sees the small dog in the big house.", "I gave my dog some food.", "Hello."]
)
def test_integrated_gradients_sum_to_the_difference_in_the_shipped_model(text: str) -> None:
    """Within 5 % of it, or 0.05 nats if it is small, with the points that the page can afford."""
    checkpoint = load(GRAMMAR)
    source = tuple(checkpoint.tokenizer.encode(text))
    target = tuple(best(greedy(checkpoint.model, source, 40)).ids)
    _, found = attributions.gradients(
        checkpoint.model, Question(source=source, target=target, places=(*range(len(target)),))
    )
    difference = found.with_words - found.without_words
    assert (np.abs(found.left_over) <= 0.05 * np.maximum(1, np.abs(difference))).all(), found.left_over
    assert np.abs(difference).max() > 3


def test_integrated_gradients_are_those_of_a_fine_sum(model: Transformer) -> None:
    count, place = 400, 2
    total = torch.zeros(7, dtype=torch.float64)
    for step in range(count):
        factors = torch.full((7,), (step + 0.5) / count, dtype=torch.float64, requires_grad=True)
        total += torch.autograd.grad(scaled_by(model, factors, place), factors)[0] / count
    _, found = attributions.gradients(model, Question(source=SOURCE, target=TARGET, places=(place,)))
    np.testing.assert_allclose(found.values[0], total.numpy(), atol=0.02)
    assert float(total.abs().max()) > 0.1


def test_gradient_times_input_is_the_slope_of_scaling_each_embedding(model: Transformer) -> None:
    found, _ = attributions.gradients(model, EVERY)
    for place in (0, 3):
        for piece in range(7):
            step = 1e-5 * torch.eye(7, dtype=torch.float64)[piece]
            up, down = (float(scaled_by(model, 1 + sign * step, place).detach()) for sign in (1, -1))
            assert found.values[place, piece] == pytest.approx((up - down) / 2e-5, abs=1e-6)
    assert np.abs(found.values).max() > 0.05


def test_one_place_at_a_time_is_all_places_at_once(model: Transformer) -> None:
    whole = attributions.gradients(model, EVERY), attributions.leave_out(model, EVERY, WORDS)
    for place in EVERY.places:
        one = Question(source=SOURCE, target=TARGET, places=(place,))
        for together, alone in zip(whole[0], attributions.gradients(model, one), strict=True):
            np.testing.assert_allclose(together.values[place], alone.values[0], atol=1e-9)
        np.testing.assert_allclose(
            whole[1].values[place], attributions.leave_out(model, one, WORDS).values[0], atol=1e-9
        )


def test_leaving_out_is_running_the_shorter_sentences_one_by_one(model: Transformer) -> None:
    """Together in one padded batch, or alone without padding."""
    found = attributions.leave_out(model, EVERY, WORDS)
    for number, word in enumerate(WORDS):
        rest = tuple(id for place, id in enumerate(SOURCE) if place not in word)
        for place in EVERY.places:
            fall = chance(model, SOURCE, place) - chance(model, rest, place)
            assert found.values[place, number] == pytest.approx(fall, abs=1e-9)
            with torch.inference_mode():
                there = traced(model, rest, TARGET[:-1]).logits[0, place].softmax(-1)
            assert found.likeliest[number][place] == int(there.argmax())
            assert found.chances[number, place] == pytest.approx(float(there.max()), abs=1e-9)
    assert np.abs(found.values).max() > 0.05


def test_the_only_word_can_be_left_out(model: Transformer) -> None:
    only = Question(source=(17,), target=TARGET, places=(1,))
    found = attributions.leave_out(model, only, [(0,)])
    logits = model(torch.tensor([[2]]), torch.tensor([[1, TARGET[0]]])).logits[0, 1]
    assert found.without[0, 0] == pytest.approx(float(logits.log_softmax(-1)[TARGET[1]].detach()), abs=1e-9)


def test_a_word_that_the_model_ignores_is_worth_nothing(model: Transformer) -> None:
    """Cross-attention is made to give one piece no weight, and nothing else in the encoder knows of it."""
    deaf, ignored = copy.deepcopy(model), 3
    with torch.no_grad():
        deaf.embedding.positions.zero_()
        for layer in deaf.encoder_layers:
            layer.self_attention.W_O.weight.zero_()
        memory = deaf.encode(torch.tensor([[*SOURCE, 2]])).output[0]
        wished = torch.zeros(7, dtype=torch.float64)
        wished[ignored] = -1e5
        key = torch.linalg.lstsq(memory, wished).solution
        for layer in deaf.decoder_layers:
            attention = layer.cross_attention
            attention.W_Q.weight.zero_(), attention.W_Q.bias.fill_(1), attention.W_K.bias.zero_()
            attention.W_K.weight.copy_(key.expand(30, -1))
    pieces = [(place,) for place in range(6)]
    falls = attributions.leave_out(deaf, EVERY, pieces).values
    assert np.abs(falls[:, ignored]).max() < 1e-6
    assert np.abs(np.delete(falls, ignored, 1)).max(0).min() > 1e-3
    here, _on_the_way = attributions.gradients(deaf, EVERY)  # with fewer words than these, it is not ignored
    assert np.abs(here.values[:, ignored]).max() < 1e-6
    assert np.abs(attributions.looking_away(deaf, EVERY, [ignored])).max() < 1e-6
    assert np.abs(attributions.leave_out(model, EVERY, pieces).values[:, ignored]).max() > 1e-3


def test_rollout_shares_sum_to_1_and_are_those_of_one_large_matrix(model: Transformer) -> None:
    with torch.inference_mode():
        trace = traced(model, SOURCE, TARGET[:-1])
    found, n, t = attributions.rollout(trace), 7, 5
    np.testing.assert_allclose(found.source.sum(1) + found.target.sum(1), 1)
    np.testing.assert_allclose(found.source.sum(1), 1 - 0.5**3)

    def joint(weights: torch.Tensor, rows: slice, columns: slice) -> np.ndarray:
        """Half this attention and half the residual, on source and target together; whoever does not look stays."""
        step = np.eye(n + t)
        step[rows] *= 0.5
        step[rows, columns] += 0.5 * weights[0].mean(0).numpy()
        return step

    source, target, whole = slice(0, n), slice(n, n + t), np.eye(n + t)
    for layer in trace.encoder.layers:
        whole = joint(layer.self_attention.weights, source, source) @ whole
    for layer in trace.decoder.layers:
        whole = joint(layer.self_attention.weights, target, target) @ whole
        whole = joint(layer.cross_attention.weights, target, source) @ whole
    np.testing.assert_allclose(found.source, whole[target, source])
    np.testing.assert_allclose(found.target, whole[target, target])
    assert np.triu(found.target, 1).max() == 0, "nobody holds what comes later"


def test_looking_away_is_a_mask_on_cross_attention(model: Transformer) -> None:
    allowed = tuple(place not in (1, 2) for place in range(7))
    masked = apply(model, WhatIf(masks=(Mask("cross", (allowed,) * 5),)))
    found = attributions.looking_away(model, EVERY, (1, 2))
    falls = [chance(model, SOURCE, place) - chance(masked, SOURCE, place) for place in EVERY.places]
    np.testing.assert_allclose(found, falls, atol=1e-9)
    assert np.abs(found).max() > 1e-3


def test_what_the_pieces_add_is_the_output_of_the_attention(model: Transformer) -> None:
    with torch.inference_mode():
        trace = traced(model, SOURCE, TARGET[:-1])
    attention, bias = trace.decoder.layers[1].cross_attention, model.decoder_layers[1].cross_attention.W_O.bias
    every = attributions.added(model, trace, 1, None, 3)
    np.testing.assert_allclose(every.sum(0) + bias.detach().numpy(), attention.output[0, 3].numpy())
    np.testing.assert_allclose(sum(attributions.added(model, trace, 1, head, 3) for head in range(5)), every)
    np.testing.assert_allclose(attributions.cross_attention(trace, 1, 4), attention.weights[0, 4].numpy())
    np.testing.assert_allclose(attributions.cross_attention(trace, 1, None), attention.weights[0].mean(0).numpy())


@pytest.mark.parametrize(("one", "other", "tau"), [
    ([1, 2, 3, 4], [10, 20, 30, 40], 1.0), ([1, 2, 3, 4], [4, 3, 2, 1], -1.0), ([1, 2, 3], [1, 3, 2], 1 / 3),
    ([1, 1, 2], [1, 2, 3], 2 / np.sqrt(6)), ([1, 2, 2, 3], [1, 3, 2, 2], 2 / 5),
], ids=str)  # fmt: skip
def test_rank_agreement_by_hand(one: list[float], other: list[float], tau: float) -> None:
    assert attributions.agreement(one, other).tau == pytest.approx(tau)
    assert attributions.agreement(other, one).tau == pytest.approx(tau)


def test_rank_agreement_counts_its_pairs() -> None:
    found = attributions.agreement([1, 2, 2, 3], [1, 3, 2, 2])
    assert (found.same, found.other, found.ties) == (3, 1, (1, 1))
    assert np.isnan(attributions.agreement([1, 1], [1, 2]).tau)
    assert np.isnan(attributions.agreement([1], [1]).tau)


def test_nothing_is_written_to_the_model_even_in_inference_mode(model: Transformer) -> None:
    before = copy.deepcopy(model.state_dict())
    with torch.inference_mode():
        inside = attributions.gradients(model, EVERY)
        attributions.leave_out(model, EVERY, WORDS)
    for one, other in zip(inside, attributions.gradients(model, EVERY), strict=True):
        np.testing.assert_array_equal(one.values, other.values)
    assert all(parameter.grad is None and parameter.requires_grad for parameter in model.parameters())
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
