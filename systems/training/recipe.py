"""How to train a system: every choice that is made before the first step, and what suits whom."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from systems import ENGLISH, KINDS, check, class_of, room_of
from systems.system import made
from transformer.training.recipe import Schedule

USUAL = "--snapshots 6 --warm-up 100 --validation 400"  # what a kind's recipe need not say


@dataclass(frozen=True, kw_only=True)
class Recipe(Schedule):
    """A training run of a system. One of `minutes` and `epochs` must be given. Raises `ValueError` with a sentence."""

    corpus: str
    model: str
    base: str | None = None  # a system, by name or folder: begin with its words, and with what fits of its weights
    sizes: dict[str, Any] = field(default_factory=dict)  # of the model, where they are not those of its kind
    examples: int | None = None  # of the corpus, spread evenly over it; without it, all
    batch: int = 64  # examples in one step
    validation: int = 400  # held-out examples measured at each snapshot

    def __post_init__(self) -> None:
        super().__post_init__()
        check(self.model)
        for name in ("examples", "batch", "validation"):
            if (value := getattr(self, name)) is not None and value < 1:
                raise ValueError(f"{name} must be at least 1, but is {value}.")

    @property
    def given(self) -> dict[str, Any]:
        """The sizes of the model as plain values: those of the kind, and this recipe's own."""
        return {**KINDS[self.model].sizes, **self.sizes}

    def model_sizes(self, base: Any = None) -> Any:
        """The sizes of the model; what it shares with the sizes `base` is as there. Raises `ValueError`."""
        kind = class_of(self.model).SIZES
        names = {field.name for field in fields(kind)}
        shared = (
            {field.name: getattr(base, field.name) for field in fields(base) if field.name in names} if base else {}
        )
        return made(kind, {**KINDS[self.model].sizes, **shared, **self.sizes})


TYPES: Mapping[str, type] = {
    "minutes": float, "epochs": float, "examples": int, "batch": int, "peak-rate": float, "warm-up": int, "cool-down": float,
    "snapshots": int, "validation": int, "seed": int,
}  # fmt: skip


def suited(kind: str, corpus: str) -> dict[str, Any]:
    """The fields of `Recipe` that suit a kind on a corpus, as `RECIPES` of its room says. Raises `ValueError` for an unknown kind."""
    room = room_of(kind)
    line = room.get(corpus) or room[KINDS[kind].corpora[0]]
    return parsed(f"{USUAL} {line}")


def parsed(line: str) -> dict[str, Any]:
    """`--epochs 3 --set hops=1` as fields of `Recipe`. Raises `ValueError` with a sentence."""
    words, found, sizes = shlex.split(line), dict[str, Any](), dict[str, Any]()
    for name, value in zip(words[::2], words[1::2], strict=True):
        option = name.removeprefix("--")
        if option == "set":
            sizes |= [size(value)]
        else:
            found[option.replace("-", "_")] = TYPES[option](value)
    return found | ({"sizes": sizes} if sizes else {})


def size(text: str) -> tuple[str, Any]:
    """`hops=1` as a name and a number; `true` and `false` are switches. Raises `ValueError` with a sentence if it is not that."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise ValueError(f"--set wants NAME=VALUE, such as hops=1, and got {text!r}.")
    if value in ("true", "false"):
        return name, value == "true"
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, value


def learns(kind: str, corpus: str) -> bool:
    """Whether a kind can learn from a corpus: one of its own, or, if it reads English, a file of pairs."""
    known = KINDS[check(kind)].corpora
    return corpus in known or (any(each in ENGLISH for each in known) and ("." in corpus or "/" in corpus))


def written(chosen: Mapping[str, Any]) -> str:
    """Fields of `Recipe` as options of `train`."""
    plain = [f"--{name.replace('_', '-')} {value:g}" for name, value in chosen.items() if name != "sizes"]
    return " ".join(
        [*plain, *(f"--set {name}={str(value).lower()}" for name, value in chosen.get("sizes", {}).items())]
    )
