"""The slope of the log-probability of a translation by a number is what small changes of the number do."""

import copy

import numpy as np
import pytest

from transformer.analysis.effects import log_probability, slopes
from transformer.decoding.reading import encoded
from transformer.model import Transformer
from transformer.numbers import Number
from transformer.what_if import WhatIf, apply

SOURCE, TARGET = [11, 23, 37, 41, 53, 61, 71], [13, 17, 29, 43, 59]


@pytest.mark.parametrize("where", [
    "matrix", "encoder_layers.0.self_attention.W_Q.weight", "decoder_layers.1.feed_forward.W_1.bias", "layer.1", "layer.2",
])  # fmt: skip
def test_slopes_are_finite_differences(model: Transformer, where: str) -> None:
    double = copy.deepcopy(model).double()
    double.embedding.positions = double.embedding.positions.double()
    reference = [*TARGET, 2]
    found = slopes(model, SOURCE, reference, where)
    places = [TARGET[0], 1] if where == "matrix" else [0, 1]
    for row in places if len(found) > 1 else [0]:
        for column in (0, 5):
            now = value_of(double, where, row, column)
            step = 1e-4
            high, low = (
                float(
                    log_probability(
                        apply(double, WhatIf(numbers=(Number(where, row, column, now + each),))), SOURCE, reference
                    )
                )
                for each in (step, -step)
            )
            assert found[row, column] == pytest.approx((high - low) / (2 * step), abs=2e-3, rel=2e-3)


def value_of(model: Transformer, where: str, row: int, column: int) -> float:
    if where.startswith("layer."):
        return float(encoded(model, SOURCE).layers[int(where[-1]) - 1].output.detach()[0, row, column])
    weight = dict(model.named_parameters())[where].detach()
    return float(weight[column] if weight.dim() == 1 else weight[row, column])


def test_a_changed_model_has_its_own_slopes(model: Transformer) -> None:
    changed = apply(model, WhatIf(numbers=(Number("layer.1", 1, 1, 9.0),)))
    reference = [*TARGET, 2]
    assert not np.allclose(slopes(changed, SOURCE, reference, "layer.1"), slopes(model, SOURCE, reference, "layer.1"))
