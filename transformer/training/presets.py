"""The recipe that suits what is to be learned: what `train` takes where nobody says otherwise, on the command line as in the app.

A corpus that this project knows brings its own (`RECIPES` in its module), every fine-tuning begins with the same, and for any other
pairs `suited` chooses by their number, the time and the machine. All are options of `python -m transformer train`.
"""

import math
import shlex
import sys
from collections.abc import Callable, Mapping
from typing import Any

from transformer.config import Config
from transformer.corpora import is_file, module_of
from transformer.family import TRANSFORMER, check, like, transforms
from transformer.training.estimates import KNOWN, Estimate, Text, estimate
from transformer.training.recipe import Recipe

Number = int | float
Options = Mapping[str, Number]

STOPS = ("epochs", "minutes")
TRANSFORMER_ONLY = ("heads", "layers", "d-ff")  # sizes that a recurrent model has not got
RECURRENT_RATE = 0.005  # peak of the learning rate of a recurrent model, which goes astray sooner
SIZES = ("vocabulary-size", "d-model", "heads", "layers", "d-ff")  # of the model: a checkpoint brings its own
FINE_TUNE = "--minutes 1.5 --peak-rate 0.0005 --warm-up 50 --batch-tokens 480 --cool-down 0.8 --validation-pairs 30"
MODELS = {  # from so many pairs on there is enough to fill such a model
    100_000: "--d-model 256 --layers 3 --heads 8 --d-ff 1024 --peak-rate 0.0014 --batch-tokens 3000",
    10_000: "--d-model 128 --layers 2 --heads 4 --d-ff 512 --peak-rate 0.002 --batch-tokens 1000",
    0: "--d-model 64 --layers 2 --heads 4 --d-ff 256 --peak-rate 0.003 --batch-tokens 480",
}
PASSES, WORTH = 4, 3000  # times that a model must read every pair, and steps that it must take, to be worth its size
PIECES = 32  # of the vocabulary, times the square root of the number of pairs: 1,000 for 1,000 pairs
BYTES = 300  # pieces of every vocabulary, besides one for each letter: single bytes, clitics, special ones
LARGEST = 8000  # pieces besides
MINUTES = 3.0  # if nobody says how long, unless the pairs have been read `EPOCHS` times and `STEPS` were taken before
EPOCHS, STEPS = 80, 600


def preset(
    corpus: str, measure: Callable[[], Text], *, tuned: bool = False, minutes: float | None = None,
    epochs: float | None = None, threads: int = 1, model: str = TRANSFORMER,
) -> dict[str, Number]:  # fmt: skip
    """What suits a corpus, by name or file, from nothing or (`tuned`) from a checkpoint, in the time given.

    `measure` is asked for its text if the corpus brings no recipe. When to stop is among the options only if neither `minutes`
    nor `epochs` is given; with `epochs` alone there is time enough. Raises `CorpusError` for an unknown name, `ValueError` for an
    unknown kind of `model`.
    """
    time = minutes or (math.inf if epochs else None)
    if brought := recipes_of(corpus):
        found = options(brought[max(least for least in brought if least <= max(0, time or 0))])
    else:
        found = {} if tuned else suited(measure(), time, threads)
    if tuned:  # of a large corpus as much as fits into the time
        found = options(FINE_TUNE) | {name: value for name, value in found.items() if name == "pairs"}
    elif check(model) != TRANSFORMER:
        found = instead(model, found, KNOWN.get(corpus))
    return {name: value for name, value in found.items() if not (time and name in STOPS)}


def instead(model: str, found: Options, text: Text | None) -> dict[str, Number]:
    """The recipe of a Transformer as one of another kind of model with about as many parameters, on the same batches."""
    if transforms(model):
        return dict(found)
    pieces = min(int(found["vocabulary-size"]), (text and text.vocabulary) or sys.maxsize)
    made = Recipe(corpus="", epochs=1, **recipe_fields({name: found[name] for name in SIZES}))
    config = made.config(pieces)
    assert isinstance(config, Config)
    width = like(model, config)
    kept = {name: value for name, value in found.items() if name not in TRANSFORMER_ONLY}
    return kept | {"d-model": width} | ({"peak-rate": RECURRENT_RATE} if "peak-rate" in found else {})


def recipes_of(corpus: str) -> Mapping[int, str]:
    """The recipes that a corpus brings, by the minutes from which each is the right one; none for a file."""
    found: Mapping[int, str] = {} if is_file(corpus) else getattr(module_of(corpus), "RECIPES", {})
    return found


def suited(text: Text, minutes: float | None, threads: int = 1) -> dict[str, Number]:
    """A recipe for any pairs: the largest of `MODELS` that they can fill and that is worth its size in the minutes; else the smallest.

    It is if it reads each pair `PASSES` times and takes `WORTH` steps. Two threads count as 1.4, four as 2. Without minutes there are
    `MINUTES`, and when to stop is among the options: sooner if the pairs are so few that they are known by then.
    """
    seconds = 60 * (minutes or MINUTES) * math.sqrt(threads)
    pieces = min(LARGEST, PIECES * math.sqrt(text.pairs)) + text.alphabet + BYTES
    common = {"vocabulary-size": 100 * math.ceil(pieces / 100), "cool-down": 0.8, "validation-pairs": 30}
    for least, line in MODELS.items():
        found = options(line) | common
        if text.pairs >= least and expected(found, text, passes(found, text, PASSES, WORTH)).seconds <= seconds:
            break
    if minutes:
        return found
    enough = passes(found, text, EPOCHS, STEPS)
    short = expected(found, text, enough).seconds <= seconds
    return {**({"epochs": enough} if short else {"minutes": MINUTES}), **found}


def passes(found: Options, text: Text, least: int, steps: int) -> int:
    """Times through the pairs: at least so many, and as many as make so many steps."""
    return max(least, math.ceil(steps / expected(found, text, 1).steps))


def expected(found: Options, text: Text, epochs: int) -> Estimate:
    """What so many epochs would come to."""
    return estimate(Recipe(corpus="", epochs=epochs, **recipe_fields(found)), text)


def recipe_fields(given: Options) -> dict[str, Any]:
    """Options as the fields of `Recipe` that they set."""
    return {name.replace("-", "_"): value for name, value in given.items()}


def options(line: str) -> dict[str, Number]:
    """`--epochs 3.6 --seed 1` as `{"epochs": 3.6, "seed": 1}`."""
    words = shlex.split(line)
    return {name.removeprefix("--"): number(value) for name, value in zip(words[::2], words[1::2], strict=True)}


def number(text: str) -> Number:
    """A whole number if it is written as one."""
    return int(text) if text.isdecimal() else float(text)


def words(given: Options) -> list[str]:
    """`{"epochs": 3.6, "seed": 1}` as `["--epochs", "3.6", "--seed", "1"]`."""
    return [word for name, value in given.items() for word in (f"--{name}", written(value))]


def written(value: Number) -> str:
    """A number as one types it."""
    return f"{value:g}" if isinstance(value, float) else str(value)
