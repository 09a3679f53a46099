"""Which kinds of model there are: the Transformer, and the relatives that the package `relatives` names.

The machine does not import its relatives: it looks a kind up by name when a command, a recipe or a card asks for it.
"""

import difflib
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from transformer.config import Config, Sizes

TRANSFORMER = "transformer"  # the kind of every card that names none
WIDTHS = range(16, 1025, 8)  # among which `like` chooses


def kinds() -> dict[str, str]:
    """Every kind by name, with a line that says what it is; the Transformer first. Imports no torch."""
    relatives: Mapping[str, tuple[str, str]] = import_module("relatives").MODELS
    own = 'the Transformer of "Attention Is All You Need"'
    return {TRANSFORMER: own} | {name: told for name, (_, told) in relatives.items()}


def systems() -> Any:
    """The package of the systems that are no translators, with its tables `KINDS` and `CORPORA`: looked up, as the relatives are."""
    return import_module("systems")


def check(kind: object) -> str:
    """The name of a kind, if it is one. Raises `ValueError` with a sentence that names those there are."""
    known = kinds()
    if not isinstance(kind, str) or kind not in known:
        near = difflib.get_close_matches(str(kind), known, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"There is no kind of model {str(kind)[:40]!r}.{hint} Known: {', '.join(known)}.")
    return kind


def class_of(kind: str) -> Any:
    """The class of a kind: a `Translator`, with its `SIZES`. Raises `ValueError` for an unknown one."""
    if check(kind) == TRANSFORMER:
        return import_module("transformer.model").Transformer
    module, name = import_module("relatives").MODELS[kind][0].split(".")
    return getattr(import_module(f"relatives.{module}"), name)


def kind_of(card: Mapping[str, Any]) -> str:
    """The kind that a card names. Raises `ValueError` for an unknown one."""
    sizes = card.get("config")
    return check(sizes.get("model", TRANSFORMER)) if isinstance(sizes, dict) else TRANSFORMER


def sizes_of(card: Mapping[str, Any]) -> Sizes:
    """The sizes as a card tells them, of whatever kind. Raises `ValueError` with a sentence if they are none."""
    found: Sizes = class_of(kind_of(card)).SIZES.of(card)
    return found


def transforms(kind: str) -> bool:
    """Whether models of that kind are Transformers, of whatever score: they have heads and layers. Raises `ValueError`."""
    return issubclass(class_of(kind).SIZES, Config)


def sized(kind: str, config: Config) -> Sizes:
    """The sizes of a model of that kind in place of a Transformer of `config`, of the same width. Raises `ValueError`."""
    if kind == TRANSFORMER:
        return config
    found: Sizes = class_of(kind).SIZES.instead(kind, config)
    return found


def like(kind: str, config: Config) -> int:
    """The `d_model` with which a model of that kind has about as many parameters as a Transformer of `config`."""
    if transforms(kind):
        return config.d_model

    def distance(width: int) -> int:
        return abs(sized(kind, replace(config, d_model=width, heads=1)).parameters - config.parameters)

    return min(WIDTHS, key=distance)
