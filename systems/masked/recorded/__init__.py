"""What was measured once about masked words, and is shipped: masking by several rates, and tagging by the number of sentences.

Measured again by `python -m systems.masked.recorded.rates` and `python -m systems.masked.recorded.curve`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RATES, CURVE = HERE / "rates.json", HERE / "curve.json"
COMMANDS = {RATES: "python -m systems.masked.recorded.rates", CURVE: "python -m systems.masked.recorded.curve"}


@dataclass(frozen=True, slots=True)
class Rate:
    """A BERT trained with a masking rate, and how well it fills single blanks of held-out sentences."""

    masking: float  # share of the words that is drawn in training
    right: float  # per cent of the blanks
    of_words: float  # the same without signs


@dataclass(frozen=True, slots=True)
class Rates:
    """Trainings alike but for the rate."""

    corpus: str
    steps: int
    batch: int
    baseline: float  # per cent: always the most frequent word
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Tagging:
    """Taggers trained on so many sentences: F1 of whole names on the test split, per cent."""

    sentences: int
    nothing: float  # begun from random numbers
    pretrained: float  # begun from `bert`


@dataclass(frozen=True, slots=True)
class Curve:
    """Fine-tuning against training from nothing, by the number of sentences."""

    base: str  # the hash of the weights of `bert`
    epochs_of_100: int
    points: tuple[Tagging, ...]


def of_rates() -> Rates | None:
    """The record of the masking rates; `None` if it is not there or is none."""
    try:
        told = read(RATES)
        return Rates(**{**told, "rates": tuple(Rate(**each) for each in told["rates"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def of_curve() -> Curve | None:
    """The record of the taggers; `None` if it is not there or is none."""
    try:
        told = read(CURVE)
        return Curve(**{**told, "points": tuple(Tagging(**each) for each in told["points"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read(file: Path) -> dict[str, Any]:
    """A record as it is written. Raises `OSError`, `ValueError`."""
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def write(file: Path, record: dict[str, Any]) -> None:
    """Write a record."""
    file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
