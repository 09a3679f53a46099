"""Small systems of words, made in a moment, for the tests of the pages that show them."""

from pathlib import Path
from typing import Any

import torch

from systems import KINDS, class_of, shelf
from systems.masked import entities
from systems.system import System, made

TEXT = (
    "Please turn on the light.", "This box is very light.", "The man sees the woman.", "The boy sees the girl.", "A tired dog sleeps.",
    "The animal didn't cross the street because it was too tired.", "She is tired and he is sad.", "The dog left on Monday.",
)  # fmt: skip
SIZES: dict[str, dict[str, Any]] = {
    "skip-gram": {"dimensions": 5}, "cbow": {"dimensions": 5}, "glove": {"dimensions": 5}, "fasttext": {"dimensions": 5, "buckets": 50},
    "elmo": {"d_model": 6}, "bert": {"d_model": 12, "heads": 3, "layers": 2, "d_ff": 8},
    "causal": {"d_model": 12, "heads": 3, "layers": 2, "d_ff": 8},
    "tagger": {"d_model": 12, "heads": 3, "layers": 2, "d_ff": 8},
}  # fmt: skip


def small(kind: str) -> System:
    """A model of a kind with random weights, whose words are those of `TEXT`."""
    torch.manual_seed(1)
    of = class_of(kind)
    examples = entities.load().split("train")[:60] if kind == "tagger" else TEXT
    sizes = made(of.SIZES, {**KINDS[kind].sizes, **SIZES[kind]})
    model: System = of(sizes, of.words_of(examples, sizes))
    model.prepare(examples)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1 or kind == "glove":
                parameter.normal_(std=0.6)
    return model.eval()


def fill(folder: Path, *kinds: str) -> None:
    """Put one of each kind on a shelf, each in a folder of its kind's name."""
    for kind in kinds:
        test = {"examples": 9, "right": 12.5, "baseline": 10.0} if kind in ("bert", "causal") else {}
        card = {"corpora": [{"name": "tatoeba-en-fr"}], "training": {"commands": ["none"]}, "test": test}
        (folder / kind).mkdir(parents=True)
        shelf.save(folder / kind, kind, small(kind), card)
