"""Sinusoidal positions, section 3.5 of the paper: the model's own table, and the arithmetic behind each of its numbers.

Positions and dimensions count from 0. Dimension 2i is sin(position / 10000^(2i/d_model)), dimension 2i + 1 the cosine of the
same angle; both come round after 2 pi 10000^(2i/d_model) positions, their wavelength.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transformer.checkpoint import Checkpoint
from transformer.trace import EmbeddingTrace
from ui.controls.sides import Sentence
from ui.session.walk import Walk, array

Numbers = NDArray[np.float32]
REACH = 64  # positions, when more than the sentence's are shown
FINE = 8  # steps a position, for a smooth curve


@dataclass(frozen=True, slots=True)
class Angle:
    """How one number of the table is computed."""

    position: int
    dimension: int
    pair: int  # i
    width: int  # d_model

    @property
    def divisor(self) -> float:
        """10000^(2i/d_model)."""
        return float(10000 ** (2 * self.pair / self.width))

    @property
    def wavelength(self) -> float:
        """In positions."""
        return 2 * math.pi * self.divisor

    @property
    def angle(self) -> float:
        """In radians."""
        return self.position / self.divisor

    @property
    def wave(self) -> str:
        """`sin` for an even dimension, `cos` for an odd one."""
        return "cos" if self.dimension % 2 else "sin"

    @property
    def value(self) -> float:
        """The sine or the cosine of the angle."""
        return math.cos(self.angle) if self.dimension % 2 else math.sin(self.angle)


def angle(position: int, dimension: int, width: int) -> Angle:
    """The arithmetic of PE(position, dimension) of `width` dimensions."""
    return Angle(position, dimension, dimension // 2, width)


def table(checkpoint: Checkpoint) -> Numbers:
    """The model's positions (position, d_model), as many as it has."""
    return array(checkpoint.model.embedding.positions)


def wavelengths(width: int) -> list[float]:
    """The wavelength of each dimension."""
    return [angle(0, dimension, width).wavelength for dimension in range(width)]


def similarity(values: Numbers) -> NDArray[np.float64]:
    """The cosines (position, position) between positions (position, d_model)."""
    rows = values.astype(np.float64)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosines: NDArray[np.float64] = np.clip(unit @ unit.T, -1, 1)
    return cosines


def distances(width: int, apart: int) -> list[float]:
    """cos(apart / 10000^(2i/d_model)) for every i: they add up to the product of two positions that are `apart`."""
    return [math.cos(angle(apart, 2 * pair, width).angle) for pair in range(width // 2)]


def tracks(width: int, dimension: int) -> list[int]:
    """The dimensions whose curves are drawn: six over the whole width, and the chosen one with its partner."""
    spread = {0, width // 16 // 2 * 2, width // 8 // 2 * 2, width // 4 // 2 * 2, width // 2 // 2 * 2, width - 2}
    return sorted(spread | {dimension, dimension ^ 1})


def curve(dimensions: list[int], width: int, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions with `FINE` steps each (step,), and the waves of the dimensions there (dimension, step)."""
    along = np.arange((count - 1) * FINE + 1) / FINE
    waves = [
        (np.cos if dimension % 2 else np.sin)(along / angle(0, dimension, width).divisor) for dimension in dimensions
    ]
    return along, np.stack(waves)


def embedded(walk: Walk, sentence: Sentence) -> EmbeddingTrace:
    """The trace of the side's embedding."""
    return (walk.trace.encoder if sentence.side == "source" else walk.trace.decoder).embedding


def parts(walk: Walk, sentence: Sentence) -> Numbers:
    """Scaled embedding, position and their sum (3, position, d_model), of the positions that are drawn."""
    trace, rows = embedded(walk, sentence), sentence.rows
    return np.stack([array(trace.scaled[0])[rows], array(trace.positions)[rows], array(trace.output[0])[rows]])
