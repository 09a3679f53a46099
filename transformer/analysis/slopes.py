"""What a small change of a number would do: the gradient of a translation's log-probability by a weight, or by what leaves a layer."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from transformer.analysis.attributions import differentiating
from transformer.decoding.reading import encoded, full_trace
from transformer.model import Transformer
from transformer.numbers import with_gradient


def slopes(model: Transformer, source: Sequence[int], reference: Sequence[int], where: str) -> NDArray[np.float64]:
    """How the log-probability of `reference`, ids with the end piece, grows with each number (row, column), in nats.

    `source` are ids without the end piece; `where` is as in `transformer.numbers.Number`. Raises `ValueError` for a place that there
    is not.
    """
    with differentiating():
        changed, numbers = with_gradient(model, where, len(source) + 1)
        trace = full_trace(changed, encoded(changed, source), reference[:-1])
        said = trace.logits[0].log_softmax(-1)[torch.arange(len(reference)), torch.tensor(reference)]
        [found] = torch.autograd.grad(said.sum(), [numbers])
    return np.atleast_2d(np.asarray(found.double().numpy()))
