"""The records of experiments that take minutes, as they are shipped, read and checked."""

import json
import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from relatives.scaling.cost import Cost
from relatives.scaling.heads import HeadFigures

FOLDER = Path(__file__).parent.parent / "recorded"
TRAINED, COSTS = FOLDER / "scaling.json", FOLDER / "score_costs.json"


class RecordError(Exception):
    """A record that cannot be read; its message is a sentence for whoever wanted to see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One trained model of `python -m relatives.scaling`."""

    heads: int
    d_k: int
    scaled: bool  # whether its scores are divided by sqrt(d_k)
    rate: float  # the peak learning rate
    epochs: float
    steps: int
    pairs: int  # held-out ones on which it was measured
    loss: float  # on them, in nats per piece
    exact_match: float  # per cent of their translations
    before: tuple[HeadFigures, ...]  # its heads untrained
    after: tuple[HeadFigures, ...]


def models(path: Path = TRAINED) -> tuple[Model, ...]:
    """The trained models of a record. Raises `RecordError`."""
    try:
        found = tuple(map(model, read(path)["models"]))
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(path) from error
    if not found:
        raise damaged(path)
    return found


def costs(path: Path = COSTS) -> tuple[str, tuple[Cost, ...]]:
    """The machine that a record of costs was made on, and what it measured. Raises `RecordError`."""
    told = read(path)
    try:
        found = tuple(Cost(**checked(Cost, each)) for each in told["costs"])
        machine = str(told["machine"])
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(path) from error
    if not found or min(min(each.n, each.seconds, each.bytes) for each in found) <= 0:
        raise damaged(path)
    return machine, found


def model(told: dict[str, Any]) -> Model:
    """One model. Raises `KeyError`, `TypeError` or `ValueError` if it is none."""
    before, after = (
        tuple(HeadFigures(**checked(HeadFigures, each)) for each in told[name]) for name in ("before", "after")
    )
    if not before or not after:
        raise ValueError("a model without heads")
    plain = checked(Model, {name: value for name, value in told.items() if name not in ("before", "after")})
    return Model(**plain, before=before, after=after)


def checked(kind: type, told: dict[str, Any]) -> dict[str, Any]:
    """The same values, if those that ought to be numbers are finite ones. Raises `TypeError` or `ValueError`."""
    for field in fields(kind):
        value = told.get(field.name, 0)
        if field.type in (int, float, bool) and not (isinstance(value, int | float) and math.isfinite(value)):
            raise ValueError(f"{field.name} is {value!r}")
    return told


def read(path: Path) -> dict[str, Any]:
    """The record as it stands. Raises `RecordError`."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise RecordError(f"The record {path.name} is missing; make it with: {command_of(path)}") from error
    except (OSError, ValueError) as error:
        raise damaged(path) from error
    if not isinstance(found, dict):
        raise damaged(path)
    return found


def damaged(path: Path) -> RecordError:
    """What is said of a record that is none."""
    return RecordError(f"The record {path.name} is damaged; make it again with: {command_of(path)}")


def command_of(path: Path) -> str:
    """The command that makes a record."""
    return "python -m relatives.scaling" + (" --costs" if path.name == COSTS.name else "")
