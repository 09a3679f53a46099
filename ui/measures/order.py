"""The same pieces in another order, and how far the encoder's outputs are from those of the first order."""

import random

import numpy as np
import torch
from numpy.typing import NDArray

from transformer.decoding.reading import source_rows
from transformer.model import Transformer

Numbers = NDArray[np.float64]

SEED = 3


def order(how: str, count: int) -> tuple[int, ...]:
    """The places in another order; the last one, the end piece, stays."""
    places = list(range(count - 1))
    if how == "shuffled":
        random.Random(SEED).shuffle(places)
    else:
        places.reverse()
    return (*places, count - 1)


def distances(model: Transformer, source: tuple[int, ...], other: tuple[int, ...]) -> Numbers:
    """The largest difference between any two of the encoder's outputs: `(place, place in the other sentence)`."""
    with torch.inference_mode():
        one, two = model.encode(source_rows(model, [source[:-1], other[:-1]])).output  # place d_model, each
        return np.asarray((one[:, None] - two[None]).abs().amax(-1).double().numpy())
