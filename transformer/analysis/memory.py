"""How many variants of one sentence are computed in one batch: a trace holds everything, so memory is the bound, not time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from transformer.config import Config

T = TypeVar("T")
MOST = 256 * 2**20  # bytes of traces held at once


def at_once(config: Config, source: int, target: int) -> int:
    """Rows of a batch whose traces fit into `MOST`, for so many pieces a side; at least one."""
    positions = max(source, target)
    attentions = config.encoder_layers + 2 * config.decoder_layers
    maps = 3 * config.heads * positions**2  # scores, masked scores and weights
    states = positions * (8 * config.d_model + 2 * config.d_ff)
    return max(1, MOST // (4 * attentions * (maps + states)))


def sliced(items: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """The items in turn, at most so many at once; at least one."""
    step = max(1, most)
    yield from (items[first : first + step] for first in range(0, len(items), step))
