"""Before the first step: how many parameters a recipe makes, how many steps it takes, and about how long.

The time is a simple model with constants measured on one core (table below: within 9 % of thirteen sizes of model and batch), times
the `pace` of the runs that this machine has finished before. What depends on the text is measured for the corpora that are known.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, Protocol

import numpy as np
import torch

from transformer.checkpoint import CARD
from transformer.config import Config, Sizes
from transformer.corpora import Pair
from transformer.family import sizes_of
from transformer.training.batches import Variation
from transformer.training.recipe import Recipe

STATE = "state.safetensors"  # only a run of this machine has one
BF16_FROM = 192  # d_model from which `transformer.training.loop` multiplies in bf16, if the processor can
LAYER, PIECE, WORD, PARAMETER = (
    3.0e-3,
    96.7e-9,
    6.0e-9,
    4.1e-9,
)  # seconds: a layer, piece x width x layer, piece x word, parameter
PRODUCT, PRODUCT_BF16 = 6.6e-12, 1.1e-12  # seconds for each floating-point operation of the matrix products
START, PAIR, MOMENT, JUDGED = (
    5.0,
    4e-5,
    0.15,
    0.01,
)  # seconds: start, pair and epoch, snapshot, held-out pair translated
RECURRENT = 0.01  # seconds of a step of a recurrent model beside its products: position after position
FILLED = 0.9  # of a batch's pieces, because sentences do not come in whole batches
LEAST_STEPS = 50  # of a run whose pace counts
VOCABULARY = (
    (1000, 2.36),
    (2400, 3.10),
    (4000, 3.45),
    (8000, 3.83),
)  # letters a piece in everyday sentences, by vocabulary


@dataclass(frozen=True, slots=True)
class Text:
    """What has to be known about a corpus. Raises nothing; an empty corpus has 0 pairs."""

    pairs: int  # to train on
    letters: float  # of the longer side of a pair, on average
    pieces: tuple[tuple[int, float], ...] = VOCABULARY  # (vocabulary, letters a piece), ascending
    vocabulary: int | None = None  # there cannot be more pieces, if that is known
    alphabet: int = 100  # distinct letters and signs, each of which needs a piece


KNOWN = {
    "grammar-en-fr": Text(26_992, 37.6, ((600, 1.70), (1200, 3.41), (1872, 4.36)), 1872),
    "tatoeba-en-fr": Text(160_894, 36.9),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What can be said before the first step."""

    parameters: int
    exact: bool  # otherwise there may be fewer, because the tokenizer may find fewer pieces than asked for
    steps: int
    seconds: float  # from the start to the end, if nothing else runs


class Limits(Protocol):
    """What is asked of the limits of jobs."""

    @property
    def minutes(self) -> float:
        """Of training."""

    @property
    def parameters(self) -> int:
        """Of a model."""


def text_of(pairs: Sequence[Pair]) -> Text:
    """What has to be known about some pairs."""
    if not pairs:
        return Text(0, 1.0)
    signs = set().union(*(set(side) for pair in pairs for side in (pair.source, pair.target)))
    return Text(len(pairs), fmean(max(len(pair.source), len(pair.target)) for pair in pairs), alphabet=len(signs))


def estimate(recipe: Recipe, text: Text, base: Sizes | None = None, pace: float = 1.0) -> Estimate:
    """What to expect of `recipe` on `text`. `base` has the sizes if it begins with a checkpoint.

    `pace` is how much slower this machine is than the one the constants come from. Raises `ValueError` for impossible sizes.
    """
    config = base or recipe.config(min(recipe.vocabulary_size, text.vocabulary or recipe.vocabulary_size))
    pairs = min(text.pairs, recipe.pairs or text.pairs)
    pieces = text.letters / letters_a_piece(text, config.vocabulary_size) + 1
    batches = max(1, math.ceil(1.03 * pairs * pieces / recipe.batch_tokens))
    step = pace * seconds_a_step(config, min(recipe.batch_tokens * FILLED, pairs * pieces))
    epoch = batches * step + pace * PAIR * pairs
    moments = pace * recipe.snapshots * (MOMENT + JUDGED * recipe.validation_pairs)
    epochs = min(recipe.epochs or math.inf, max(0.0, 60 * (recipe.minutes or math.inf) - moments) / epoch)
    seconds = epochs * epoch + moments + pace * (START + PAIR * pairs)
    exact = base is not None or recipe.vocabulary_size >= (text.vocabulary or math.inf)
    return Estimate(parameters=config.parameters, exact=exact, steps=max(1, round(epochs * batches)), seconds=seconds)


def letters_a_piece(text: Text, vocabulary: int) -> float:
    """How many letters a piece stands for, on average, in a vocabulary of that size: between those measured, by its logarithm."""
    sizes, letters = zip(*text.pieces, strict=True)
    return float(np.interp(math.log(max(1, vocabulary)), np.log(sizes), letters))


def seconds_a_step(config: Sizes, pieces: float) -> float:
    """Seconds of one core for a step of that many pieces a side: forward, backward and Adam."""
    if not isinstance(config, Config):  # one layer a side, of about as many products as it has parameters
        inside = config.parameters - config.vocabulary_size * config.d_model
        products = 6 * pieces * (inside / 2 + config.d_model * config.vocabulary_size)
        return RECURRENT + products * PRODUCT + WORD * pieces * config.vocabulary_size + PARAMETER * config.parameters
    width, inner, layers = config.d_model, config.d_ff, (config.encoder_layers + config.decoder_layers) / 2
    products = 6 * pieces * (layers * (12 * width * width + 4 * width * inner) + width * config.vocabulary_size)
    operation = PRODUCT_BF16 if width >= BF16_FROM and multiplies_bf16() else PRODUCT
    rest = PIECE * pieces * width * layers + WORD * pieces * config.vocabulary_size
    return layers * LAYER + products * operation + rest + PARAMETER * config.parameters


def multiplies_bf16() -> bool:
    """Whether the processor has instructions for bf16."""
    return bool(torch.cpu._is_amx_tile_supported())


def pace(folders: Iterable[Path]) -> float:
    """How many times longer the runs in these folders took than the model says; 1 if there are none.

    Of several, one that few were faster than: whatever else runs on a machine can only make a run slower.
    """
    found = sorted(ratio for folder in folders if (folder / STATE).exists() and (ratio := _ratio(folder / CARD)))
    return min(20.0, max(0.05, found[len(found) // 4])) if found else 1.0


def _ratio(card: Path) -> float | None:
    """Seconds a run took, over those expected of as many steps; None if its card does not tell or it was too short."""
    try:
        told: dict[str, Any] = json.loads(card.read_text(encoding="utf-8"))
        training, recipe = told["training"], told["training"]["recipe"]
        made = Recipe(**{**recipe, "variation": Variation(**recipe.get("variation", {}))})
        steps, seconds = int(training["steps"]), float(training["seconds"])
        step = seconds_a_step(sizes_of(told), made.batch_tokens * FILLED)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    expected = steps * step + made.snapshots * (MOMENT + JUDGED * made.validation_pairs)
    return seconds / expected if steps >= LEAST_STEPS and seconds > 0 else None


def objections(found: Estimate, text: Text, limits: Limits) -> list[str]:
    """A sentence for each reason why this cannot be trained here; none if it can."""
    said = []
    if text.pairs < 1:
        said.append("This corpus has no pairs to train on.")
    if found.parameters > limits.parameters:
        most = f"at most {limits.parameters:,} are allowed here"
        said.append(f"This model would have {found.parameters:,} parameters; {most}. Make it narrower or shallower.")
    return said


def cut_short(found: Estimate, limits: Limits) -> str:
    """A sentence if the run would be ended by the limit of time; otherwise nothing."""
    if found.seconds <= 60 * limits.minutes + START:
        return ""
    return f"This would take about {found.seconds / 60:,.0f} minutes. It will end after {limits.minutes:g}, the limit here."
