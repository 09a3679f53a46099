"""The numbers of the machine, small enough to send: a byte each, as a share of the largest of its block."""

import base64
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ui.session.attentions import Numbers

MOST = 600_000  # numbers sent for one machine; of a longer sentence's vectors every second, third, ... is drawn
BRIGHT = 99.0  # per cent of a block's numbers that are not drawn in the strongest colour


def strips(found: Sequence[Numbers], most: int = MOST) -> dict[str, Any]:
    """Blocks `(position d_model)`: their `mosaics`, and of every vector its length and its first numbers."""
    every = math.ceil(sum(each.size for each in found) / most)
    return {
        **mosaics(found, every), "every": every,
        "lengths": [[rounded(float(length)) for length in np.linalg.norm(each, axis=1)] for each in found],
        "first": [[[rounded(float(number)) for number in row[:3]] for row in each] for each in found],
    }  # fmt: skip


def mosaics(found: Sequence[Numbers], every: int = 1) -> dict[str, Any]:
    """Every so many numbers of blocks `(position d_model)`, one block after the other, as bytes.

    `fold` says how many numbers of a vector stand beside each other and how many rows of them there are.
    """
    drawn = [each[:, ::every] for each in found]
    shares = [each / (float(np.percentile(np.abs(each), BRIGHT)) or 1.0) for each in drawn]
    data = b"".join(np.rint(np.clip(each, -1, 1) * 127).astype(np.int8).tobytes() for each in shares)
    return {
        "data": base64.b64encode(data).decode(), "places": [len(each) for each in found], "fold": fold(drawn[0].shape[1])
    }  # fmt: skip


def fold(count: int) -> tuple[int, int]:
    """How many of `count` numbers stand beside each other, and how many rows of them there are: about a square."""
    columns = max(divisor for divisor in range(1, math.isqrt(count) + 1) if count % divisor == 0)
    return (count // columns, columns) if columns * columns < count else (columns, columns)


def rounded(number: float) -> float:
    """Four digits that matter."""
    return float(f"{number:.4g}")


def map_of(weights: Numbers, head: int | None) -> list[list[float]]:
    """The weights (query, key) of a head, or of all heads on average."""
    shown = weights.mean(0) if head is None else weights[head]
    return [[round(float(share), 4) for share in row] for row in shown]
