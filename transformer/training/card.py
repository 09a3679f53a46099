"""What the card of a run says beside its recipe: corpora, machine, and how the model came about."""

import platform
from pathlib import Path
from typing import Any

import torch

from transformer.checkpoint import CheckpointError
from transformer.corpora import Corpus


def describe(corpus: Corpus) -> dict[str, Any]:
    """What the card says about a corpus."""
    sizes = {split: len(corpus.split(split)) for split in ("train", "validation", "test")}
    return {
        "name": corpus.name, "title": corpus.title, "licence": corpus.licence, "attribution": corpus.attribution,
        "sha256": corpus.sha256, "pairs": sizes,
    }  # fmt: skip


def machine() -> dict[str, Any]:
    """What the run ran on, as far as it matters for its figures."""
    return {"python": platform.python_version(), "torch": torch.__version__, "threads": torch.get_num_threads()}


def commands(card: dict[str, Any]) -> list[str]:
    """How a model came about, as its card tells it; nothing if it does not."""
    return list(card.get("training", {}).get("commands", []))


def before(card: dict[str, Any]) -> dict[str, Any]:
    """What the card of a run that goes on from the weights of another says of the time before: the totals of each run."""
    training = card.get("training", {})
    totals = {name: training[name] for name in ("epochs", "steps", "seconds") if name in training}
    return {"earlier": [*training.get("earlier", []), *([totals] if totals else [])]}


def recipe_of(card: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The recipe that a run goes on with. Raises `CheckpointError` if the card in `folder` tells none."""
    training = card.get("training")
    recipe = training.get("recipe") if isinstance(training, dict) else None
    if not isinstance(recipe, dict):
        raise CheckpointError(
            f"The card of {folder} does not say how it was trained, so it cannot be resumed. Begin a new run with its weights: "
            f"python -m transformer train CORPUS --from {folder}"
        )
    return recipe
