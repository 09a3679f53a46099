"""What a training begins from, as options of `python -m transformer train`: the one place where the app's defaults stand."""

import shlex
from collections.abc import Mapping
from dataclasses import fields

from transformer.training.recipe import Recipe

GRAMMAR = """--epochs 4 --vocabulary-size 2400 --d-model 64 --layers 2 --heads 4 --d-ff 256 --peak-rate 0.006
--batch-tokens 480 --dropout 0 --cool-down 0.8 --validation-pairs 30"""  # a minute on two cores
EVERYDAY = """--pairs 20000 --minutes 10 --vocabulary-size 4000 --d-model 128 --layers 2 --heads 4 --d-ff 512 --peak-rate 0.002
--warm-up 400 --batch-tokens 1000 --cool-down 0.5 --validation-pairs 100"""
OWN = """--epochs 40 --minutes 3 --vocabulary-size 1000 --d-model 64 --layers 2 --heads 4 --d-ff 256 --peak-rate 0.003
--batch-tokens 480 --cool-down 0.8 --validation-pairs 30"""
FINE_TUNE = "--minutes 1.5 --peak-rate 0.0005 --warm-up 50 --batch-tokens 480 --cool-down 0.8 --validation-pairs 30"
COMMON = {
    "warm-up": "2000", "cool-down": "0.3", "dropout": "0.1", "label-smoothing": "0.1", "batch-tokens": "480",
    "validation-pairs": "30", "seed": "1", "peak-rate": "0.004", "vocabulary-size": "2400", "d-model": "64", "heads": "4",
    "layers": "2", "d-ff": "256", "epochs": "3.6", "minutes": "1.5", "pairs": "20000",
}  # fmt: skip
SIZES = ("d-model", "heads", "layers", "d-ff", "vocabulary-size")  # of the model: a checkpoint brings its own
STOPS = ("epochs", "minutes")
GRAMMAR_NAME, EVERYDAY_NAME = "grammar-en-fr", "tatoeba-en-fr"

Number = int | float
Options = Mapping[str, Number]


def preset(corpus: str, base: str = "") -> dict[str, Number]:
    """What is sensible for a corpus, by name or file, from nothing or from the checkpoint `base`: only what the recipe says."""
    if base:
        slice_of = {"pairs": 20000} if corpus == EVERYDAY_NAME else {}
        return {**options(FINE_TUNE), **slice_of}
    return options({GRAMMAR_NAME: GRAMMAR, EVERYDAY_NAME: EVERYDAY}.get(corpus, OWN))


def options(line: str) -> dict[str, Number]:
    """`--epochs 3.6 --seed 1` as `{"epochs": 3.6, "seed": 1}`."""
    words = shlex.split(line)
    return {name.removeprefix("--"): number(value) for name, value in zip(words[::2], words[1::2], strict=True)}


def number(text: str) -> Number:
    """A whole number if it is written as one."""
    return int(text) if text.isdecimal() else float(text)


def arguments(corpus: str, base: str, given: Options) -> tuple[str, ...]:
    """The arguments of `train`, without `--out` and without what is so anyway. The sizes of a `base` are its own."""
    said = [corpus, *(["--from", base] if base else [])]
    usual = {field.name.replace("_", "-"): field.default for field in fields(Recipe)}
    for name, value in given.items():
        if value != usual[name] and not (base and name in SIZES):
            said += [f"--{name}", f"{value:g}" if isinstance(value, float) else str(value)]
    return tuple(said)


def recipe(corpus: str, base: str, given: Options) -> Recipe:
    """The same as `transformer` will understand it. Raises `ValueError` with a sentence."""
    return Recipe(corpus=corpus, base=base or None, **{name.replace("-", "_"): value for name, value in given.items()})  # type: ignore[arg-type]


def command(arguments: tuple[str, ...], name: str) -> str:
    """What to type instead of pressing the button."""
    return shlex.join(["python", "-m", "transformer", "train", *arguments, "--out", f"runs/{name}"])
