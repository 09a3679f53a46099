"""What each part adds, computed again by NumPy straight from the weights; the parts add up to the vectors of the trace."""

import numpy as np
import pytest
import torch

from transformer.analysis import contributions
from transformer.analysis.contributions import Station, at_the_top, stations
from transformer.model import Transformer
from transformer.trace import Trace

ROW = 4
Halves = list[tuple[list, list, np.ndarray, np.ndarray]]


@pytest.fixture
def trace(model: Transformer, source: torch.Tensor, target: torch.Tensor) -> Trace:
    """One sentence, the first, which has no padding."""
    with torch.inference_mode():
        return model(source[:1], target[:1])


def halves(model: Transformer, trace: Trace) -> Halves:
    """Of the encoder and of the decoder: the layers, the model's own, what came in and what came out at `ROW`."""
    return [
        (list(half.layers), list(own), half.embedding.output[0, ROW].numpy(), half.output[0, ROW].numpy())
        for half, own in ((trace.encoder, model.encoder_layers), (trace.decoder, model.decoder_layers))
    ]


def numbers(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().numpy()


def test_the_parts_of_every_box_add_up_to_its_output(model: Transformer, trace: Trace) -> None:
    for layers, modules, _first, last in halves(model, trace):
        path = stations(layers, modules, ROW)
        assert [box.sub for box in path] == (["self", "feed"] if len(path) == 4 else ["self", "cross", "feed"]) * len(
            layers
        )
        for box in path:
            np.testing.assert_allclose(box.residual + box.heads.sum(0) + box.feed + box.bias, box.output, atol=1e-4)
            for head, whole in enumerate(box.heads):
                np.testing.assert_allclose(box.by_key(head).sum(0), whole, atol=1e-9)
        np.testing.assert_allclose(path[-1].output, last, atol=1e-9)


def test_the_parts_that_arrive_at_the_top_add_up_to_the_last_vector(model: Transformer, trace: Trace) -> None:
    for layers, modules, first, last in halves(model, trace):
        start, arrived = at_the_top(stations(layers, modules, ROW), first)
        whole = start + sum(box.heads.sum(0) + box.feed + box.bias for box in arrived)
        np.testing.assert_allclose(whole, last, atol=1e-4)


def test_a_head_adds_its_weights_times_values_times_w_o_through_layer_norm(model: Transformer, trace: Trace) -> None:
    """Kobayashi et al. 2020 and 2021, term by term, from the model's own weights."""
    layer, own = trace.decoder.layers[1], model.decoder_layers[1]
    x, memory = numbers(layer.after_self_attention.output[0]), numbers(trace.encoder.output[0])
    module, norm = own.cross_attention, own.after_cross_attention.norm
    added = numbers(layer.after_cross_attention.added[0, ROW])
    spread = np.sqrt(added.var() + norm.eps)
    found: Station = stations(trace.decoder.layers, model.decoder_layers, ROW)[4]
    for head in range(5):
        part = slice(6 * head, 6 * head + 6)
        query = x[ROW] @ numbers(module.W_Q.weight)[part].T + numbers(module.W_Q.bias)[part]
        keys = memory @ numbers(module.W_K.weight)[part].T + numbers(module.W_K.bias)[part]
        values = memory @ numbers(module.W_V.weight)[part].T + numbers(module.W_V.bias)[part]
        powers = np.exp(keys @ query / np.sqrt(6))
        for key, weight in enumerate(powers / powers.sum()):
            vector = weight * (numbers(module.W_O.weight)[:, part] @ values[key])
            after = numbers(norm.weight) * (vector - vector.mean()) / spread
            np.testing.assert_allclose(found.by_key(head)[key], after, atol=1e-4)
    kept = np.linalg.norm(found.residual)
    assert found.kept == pytest.approx(kept / (kept + np.linalg.norm(found.heads.sum(0))), abs=1e-9)


def test_what_a_position_gives_itself_is_kept_not_mixed_in(model: Transformer, trace: Trace) -> None:
    found = stations(trace.encoder.layers, model.encoder_layers, ROW)[0]
    each = np.array([found.by_key(head) for head in range(5)])
    np.testing.assert_allclose(found.own, each[:, ROW].sum(0), atol=1e-9)
    mixed = each.sum(0)[np.arange(each.shape[1]) != ROW].sum(0)
    kept = np.linalg.norm(found.residual + found.own)
    assert found.kept == pytest.approx(kept / (kept + np.linalg.norm(mixed)), abs=1e-6)


def test_an_early_part_passes_every_later_layer_norm(model: Transformer, trace: Trace) -> None:
    """As the model itself would carry it: the difference that the part makes while every spread and mean's rate stay as they are."""
    path = stations(trace.encoder.layers, model.encoder_layers, ROW)
    _start, arrived = at_the_top(path, numbers(trace.encoder.embedding.output[0, ROW]))
    vector = path[0].heads[2]
    for layer, name in ((0, "feed_forward"), (1, "attention"), (1, "feed_forward")):
        box = getattr(trace.encoder.layers[layer], f"after_{name}")
        norm = getattr(model.encoder_layers[layer], f"after_{name}").norm
        spread = np.sqrt(numbers(box.added[0, ROW]).var() + norm.eps)
        vector = numbers(norm.weight) * (vector - vector.mean()) / spread
    np.testing.assert_allclose(arrived[0].heads[2], vector, atol=1e-4)


def test_rollout_by_lengths_multiplies_the_shares_of_each_layer(model: Transformer, trace: Trace) -> None:
    path = [stations(trace.encoder.layers, model.encoder_layers, row) for row in range(11)]
    steps = []
    for number in (0, 2):  # the self-attention of both layers
        rows = []
        for row in range(11):
            each = sum(path[row][number].by_key(head) for head in range(5))
            each[row] += path[row][number].residual
            lengths = np.linalg.norm(each, axis=-1)
            rows.append(lengths / lengths.sum())
        steps.append(np.array(rows))
    first, second = contributions.rollout(trace.encoder.layers, model.encoder_layers)
    np.testing.assert_allclose(first, steps[0], atol=1e-6)
    np.testing.assert_allclose(second, steps[1] @ steps[0], atol=1e-6)
    np.testing.assert_allclose(second.sum(1), 1, atol=1e-9)
