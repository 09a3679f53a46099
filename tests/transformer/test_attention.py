"""Attention is PyTorch's attention, number for number, and keeps the promises of section 3.2."""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from transformer.attention import MultiHeadAttention, causal_mask, padding_mask, scaled_dot_product_attention

BATCH, HEADS, QUERY, KEY, D_HEAD, D_VALUE = 2, 5, 7, 11, 3, 13
CLOSE = {"rtol": 0, "atol": 1e-12}


@pytest.fixture(autouse=True)
def double_precision():
    torch.manual_seed(5)
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def random_mask(*shape: int) -> Tensor:
    """Random, but every query may look at one key at least."""
    mask = torch.rand(*shape) < 0.5
    mask[..., 0] |= ~mask.any(-1)
    return mask


def multi_head(heads: int = HEADS, d_model: int = 30) -> MultiHeadAttention:
    module = MultiHeadAttention(d_model, heads)
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.3)
    return module


def torchs(ours: MultiHeadAttention) -> nn.MultiheadAttention:
    """PyTorch's own module with the same weights."""
    theirs = nn.MultiheadAttention(ours.W_Q.in_features, ours.number_of_heads, batch_first=True)
    projections = ours.W_Q, ours.W_K, ours.W_V
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([projection.weight for projection in projections]))
        theirs.in_proj_bias.copy_(torch.cat([projection.bias for projection in projections]))
        theirs.out_proj.weight.copy_(ours.W_O.weight)
        theirs.out_proj.bias.copy_(ours.W_O.bias)
    return theirs


MASK_SHAPES = [(1, 1), (QUERY, KEY), (BATCH, 1, 1, KEY), (BATCH, 1, QUERY, KEY), (BATCH, HEADS, QUERY, KEY)]


@pytest.mark.parametrize("mask_shape", MASK_SHAPES)
def test_it_is_pytorchs_scaled_dot_product_attention(mask_shape: tuple[int, ...]) -> None:
    queries, keys = torch.randn(BATCH, HEADS, QUERY, D_HEAD), torch.randn(BATCH, HEADS, KEY, D_HEAD)
    values, mask = torch.randn(BATCH, HEADS, KEY, D_VALUE), random_mask(*mask_shape)
    ours = scaled_dot_product_attention(queries, keys, values, mask)
    theirs = F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask.expand(BATCH, HEADS, QUERY, KEY))
    torch.testing.assert_close(ours.heads, theirs, **CLOSE)


def test_a_score_is_the_dot_product_over_the_root_of_the_width() -> None:
    """Eq. 1, one number at a time."""
    queries, keys = torch.randn(QUERY, D_HEAD), torch.randn(KEY, D_HEAD)
    scores = scaled_dot_product_attention(queries, keys, keys, torch.ones(QUERY, KEY, dtype=torch.bool)).scores
    for query in range(QUERY):
        for key in range(KEY):
            dot = sum(float(a) * float(b) for a, b in zip(queries[query], keys[key], strict=True))
            assert float(scores[query, key]) == pytest.approx(dot / math.sqrt(D_HEAD), abs=1e-12)


def test_the_scores_are_those_before_the_mask() -> None:
    queries, keys = torch.randn(QUERY, D_HEAD), torch.randn(KEY, D_HEAD)
    everything = scaled_dot_product_attention(queries, keys, keys, torch.ones(QUERY, KEY, dtype=torch.bool))
    masked = scaled_dot_product_attention(queries, keys, keys, random_mask(QUERY, KEY))
    assert torch.equal(masked.scores, everything.scores)
    assert masked.scores.isfinite().all()


def test_weights_are_shares_and_what_is_not_allowed_gets_exactly_nothing() -> None:
    queries, keys, mask = (
        torch.randn(BATCH, QUERY, D_HEAD) * 9,
        torch.randn(BATCH, KEY, D_HEAD),
        random_mask(BATCH, QUERY, KEY),
    )
    weights = scaled_dot_product_attention(queries, keys, keys, mask).weights
    torch.testing.assert_close(weights.sum(-1), torch.ones(BATCH, QUERY), **CLOSE)
    assert (weights[~mask] == 0).all()
    assert (weights[mask] > 0).all()


def test_with_one_key_allowed_the_head_is_its_value() -> None:
    queries, keys, values = torch.randn(KEY, D_HEAD), torch.randn(KEY, D_HEAD), torch.randn(KEY, D_VALUE)
    attended = scaled_dot_product_attention(queries, keys, values, torch.eye(KEY, dtype=torch.bool))
    assert torch.equal(attended.heads, values)


def test_the_order_of_the_keys_does_not_matter() -> None:
    """Attention sees a set; only the positions that are added to the embeddings make it a sequence."""
    queries, keys, values = torch.randn(QUERY, D_HEAD), torch.randn(KEY, D_HEAD), torch.randn(KEY, D_VALUE)
    mask, order = random_mask(QUERY, KEY), torch.randperm(KEY)
    plain = scaled_dot_product_attention(queries, keys, values, mask)
    shuffled = scaled_dot_product_attention(queries, keys[order], values[order], mask[:, order])
    torch.testing.assert_close(shuffled.heads, plain.heads, **CLOSE)
    torch.testing.assert_close(shuffled.weights, plain.weights[:, order], **CLOSE)


@pytest.mark.parametrize(("heads", "d_model"), [(1, 7), (5, 30), (7, 7), (3, 39)])
def test_it_is_pytorchs_multi_head_attention(heads: int, d_model: int) -> None:
    ours = multi_head(heads, d_model)
    asking, answering = torch.randn(BATCH, QUERY, d_model), torch.randn(BATCH, KEY, d_model)
    mask = random_mask(BATCH, 1, QUERY, KEY)
    trace = ours(asking, answering, mask)
    forbidden = ~mask.expand(BATCH, heads, QUERY, KEY).flatten(0, 1)  # theirs is True where a query may NOT look
    output, weights = torchs(ours)(asking, answering, answering, attn_mask=forbidden, average_attn_weights=False)
    torch.testing.assert_close(trace.output, output, **CLOSE)
    torch.testing.assert_close(trace.weights, weights, **CLOSE)


def test_its_gradients_are_pytorchs_too() -> None:
    ours = multi_head()
    theirs = torchs(ours)
    x, mask = torch.randn(BATCH, QUERY, 30), causal_mask(QUERY)
    ours(x, x, mask).output.square().sum().backward()
    theirs(x, x, x, attn_mask=~mask[0, 0])[0].square().sum().backward()
    gradients = torch.cat([projection.weight.grad for projection in (ours.W_Q, ours.W_K, ours.W_V)])
    torch.testing.assert_close(gradients, theirs.in_proj_weight.grad, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(ours.W_O.weight.grad, theirs.out_proj.weight.grad, rtol=1e-10, atol=1e-10)


def test_the_heads_concatenated_times_W_O_are_the_output() -> None:
    module, x = multi_head(), torch.randn(BATCH, QUERY, 30)
    trace = module(x, x, causal_mask(QUERY))
    concatenated = torch.cat(tuple(trace.heads.unbind(1)), dim=-1)  # Concat(head_1, ..., head_h)
    torch.testing.assert_close(trace.output, concatenated @ module.W_O.weight.T + module.W_O.bias, **CLOSE)
    torch.testing.assert_close(trace.heads, trace.weights @ trace.values, **CLOSE)


def test_each_head_works_on_its_own_slice() -> None:
    """Head h is single-head attention with the rows of W_Q, W_K and W_V that belong to it."""
    module, x = multi_head(), torch.randn(BATCH, QUERY, 30)
    mask = causal_mask(QUERY)
    trace = module(x, x, mask)
    for head in range(HEADS):
        rows = slice(6 * head, 6 * head + 6)
        q, k, v = (F.linear(x, each.weight[rows], each.bias[rows]) for each in (module.W_Q, module.W_K, module.W_V))
        alone = scaled_dot_product_attention(q, k, v, mask[0])
        torch.testing.assert_close(trace.heads[:, head], alone.heads, **CLOSE)


def test_the_head_whose_part_of_W_O_is_zero_says_nothing() -> None:
    module, x = multi_head(), torch.randn(BATCH, QUERY, 30)
    with torch.no_grad():
        module.W_O.weight[:, 12:18] = 0  # head 2
    before = module(x, x, causal_mask(QUERY)).output
    with torch.no_grad():
        module.W_V.weight[12:18] += 1
    assert torch.equal(module(x, x, causal_mask(QUERY)).output, before)


def test_attending_with_kept_keys_and_values_is_attending() -> None:
    module, asking, answering = multi_head(), torch.randn(BATCH, QUERY, 30), torch.randn(BATCH, KEY, 30)
    mask = random_mask(BATCH, 1, QUERY, KEY)
    kept = module.attend(asking, *module.keys_and_values(answering), mask)
    assert torch.equal(kept.output, module(asking, answering, mask).output)


def test_the_causal_mask_lets_no_position_see_a_later_one() -> None:
    mask = causal_mask(QUERY)
    assert mask.shape == (1, 1, QUERY, QUERY)
    assert all(bool(mask[0, 0, query, key]) == (key <= query) for query in range(QUERY) for key in range(QUERY))


def test_the_padding_mask_is_false_at_the_padding_only() -> None:
    ids = torch.tensor([[5, 9, 1, 0, 0], [3, 0, 7, 2, 4]])
    assert torch.equal(padding_mask(ids, 0)[:, 0, 0], ids != 0)
    assert padding_mask(ids, 0).shape == (2, 1, 1, 5)


def test_extreme_scores_make_no_nan() -> None:
    queries = torch.tensor([[1e200, -1e200, 1.0]])
    weights = scaled_dot_product_attention(
        queries, torch.eye(3), torch.eye(3), torch.ones(1, 3, dtype=torch.bool)
    ).weights
    assert torch.equal(weights, torch.tensor([[1.0, 0, 0]]))
