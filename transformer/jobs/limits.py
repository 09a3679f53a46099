"""What a person may ask of the machine: the limits that whoever serves the app sets in the environment."""

import json
import logging
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path

ON = ("", "on", "yes", "true", "1")
SIZES = {
    "vocabulary-size": 8000,
    "d-model": 256,
    "layers": 3,
    "heads": 8,
    "d-ff": 1024,
}  # if not given: the largest that `train` would choose
OF_A_SYSTEM = 2_000_000  # parameters of the largest that is no translator
RECURRENT = 20  # widths squared of the largest recurrent kind
COUNTED = ("vocabulary-size", "d-model", "layers", "d-ff")  # what parameters hang on
BYTES = (
    26  # on the disk for each parameter: weights and Adam's moments in full precision, twice while replaced; the model
)
SNAPSHOT_BYTES = 2  # for each parameter of a snapshot
MOST_MAPS = (
    96  # layers times heads of a stack: each is a map that every page keeps for every sentence (paper: 48, big: 96)
)
MOST_LAYERS = 12  # of a stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Whether anybody may train, for how long, how large, how many jobs at once in all, of one person and from one address."""

    training: bool = True
    minutes: float = 60
    parameters: int = 12_000_000
    queue: int = 12
    per_person: int = 2
    per_address: int = 6  # a person is a cookie, of which anybody can have many; a class may share one address
    models: int = 200  # on the shelf, whoever made or brought them

    @classmethod
    def from_environment(cls) -> "Limits":
        """ATLAS_TRAINING=off, ATLAS_TRAINING_MINUTES, _PARAMETERS, _QUEUE, _PER_PERSON, _PER_ADDRESS and _MODELS.

        A number of 0 or less switches training off, and so does a word for ATLAS_TRAINING that is none for "on". A value that is no number
        leaves the default, and is logged: a typing error must never lift a limit, nor stop the app.
        """
        words = os.environ.get("ATLAS_TRAINING", "").strip().lower()
        plain = cls()
        numbers = {field.name: _number(field.name, getattr(plain, field.name)) for field in fields(cls)[1:]}
        return cls(
            training=words in ON and all(number > 0 for number in numbers.values()),
            minutes=numbers["minutes"], parameters=int(numbers["parameters"]), queue=int(numbers["queue"]),
            per_person=int(numbers["per_person"]), per_address=int(numbers["per_address"]), models=int(numbers["models"]),
        )  # fmt: skip


def _number(name: str, default: float) -> float:
    variable = f"ATLAS_TRAINING_{name.upper()}"
    text = os.environ.get(variable, "").strip()
    try:
        number = float(text) if text else default
    except ValueError:
        number = math.nan
    if math.isfinite(number):
        return number
    logging.getLogger(__name__).warning("%s=%s is not a number; it stays at %s.", variable, text, default)
    return default


def options(arguments: Sequence[str]) -> dict[str, str]:
    """The options among the arguments of `train` with their values, without dashes: `--minutes 3` and `--minutes=3`."""
    found = {}
    for place, argument in enumerate(arguments):
        if argument.startswith("--"):
            name, equals, value = argument[2:].partition("=")
            found[name] = value if equals else next(iter(arguments[place + 1 : place + 2]), "")
    return found


def bounded(arguments: Sequence[str], minutes: float) -> tuple[str, ...]:
    """The arguments with `--minutes` of at most `minutes`, as their last; a run also ends when its epochs do."""
    kept, skip = [], False
    for argument in arguments:
        if not skip and argument != "--minutes" and not argument.startswith("--minutes="):
            kept.append(argument)
        skip = argument == "--minutes"
    try:
        asked = float(options(arguments).get("minutes", minutes))
    except ValueError:
        asked = minutes
    return (*kept, "--minutes", f"{min(asked, minutes) if math.isfinite(asked) else minutes:g}")


def parameters(arguments: Sequence[str], checkpoints: Sequence[Path]) -> int:
    """How many parameters the model of `train ARGUMENTS` will have; a base is looked for in the folders `checkpoints`.

    Counted as in `transformer.model`: the shared matrix, and for each layer its attentions, feed-forward network and norms. Of a
    recurrent model, which has one layer, as many as the largest kind has.
    """
    given = options(arguments)
    if base := given.get("from"):
        return _of_base(base, checkpoints)
    if "model" in given and given["model"] in import_module("systems").KINDS:
        return OF_A_SYSTEM
    pieces, width, layers, inner = (whole(given, name) for name in COUNTED)
    if given.get("model", "additive") not in ("transformer", "additive", "unscaled"):
        return pieces * width + RECURRENT * width * (width + 2)
    attention, norm = 4 * (width * width + width), 2 * width
    feed_forward = 2 * width * inner + inner + width
    encoder, decoder = attention + feed_forward + 2 * norm, 2 * attention + feed_forward + 3 * norm
    return pieces * width + layers * (encoder + decoder)


def too_many(layers: int, heads: int) -> str:
    """Why no page could show a model with so many layers a stack and heads a layer; nothing if it can be shown."""
    if layers > MOST_LAYERS:
        return f"{layers} layers a stack are too many to be shown; {MOST_LAYERS} can be."
    if layers * heads > MOST_MAPS:
        return (
            f"{layers} layers of {heads} heads are {layers * heads} attention maps a stack; {MOST_MAPS} can be shown."
        )
    return ""


def full_shelf(shelf: Path, most: int) -> str:
    """Why no further model can be kept on the shelf; nothing if it can."""
    if sum(1 for _ in shelf.glob("*/card.json")) < most:
        return ""
    return f"There are {most} models on this server already. Delete some that nobody needs, then try again."


def room(arguments: Sequence[str], parameters: int) -> int:
    """Bytes of disk that the run will take, at most."""
    try:
        snapshots = int(options(arguments).get("snapshots", 20))
    except ValueError:
        snapshots = 20
    return parameters * (BYTES + SNAPSHOT_BYTES * snapshots) + 10_000_000


def whole(given: Mapping[str, str], name: str) -> int:
    """A size among the options of `train`, or what it is without one."""
    text = given.get(name, "")
    return int(text) if text.isdecimal() else SIZES[name]


def _of_base(base: str, checkpoints: Sequence[Path]) -> int:
    """The parameters of a checkpoint by name or folder, as its card says; 0 if it cannot be asked."""
    name = base.rpartition("@")[0] or base
    for folder in (*(shelf / name for shelf in checkpoints), Path(name)):
        try:
            return int(json.loads((folder / "card.json").read_text(encoding="utf-8"))["parameters"])
        except (OSError, ValueError, TypeError, KeyError):
            continue
    return 0
