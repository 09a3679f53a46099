"""The other systems of attention's story: memory, pictures, reviews, word vectors, masked words, the Vision Transformer.

Each reads as an essay, returns a typed trace, and learns a task of its own from examples of its own. `KINDS` is the table of those that
`python -m transformer train CORPUS --model KIND` knows besides the translators, `CORPORA` that of what they learn from. A system is a
class of the contract in `systems.system` and a line here. Nothing here imports torch.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any

ENGLISH = ("grammar-en-fr", "tatoeba-en-fr")  # corpora of pairs, of which a system reads the English side


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of system."""

    where: str  # module and class, below `systems`
    told: str  # what it is, with whom it began
    corpora: tuple[str, ...]  # that it can learn; the first is the usual one
    page: str  # where it is seen: a file of `pages/`, without `.py`
    sizes: Mapping[str, Any] = field(default_factory=dict)  # in place of its class's defaults


KINDS: dict[str, Kind] = {
    "captions-soft": Kind(
        where="scenes.soft.Soft", told="An LSTM that looks at a picture while it tells it, soft attention (Xu et al. 2015)",
        corpora=("scenes",), page="470_visual_attention",
    ),
    "captions-hard": Kind(
        where="scenes.hard.Hard", told="The same with hard attention: one place, drawn by lot (Xu et al. 2015)",
        corpora=("scenes",), page="470_visual_attention",
    ),
    "vit": Kind(
        where="scenes.vit.Vision", told="A Vision Transformer that answers questions about a picture (Dosovitskiy et al. 2021)",
        corpora=("scenes",), page="530_vision_transformer",
    ),
    "cnn": Kind(
        where="scenes.asked.Convolution", told="A convolutional network that answers them, about as large",
        corpora=("scenes",), page="530_vision_transformer",
    ),
}  # fmt: skip
CORPORA: dict[str, str] = {"scenes": "scenes.corpus"}  # name: its module, below `systems`, which has `NAME` and `load() -> Collection`


def check(kind: object) -> str:
    """The name of a kind, if it is one. Raises `ValueError` with a sentence that names those there are."""
    if not isinstance(kind, str) or kind not in KINDS:
        near = difflib.get_close_matches(str(kind), KINDS, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"There is no kind of system {str(kind)[:40]!r}.{hint} Known: {', '.join(KINDS)}.")
    return kind


def class_of(kind: str) -> Any:
    """The class of a kind: a `systems.system.System`. Raises `ValueError` for an unknown one."""
    module, name = KINDS[check(kind)].where.rsplit(".", 1)
    return getattr(import_module(f"systems.{module}"), name)


def corpus_module(name: str) -> ModuleType:
    """The module of a corpus of `CORPORA`. Raises `KeyError`."""
    return import_module(f"systems.{CORPORA[name]}")


def room_of(kind: str) -> Mapping[str, str]:
    """The options that suit a kind on each of its corpora: `RECIPES` of the package it is in. Raises `ValueError`."""
    package = import_module(f"systems.{KINDS[check(kind)].where.split('.')[0]}")
    found: Mapping[str, str] = package.RECIPES[kind]
    return found
