"""A system on the shelf is a folder: `model.safetensors` (weights, in half precision), `words.json` (its vocabulary) and `card.json`.

So it is told from a translator, which has a `tokenizer.model` instead of words. Snapshots are kept as a translator's are, and `mine@120`
names one. Nothing is pickled: a folder from a stranger can be opened, at worst it is refused with a sentence.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from systems import KINDS, check, class_of
from systems.system import System, made
from transformer import checkpoint
from transformer.checkpoint import (
    CARD,
    SHIPPED,
    WEIGHTS,
    WORDS,
    CheckpointError,
    halved,
    moments,
    nearest,
    of_moment,
    parted,
    read_card,
    replacing,
    snapshot_file,
    write_card,
    write_tensors,
)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A system ready to use (in evaluation mode), and the card that tells its origin."""

    name: str
    kind: str
    model: System
    card: dict[str, Any]


def available() -> dict[str, Path]:
    """The folders under `pretrained/systems/` and `runs/` that look like systems, by name; shipped ones first."""
    found: dict[str, Path] = {}
    for folder in (SHIPPED / "systems", checkpoint.FOLDERS[-1]):
        for words in sorted(folder.glob(f"*/{WORDS}")):
            if (words.parent / CARD).exists():
                found.setdefault(words.parent.name, words.parent)
    return found


def of_kinds(kinds: Collection[str]) -> dict[str, Path]:
    """Those of some kinds, by name; one whose card cannot be read is passed over."""
    return {name: folder for name, folder in available().items() if kind_at(folder) in kinds}


def kind_at(folder: Path) -> str:
    """The kind that the card in a folder names; "" if it names none."""
    try:
        sizes = read_card(folder).get("config")
    except CheckpointError:
        return ""
    kind = sizes.get("model", "") if isinstance(sizes, dict) else ""
    return kind if isinstance(kind, str) and kind in KINDS else ""


def load(name_or_folder: str | Path, moment: int | None = None) -> Opened:
    """Open a system by name or folder, or one of its snapshots: `load("mine@120")`. Raises `CheckpointError` with a sentence."""
    known = available()
    if moment is None and str(name_or_folder) not in known:
        name_or_folder, moment = parted(name_or_folder)
    folder = known.get(str(name_or_folder), Path(name_or_folder))
    if not folder.is_dir():
        raise CheckpointError(f"There is no system {str(name_or_folder)!r}. Known: {', '.join(known) or 'none yet'}.")
    card = read_card(folder)
    if moment is not None and moment not in moments(folder):
        raise CheckpointError(f"{folder.name!r} has no snapshot after {moment} steps. {nearest(folder, moment)}")
    file = folder / WEIGHTS if moment is None else snapshot_file(folder, moment)
    try:
        kind, model = filled(card, folder, file)
        card = card if moment is None else of_moment(card, file)
    except (CheckpointError, KeyError, TypeError, ValueError, RuntimeError, OSError, SafetensorError) as error:
        told = " ".join(str(error).split())[:300]
        raise CheckpointError(f"{folder.name!r} cannot be used: {told}") from error
    return Opened(name=folder.name if moment is None else f"{folder.name}@{moment}", kind=kind, model=model, card=card)


def filled(card: dict[str, Any], folder: Path, file: Path) -> tuple[str, System]:
    """Kind and model of a card, with the weights of a file. Raises one of many errors if they do not go together."""
    sizes = dict(card["config"])
    kind = check(sizes.pop("model", None))
    words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"its {WORDS} is no list of words.")
    model: System = class_of(kind)(made(class_of(kind).SIZES, sizes), tuple(words))
    tensors = load_file(file)
    if borrowed := card.get("borrowed"):
        base = load(borrowed["from"]).model.state_dict()
        tensors |= {name: base[name] for name in borrowed["names"]}
        model.borrowed = tuple(borrowed["names"])
    model.load_state_dict(tensors)
    if not all(parameter.isfinite().all() for parameter in model.parameters()):
        raise ValueError("it holds numbers that are not finite, as after a training that diverged.")
    return kind, model.float().eval().requires_grad_(False)


def save(folder: Path, kind: str, model: System, card: dict[str, Any]) -> None:
    """Write a system. Each file appears whole or not at all, the card last."""
    write_tensors(folder / WEIGHTS, weights(model))
    with replacing(folder / WORDS) as path:
        path.write_text(json.dumps(model.words, ensure_ascii=False), encoding="utf-8")
    if model.borrowed:
        card = {**card, "borrowed": {"from": card["training"]["from"], "names": [*model.borrowed]}}
    facts = {"config": {"model": kind, **asdict(model.sizes)}, "parameters": model.number_of_parameters}
    write_card(folder, {**facts, **card})


def weights(model: nn.Module) -> dict[str, Tensor]:
    """What is kept of a model, in half precision: all but what it has from another."""
    borrowed = model.borrowed if isinstance(model, System) else ()
    return {name: tensor for name, tensor in halved(model).items() if name not in borrowed}
