"""What a person chose in the app, as arguments of `python -m transformer train`; what suits a corpus says `transformer.training.presets`."""

import shlex
from collections.abc import Mapping
from dataclasses import fields

from transformer.family import TRANSFORMER
from transformer.training.presets import SIZES, Number, recipe_fields, words
from transformer.training.recipe import Recipe

Options = Mapping[str, Number]
USUAL = {  # of the options that `train` never chooses: what they are anyway
    field.name.replace("_", "-"): field.default for field in fields(Recipe) if field.name in ("label_smoothing", "seed")
}


def arguments(corpus: str, base: str, given: Options, lacks: str = "", model: str = TRANSFORMER) -> tuple[str, ...]:
    """The arguments of `train`, without `--out`. The sizes of a `base` are its own; a new model may lack a part (`what_if.MISSING`).

    All that `train` might choose by itself is said: it could choose otherwise, with the threads and the minutes that the queue allows.
    """
    said = {name: value for name, value in given.items() if value != USUAL.get(name) and not (base and name in SIZES)}
    kind = ["--model", model] if model != TRANSFORMER and not base else []
    without = ["--without", lacks] if lacks else []
    return (corpus, *kind, *(["--from", base] if base else []), *without, *words(said))


def recipe(corpus: str, base: str, given: Options, lacks: str = "", model: str = TRANSFORMER) -> Recipe:
    """The same as `transformer` will understand it. Raises `ValueError` with a sentence."""
    return Recipe(corpus=corpus, base=base or None, without=lacks, model=model, **recipe_fields(given))


def command(arguments: tuple[str, ...], name: str) -> str:
    """What to type instead of pressing the button."""
    return shlex.join(["python", "-m", "transformer", "train", *arguments, "--out", f"runs/{name}"])
