"""What was measured once about word vectors, and is shipped: what negative sampling is for.

Measured again by `python -m systems.vectors.recorded.noise`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "noise.json"
COMMAND = "python -m systems.vectors.recorded.noise"


@dataclass(frozen=True, slots=True)
class Trained:
    """What became of one training."""

    alike: float  # the mean cosine of two words
    told_apart: float  # per cent: see `WordVectors.measure`


@dataclass(frozen=True, slots=True)
class Noise:
    """Skip-gram, trained twice on the same sentences."""

    corpus: str
    with_noise: Trained
    without: Trained


def of_noise() -> Noise | None:
    """The record; `None` if it is not there or is none."""
    try:
        told = json.loads(FILE.read_text(encoding="utf-8"))
        return Noise(told["corpus"], Trained(**told["with_noise"]), Trained(**told["without"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
