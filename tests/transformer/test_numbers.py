"""One number set by hand: as if somebody had written it into the weights, or given to the layers above."""

import copy

import pytest
import torch

from transformer.analysis.effects import traced
from transformer.decoding.reading import encoded, full_trace
from transformer.model import Transformer
from transformer.numbers import Number
from transformer.what_if import Head, WhatIf, apply

pytestmark = pytest.mark.usefixtures("no_gradients")
SOURCE, TARGET = [11, 23, 37, 41, 53, 61, 71], [13, 17, 29, 43, 59]
WEIGHTS = (
    "matrix", "encoder_layers.0.self_attention.W_Q.weight", "encoder_layers.1.self_attention.W_O.bias", "encoder_layers.0.feed_forward.W_1.weight",
    "encoder_layers.1.after_attention.norm.weight", "decoder_layers.0.self_attention.W_V.weight", "decoder_layers.1.cross_attention.W_K.weight",
    "decoder_layers.0.after_cross_attention.norm.bias", "decoder_layers.1.feed_forward.W_2.weight",
)  # fmt: skip


def written(model: Transformer, name: str, row: int, column: int, value: float) -> Transformer:
    """A copy of all weights, with one written over."""
    other = copy.deepcopy(model)
    weight = dict(other.named_parameters())[name].data
    (weight if weight.dim() == 2 else weight[None])[row, column] = value
    return other


@pytest.mark.parametrize("name", WEIGHTS)
def test_a_weight_is_changed_as_if_it_had_been_written(model: Transformer, name: str) -> None:
    row = 0 if name.endswith("bias") or "norm" in name else TARGET[1] if name == "matrix" else 3
    before = {key: tensor.clone() for key, tensor in model.state_dict().items()}
    plain = traced(model, SOURCE, TARGET).logits
    changed = apply(model, WhatIf(numbers=(Number(name, row, 2, 7.5),)))
    expected = written(model, name, row, 2, 7.5)
    torch.testing.assert_close(
        traced(changed, SOURCE, TARGET).logits, traced(expected, SOURCE, TARGET).logits, atol=1e-6, rtol=0
    )
    assert not torch.allclose(traced(changed, SOURCE, TARGET).logits, plain)
    assert torch.equal(traced(model, SOURCE, TARGET).logits, plain)
    assert all(torch.equal(before[key], tensor) for key, tensor in model.state_dict().items()), "nobody else sees it"
    others = [key for key, tensor in changed.named_parameters() if tensor is not dict(model.named_parameters())[key]]
    assert others == [name], "all other weights are shared"


def test_with_other_changes_and_several_numbers(model: Transformer) -> None:
    numbers = (
        Number("matrix", 11, 0, 2.0),
        Number("matrix", 11, 1, -2.0),
        Number("encoder_layers.0.self_attention.W_Q.weight", 1, 1, 3.0),
    )
    off = ((Head("cross", 0, 1), "off"),)
    changed, expected = apply(model, WhatIf(numbers=numbers, heads=off)), model
    for number in numbers:
        expected = written(expected, *number)
    expected = apply(expected, WhatIf(heads=off))
    torch.testing.assert_close(
        traced(changed, SOURCE, TARGET).logits, traced(expected, SOURCE, TARGET).logits, atol=1e-6, rtol=0
    )


def test_what_leaves_a_layer_is_what_the_layers_above_are_given(model: Transformer) -> None:
    """The first layer's output, with one number changed, put into the second by hand."""
    changed = apply(model, WhatIf(numbers=(Number("layer.1", 4, 3, 5.0),)))
    plain = encoded(model, SOURCE)
    x = plain.layers[0].output.clone()
    x[0, 4, 3] = 5.0
    mask = torch.ones(1, 1, 1, len(SOURCE) + 1, dtype=torch.bool)
    for layer in list(model.encoder_layers)[1:]:
        x = layer(x, mask).output
    found = encoded(changed, SOURCE)
    torch.testing.assert_close(found.output, x, atol=1e-6, rtol=0)
    assert found.layers[0].output[0, 4, 3] == found.layers[0].after_feed_forward.output[0, 4, 3] == 5.0
    expected = model.logits(model.decode(torch.tensor([[1, *TARGET]]), x, mask).output)
    torch.testing.assert_close(full_trace(changed, found, TARGET).logits, expected, atol=1e-6, rtol=0)
    assert torch.equal(encoded(model, SOURCE).output, plain.output)


def test_a_position_beyond_the_sentence_changes_nothing(model: Transformer) -> None:
    changed = apply(model, WhatIf(numbers=(Number("layer.2", 20, 3, 5.0),)))
    assert torch.equal(traced(changed, SOURCE, TARGET).logits, traced(model, SOURCE, TARGET).logits)


@pytest.mark.parametrize("number", [
    Number("nowhere", 0, 0, 1.0), Number("layer.x", 0, 0, 1.0),
    Number("layer.9", 0, 0, 1.0), Number("layer.0", 0, 0, 1.0), Number("matrix", -1, 0, 1.0), Number("matrix", 0, 10**6, 1.0),
    Number("matrix", 0, 0, float("nan")), Number("matrix", 0, 0, float("inf")), Number("matrix", 0, 0, 1e30),
])  # fmt: skip
def test_what_cannot_be_is_refused(model: Transformer, number: Number) -> None:
    with pytest.raises(ValueError, match=r"number|weight|layer"):
        apply(model, WhatIf(numbers=(number,)))
