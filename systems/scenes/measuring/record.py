"""What was measured, as it is written and read: `recorded/looks.json` and `recorded/pictures.json`. Each names the weights it is about."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from systems import records, shelf
from systems.scenes import corpus
from systems.scenes.corpus import Example
from systems.scenes.measuring.gradient import Varied, varied
from systems.scenes.measuring.looks import Exact, Looked, exact, looked
from systems.scenes.soft import Soft
from transformer.checkpoint import read_card

FOLDER = Path(__file__).parent.parent / "recorded"
LOOKS, PICTURES = FOLDER / "looks.json", FOLDER / "pictures.json"
READ = 400  # held-out scenes whose looks are compared with the gold


@dataclass(frozen=True, slots=True, kw_only=True)
class Captioner:
    """All that is recorded of one captioner."""

    name: str
    kind: str
    weights: str  # the beginning of the hash of its weights
    exact: Exact
    looked: tuple[Looked, ...]
    varied: tuple[Varied, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One model of the comparison by number of pictures: per cent right on held-out scenes."""

    kind: str
    pictures: int
    steps: int
    parameters: int
    right: float
    circles: float
    counting: float
    related: float
    there: float
    baseline: float


def held_out(number: int) -> Sequence[Example]:
    """The first scenes of the test split."""
    return corpus.load().split("test")[:number]


def captioner(name: str) -> Captioner:
    """Measure a captioner on the shelf. Raises `CheckpointError`."""
    opened = shelf.load(name)
    model = opened.model
    assert isinstance(model, Soft)
    examples = held_out(READ)
    return Captioner(
        name=opened.name, kind=opened.kind, weights=records.weights_of(shelf.available().get(name, Path(name))),
        exact=exact(model, corpus.load().split("test")), looked=tuple(looked(model, examples)), varied=tuple(varied(model, examples)),
    )  # fmt: skip


def learned(folder: Path) -> Learned:
    """What the card of a finished training says."""
    card = read_card(folder)
    recipe, test = card["training"]["recipe"], card["test"]
    figures = {name: test[name] for name in ("right", "circles", "counting", "related", "there", "baseline")}
    steps = int(card["training"].get("steps") or 0)
    kind = str(card["config"]["model"])
    return Learned(
        kind=kind, pictures=int(recipe["examples"]), steps=steps, parameters=int(card["parameters"]), **figures
    )


def write(found: Sequence[Captioner] | Sequence[Learned], out: Path, command: str) -> None:
    """Write what was measured."""
    records.write(out, command, "models", [asdict(each) for each in found])


def captioners() -> tuple[Captioner, ...]:
    """What was recorded of the shipped captioners; none if there is no record."""
    return tuple(
        Captioner(
            name=each["name"], kind=each["kind"], weights=each["weights"], exact=Exact(**each["exact"]),
            looked=tuple(Looked(**row) for row in each["looked"]), varied=tuple(Varied(**row) for row in each["varied"]),
        )
        for each in models(LOOKS)
    )  # fmt: skip


def by_pictures() -> tuple[Learned, ...]:
    """What was recorded of the models that had fewer pictures."""
    return tuple(Learned(**each) for each in models(PICTURES))


def models(file: Path) -> list[dict[str, Any]]:
    """The models in a record."""
    try:
        found: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["models"]
    except (OSError, ValueError, KeyError):
        return []
    return found
