"""The trace: its axes agree, its numbers are finite, and each tensor is the one before it plus what its name says."""

import dataclasses
import math
from typing import get_type_hints

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from transformer import trace as trace_module
from transformer.config import Config
from transformer.model import Transformer
from transformer.trace import AttentionTrace, FeedForwardTrace, ResidualTrace, Trace, axes, tensors

CLOSE = {"rtol": 0, "atol": 1e-12}
GLOBAL = ("batch", "head", "d_head", "d_model", "d_ff", "vocabulary")
NODES = [each for each in vars(trace_module).values() if dataclasses.is_dataclass(each)]


@pytest.fixture
def trace(model: Transformer, source: Tensor, target: Tensor) -> Trace:
    return model(source, target)


def nodes(node: object, kind: type) -> list:
    """Every node of one kind below another."""
    if isinstance(node, kind):
        return [node]
    if isinstance(node, tuple):
        return [found for item in node for found in nodes(item, kind)]
    if dataclasses.is_dataclass(node):
        return [found for field in dataclasses.fields(node) for found in nodes(getattr(node, field.name), kind)]
    return []


def test_the_axis_names_agree_over_the_whole_tree(trace: Trace, config: Config) -> None:
    """Each name has one length everywhere; a position is one of the source left and one of the target right."""
    sizes = {
        "batch": 3, "head": config.heads, "d_head": config.d_head, "d_model": config.d_model, "d_ff": config.d_ff,
        "vocabulary": config.vocabulary_size, "1": 1,
    }  # fmt: skip
    for path, tensor, names in tensors(trace):
        own, other = (11, 11) if path.startswith("encoder") else (13, 11 if "cross_attention" in path else 13)
        here = sizes | {"position": own, "query": own, "key": other}
        assert tuple(tensor.shape) == tuple(here[name] for name in names.split()), (
            f"{path}: {names} is {tuple(tensor.shape)}"
        )


def test_the_sizes_of_this_test_could_not_be_mistaken_for_each_other(config: Config) -> None:
    sizes = [3, 11, 13, config.heads, config.d_head, config.d_model, config.d_ff, config.vocabulary_size]
    assert len(set(sizes)) == len(sizes)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_no_number_is_nan_or_infinite_even_with_padding(
    model: Transformer, source: Tensor, target: Tensor, dtype: torch.dtype
) -> None:
    for path, tensor, _ in tensors(model.to(dtype)(source, F.pad(target, (0, 5)))):
        assert tensor.isfinite().all(), path


def test_every_tensor_of_the_tree_is_walked_once(trace: Trace) -> None:
    paths = [path for path, _, _ in tensors(trace)]
    assert len(set(paths)) == len(paths)
    assert len(paths) == count(trace)
    for path, tensor, _ in tensors(trace):
        found = trace
        for name in path.split("."):
            found = found[int(name)] if name.isdigit() else getattr(found, name)
        assert found is tensor, path


def count(node: object) -> int:
    """The tensors below a node, by a walk of its own."""
    if isinstance(node, Tensor):
        return 1
    below = node if isinstance(node, tuple) else [getattr(node, each.name) for each in dataclasses.fields(node)]
    return sum(map(count, below))


def test_the_tree_can_be_walked_from_any_node(trace: Trace) -> None:
    below = {path: tensor for path, tensor, _ in tensors(trace.decoder.layers[2])}
    assert below["cross_attention.weights"] is trace.decoder.layers[2].cross_attention.weights
    assert next(path for path, _, _ in tensors(trace.decoder.layers, "layers")) == "layers.0.input"


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.__name__)
def test_a_trace_cannot_be_changed(node: type) -> None:
    assert node.__dataclass_params__.frozen
    assert node.__slots__ == tuple(field.name for field in dataclasses.fields(node))
    blank = node(*[None] * len(dataclasses.fields(node)))
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(blank, dataclasses.fields(node)[0].name, 1)


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.__name__)
def test_every_tensor_names_its_axes(node: type) -> None:
    for name, hint in get_type_hints(node).items():
        if hint is Tensor:
            assert axes(node, name)
            assert set(axes(node, name)) <= {*GLOBAL, "position", "query", "key", "1"}


def test_axes_are_read_from_the_annotation() -> None:
    assert axes(AttentionTrace, "weights") == ("batch", "head", "query", "key")


def test_rows_of_weights_sum_to_one_and_masked_ones_are_exactly_zero(trace: Trace) -> None:
    for attention in nodes(trace, AttentionTrace):
        torch.testing.assert_close(attention.weights.sum(-1), torch.ones_like(attention.weights[..., 0]), **CLOSE)
        assert (attention.weights[~attention.mask.expand_as(attention.weights)] == 0).all()
        assert (attention.weights >= 0).all()


def test_the_masks_are_those_of_the_paper(trace: Trace, source: Tensor, target: Tensor) -> None:
    causal = torch.ones(13, 13, dtype=torch.bool).tril()
    for layer in trace.encoder.layers:
        assert torch.equal(layer.self_attention.mask, (source != 0)[:, None, None].expand(3, 1, 11, 11))
    for layer in trace.decoder.layers:
        assert torch.equal(layer.self_attention.mask, (target != 0)[:, None, None] & causal)
        assert torch.equal(layer.cross_attention.mask, (source != 0)[:, None, None].expand(3, 1, 13, 11))


def test_scores_are_scaled_dot_products_and_heads_are_weighted_values(trace: Trace, config: Config) -> None:
    for attention in nodes(trace, AttentionTrace):
        scores = torch.einsum("bhqd,bhkd->bhqk", attention.queries, attention.keys) / math.sqrt(config.d_head)
        torch.testing.assert_close(attention.scores, scores, **CLOSE)
        allowed = attention.scores.exp() * attention.mask
        torch.testing.assert_close(attention.weights, allowed / allowed.sum(-1, keepdim=True), **CLOSE)
        torch.testing.assert_close(attention.heads, attention.weights @ attention.values, **CLOSE)


def test_concatenated_heads_times_W_O_are_the_output(model: Transformer, trace: Trace) -> None:
    for module, layer in zip(model.decoder_layers, trace.decoder.layers, strict=True):
        for name in ("self_attention", "cross_attention"):
            attention, projection = getattr(layer, name), getattr(module, name).W_O
            concatenated = torch.cat(tuple(attention.heads.unbind(1)), dim=-1)
            torch.testing.assert_close(attention.output, concatenated @ projection.weight.T + projection.bias, **CLOSE)


def test_the_input_of_a_layer_is_the_output_of_the_one_before(trace: Trace) -> None:
    for side in (trace.encoder, trace.decoder):
        before = side.embedding.output
        for layer in side.layers:
            assert layer.input is before
            assert layer.output is layer.after_feed_forward.output
            before = layer.output
        assert side.output is before


def test_the_residual_stream_adds_what_each_sublayer_says(trace: Trace) -> None:
    for layer in trace.encoder.layers:
        torch.testing.assert_close(layer.after_attention.added, layer.input + layer.self_attention.output, **CLOSE)
        fed = layer.after_attention.output + layer.feed_forward.output
        torch.testing.assert_close(layer.after_feed_forward.added, fed, **CLOSE)
    for layer in trace.decoder.layers:
        torch.testing.assert_close(layer.after_self_attention.added, layer.input + layer.self_attention.output, **CLOSE)
        informed = layer.after_self_attention.output + layer.cross_attention.output
        torch.testing.assert_close(layer.after_cross_attention.added, informed, **CLOSE)
        fed = layer.after_cross_attention.output + layer.feed_forward.output
        torch.testing.assert_close(layer.after_feed_forward.added, fed, **CLOSE)
        assert layer.after_cross_attention.input is layer.after_self_attention.output


def test_a_norm_is_its_parts(model: Transformer, trace: Trace) -> None:
    layers = [*zip(model.encoder_layers, trace.encoder.layers), *zip(model.decoder_layers, trace.decoder.layers)]  # noqa: B905
    boxes = [
        (getattr(module, field.name).norm, getattr(layer, field.name))
        for module, layer in layers for field in dataclasses.fields(layer) if isinstance(getattr(layer, field.name), ResidualTrace)
    ]  # fmt: skip
    assert len(boxes) == 2 * 2 + 3 * 3
    for norm, box in boxes:
        normal = (box.added - box.mean) / box.deviation
        torch.testing.assert_close(box.output, norm.weight * normal + norm.bias, **CLOSE)
        torch.testing.assert_close(normal.mean(-1), torch.zeros_like(normal[..., 0]), **CLOSE)
        torch.testing.assert_close(normal.square().mean(-1), torch.ones_like(normal[..., 0]), rtol=0, atol=1e-4)


def test_the_feed_forward_network_keeps_what_is_positive(trace: Trace) -> None:
    for network in nodes(trace, FeedForwardTrace):
        assert torch.equal(network.active, network.hidden.relu())
        assert (network.hidden < 0).any()


def test_an_embedding_is_scaled_rows_plus_positions(trace: Trace, config: Config, source: Tensor) -> None:
    for embedding in (trace.encoder.embedding, trace.decoder.embedding):
        assert torch.equal(embedding.scaled, embedding.rows * math.sqrt(config.d_model))
        assert torch.equal(embedding.output, embedding.scaled + embedding.positions)
    assert trace.encoder.embedding.ids is source


def test_logits_are_the_output_times_the_shared_matrix(model: Transformer, trace: Trace) -> None:
    assert torch.equal(trace.logits, trace.decoder.output @ model.matrix.T)


def test_cross_attention_reads_the_encoders_output(model: Transformer, trace: Trace) -> None:
    for module, layer in zip(model.decoder_layers, trace.decoder.layers, strict=True):
        keys, values = module.cross_attention.keys_and_values(trace.encoder.output)
        assert torch.equal(layer.cross_attention.keys, keys)
        assert torch.equal(layer.cross_attention.values, values)


def test_what_is_traced_is_what_is_trained(model: Transformer, source: Tensor, target: Tensor) -> None:
    """While training too: the weights are those before any dropout, and the gradient flows through the trace's own tensors."""
    trace = model.train()(source, target)
    for attention in nodes(trace, AttentionTrace):
        torch.testing.assert_close(attention.weights.sum(-1), torch.ones_like(attention.weights[..., 0]), **CLOSE)
        attention.weights.retain_grad()
    trace.logits.sum().backward()
    assert all(attention.weights.grad is not None for attention in nodes(trace, AttentionTrace))
