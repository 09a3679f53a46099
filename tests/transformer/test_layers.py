"""The boxes of Figure 1, each against its formula."""

import math

import pytest
import torch
from torch import nn

from transformer.config import Config
from transformer.layers import (
    AddAndNorm,
    DecoderLayer,
    Dropout,
    Embedding,
    EncoderLayer,
    FeedForward,
    sinusoidal_positions,
)

SIZES = {"vocabulary_size": 101, "d_model": 30, "heads": 5, "encoder_layers": 2, "decoder_layers": 3, "d_ff": 37}
CONFIG = Config(**SIZES, max_positions=41)
X = torch.randn(2, 7, 30, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def test_a_config_can_be_built_and_knows_the_width_of_a_head() -> None:
    assert CONFIG.d_head == 6


@pytest.mark.parametrize("field", [*SIZES, "max_positions"])
@pytest.mark.parametrize("value", [0, -1, -30])
def test_a_size_below_one_is_refused_by_name(field: str, value: int) -> None:
    with pytest.raises(ValueError, match=rf"^{field} .*{value}"):
        Config(**{**SIZES, field: value})


@pytest.mark.parametrize("dropout", [-0.1, 1.0, 1.5, math.nan, math.inf])
def test_a_dropout_that_is_no_share_is_refused_by_name(dropout: float) -> None:
    with pytest.raises(ValueError, match=rf"^dropout .*{dropout}"):
        Config(**SIZES, dropout=dropout)


@pytest.mark.parametrize(("d_model", "heads"), [(30, 7), (10, 20), (7, 7)])
def test_a_width_that_heads_or_sinusoids_cannot_divide_is_refused_by_name(d_model: int, heads: int) -> None:
    with pytest.raises(ValueError, match=rf"d_model \({d_model}\)"):
        Config(**{**SIZES, "d_model": d_model, "heads": heads})


@pytest.mark.parametrize(("length", "d_model"), [(1, 2), (41, 30), (523, 26)])
def test_positions_are_the_papers_formula(length: int, d_model: int) -> None:
    """Section 3.5, one number at a time, in double precision."""
    table = sinusoidal_positions(length, d_model)
    assert table.shape == (length, d_model)
    for position in range(0, length, 13):
        for i in range(d_model // 2):
            angle = position / 10000 ** (2 * i / d_model)
            assert float(table[position, 2 * i]) == pytest.approx(math.sin(angle), abs=1e-7)
            assert float(table[position, 2 * i + 1]) == pytest.approx(math.cos(angle), abs=1e-7)


def test_a_step_along_the_positions_is_a_rotation() -> None:
    """Section 3.5: PE(pos + k) is a linear function of PE(pos), the same at every position."""
    k, d_model = 7, 26
    pairs = sinusoidal_positions(41, d_model).double().unflatten(-1, (-1, 2))  # position pair sine-and-cosine
    angles = k / 10000 ** (torch.arange(0, d_model, 2, dtype=torch.float64) / d_model)
    sine, cosine = pairs[:-k].unbind(-1)
    turned = torch.stack(
        (sine * angles.cos() + cosine * angles.sin(), cosine * angles.cos() - sine * angles.sin()), dim=-1
    )
    torch.testing.assert_close(turned, pairs[k:], rtol=0, atol=1e-6)


def test_dropout_is_nothing_when_evaluating_and_at_share_zero() -> None:
    assert Dropout(0.3).eval()(X) is X
    assert Dropout(0.0).train()(X) is X


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3, 0.5, 0.9])
def test_dropout_zeroes_its_share_and_keeps_the_expectation(share: float) -> None:
    """Within five standard errors of a million independent numbers; the share is rounded to a 256th."""
    torch.manual_seed(1)
    ones = torch.ones(1009, 997)
    dropped = Dropout(share).train()(ones)
    exact = round(share * 256) / 256
    error = 5 * math.sqrt(exact * (1 - exact) / ones.numel())
    assert abs(exact - share) <= 1 / 512
    assert float((dropped == 0).double().mean()) == pytest.approx(exact, abs=error)
    assert float(dropped.double().mean()) == pytest.approx(1, abs=error / (1 - exact))
    assert torch.equal(dropped.unique(), torch.tensor([0, 1 / (1 - exact)]))


def test_dropout_draws_anew_and_repeatably() -> None:
    dropout = Dropout(0.5).train()
    torch.manual_seed(1)
    one, two = dropout(X), dropout(X)
    torch.manual_seed(1)
    assert torch.equal(dropout(X), one)
    assert not torch.equal(one, two)


def test_dropout_drops_neighbours_independently() -> None:
    """The bytes of one random word are as independent as any: no lag of 1 to 8 shows a correlation."""
    torch.manual_seed(1)
    kept = (Dropout(0.5).train()(torch.ones(2**20)) > 0).double() - 0.5
    for lag in range(1, 9):
        assert abs(float((kept[lag:] * kept[:-lag]).mean())) < 0.25 * 5 / math.sqrt(2**20)


@pytest.mark.parametrize("size", [1, 7, 8, 9, 63])
def test_dropout_takes_any_number_of_numbers(size: int) -> None:
    assert Dropout(0.5).train()(torch.ones(size)).shape == (size,)


def test_no_gradient_flows_where_dropout_dropped() -> None:
    x = torch.ones(13, 17, requires_grad=True)
    dropped = Dropout(0.5).train()(x)
    dropped.sum().backward()
    assert torch.equal(x.grad, dropped.detach())  # 0 where dropped, the scale elsewhere
    assert (dropped == 0).any()


def test_dropout_works_for_every_share_that_a_config_allows() -> None:
    share = 0.999
    Config(**SIZES, dropout=share)
    assert Dropout(share).train()(torch.ones(8)).isfinite().all()


def test_the_feed_forward_network_is_equation_two() -> None:
    network = FeedForward(CONFIG).double()
    trace = network(X)
    hidden = X @ network.W_1.weight.T + network.W_1.bias
    torch.testing.assert_close(trace.hidden, hidden, rtol=0, atol=1e-12)
    assert torch.equal(trace.active, trace.hidden.clamp(min=0))
    torch.testing.assert_close(trace.output, trace.active @ network.W_2.weight.T + network.W_2.bias, rtol=0, atol=1e-12)


def test_the_feed_forward_network_sees_one_position_at_a_time() -> None:
    network = FeedForward(CONFIG).double()
    together = network(X).output
    for position in range(X.size(1)):
        torch.testing.assert_close(
            network(X[:, position : position + 1]).output[:, 0], together[:, position], rtol=0, atol=1e-12
        )


def test_add_and_norm_is_layer_norm_of_the_sum_and_its_parts() -> None:
    box = AddAndNorm(CONFIG).double().eval()
    nn.init.normal_(box.norm.weight)
    nn.init.normal_(box.norm.bias)
    trace = box(X, X.flip(1) * 3)
    torch.testing.assert_close(trace.added, X + X.flip(1) * 3, rtol=0, atol=0)
    torch.testing.assert_close(trace.mean, trace.added.mean(-1, keepdim=True), rtol=0, atol=1e-12)
    variance = trace.added.var(-1, unbiased=False, keepdim=True)
    torch.testing.assert_close(trace.deviation, (variance + box.norm.eps).sqrt(), rtol=0, atol=1e-12)
    by_parts = box.norm.weight * (trace.added - trace.mean) / trace.deviation + box.norm.bias
    torch.testing.assert_close(trace.output, by_parts, rtol=0, atol=1e-12)
    torch.testing.assert_close(trace.output, box.norm(trace.added), rtol=0, atol=0)


def test_add_and_norm_of_a_constant_is_its_bias() -> None:
    """No deviation, and still no NaN."""
    box = AddAndNorm(CONFIG).double().eval()
    nn.init.normal_(box.norm.bias)
    trace = box(torch.full((1, 3, 30), 7.0, dtype=torch.float64), torch.zeros(1, 3, 30, dtype=torch.float64))
    torch.testing.assert_close(trace.output, box.norm.bias.expand(1, 3, 30), rtol=0, atol=1e-9)


def test_the_gradient_of_add_and_norm_is_layer_norms() -> None:
    box = AddAndNorm(CONFIG).double().eval()
    ours, theirs = X.clone().requires_grad_(), X.clone().requires_grad_()
    box(ours, ours * 2).output.pow(3).sum().backward()
    box.norm(theirs * 3).pow(3).sum().backward()
    torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-9, atol=1e-9)


def test_an_embedding_scales_its_rows_and_adds_the_positions() -> None:
    embedding, matrix = Embedding(CONFIG).eval(), torch.randn(101, 30)
    ids = torch.tensor([[5, 9, 100], [3, 3, 0]])
    trace = embedding(ids, matrix, first=11)
    assert torch.equal(trace.ids, ids)
    assert torch.equal(trace.rows, matrix[ids])
    assert torch.equal(trace.scaled, trace.rows * math.sqrt(30))
    assert torch.equal(trace.positions, sinusoidal_positions(41, 30)[11:14])
    assert torch.equal(trace.output, trace.scaled + trace.positions)


@pytest.mark.parametrize(("length", "first"), [(42, 0), (1, 41), (13, 29)])
def test_a_text_longer_than_the_positions_is_refused_with_both_numbers(length: int, first: int) -> None:
    with pytest.raises(ValueError, match=rf"{length + first} pieces .* 41 positions"):
        Embedding(CONFIG)(torch.ones(1, length, dtype=torch.long), torch.ones(101, 30), first)


def test_the_last_position_can_be_used() -> None:
    assert Embedding(CONFIG)(torch.ones(1, 41, dtype=torch.long), torch.ones(101, 30)).output.shape == (1, 41, 30)


@pytest.mark.parametrize("layer", [EncoderLayer, DecoderLayer])
def test_each_layer_has_weights_of_its_own(layer: type[nn.Module]) -> None:
    """No module is shared by accident: as many distinct parameters as Table 3's formula says."""
    attentions, norms = (1, 2) if layer is EncoderLayer else (2, 3)
    attention, network = 4 * (30 * 30 + 30), 2 * 30 * 37 + 37 + 30
    assert sum(p.numel() for p in layer(CONFIG).parameters()) == attentions * attention + network + norms * 60
