"""A checkpoint is a folder: `model.safetensors` (weights), `tokenizer.model` (SentencePiece) and `card.json` (all the rest).

A run also leaves snapshots, the weights as they were on the way, in `snapshots/<step>.safetensors`; `mine@120` names one, and it
is a checkpoint like any other. Nothing is pickled, so a checkpoint from a stranger can be opened: at worst it is refused with a
sentence that says why. Weights are stored in half precision, which halves the folder, and computed with in single precision.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from transformer.config import Sizes
from transformer.family import TRANSFORMER, class_of, kind_of, kinds, sizes_of
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer
from transformer.translator import Translator
from transformer.what_if import without

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "pretrained"
FOLDERS = (SHIPPED, SHIPPED / "relatives", Path(os.environ.get("ATLAS_RUNS", ROOT / "runs")))
DEFAULT = "tatoeba-en-fr"
WEIGHTS, TOKENIZER, CARD, SNAPSHOTS = "model.safetensors", "tokenizer.model", "card.json", "snapshots"
WORDS = "words.json"  # in the folder of what is no translator: see `systems.shelf`


Kept = Callable[[nn.Module], dict[str, torch.Tensor]]


class CheckpointError(Exception):
    """A folder that is not a checkpoint; the message says which folder and what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A model of any kind ready to translate (in evaluation mode), its tokenizer, and the card that tells its origin."""

    name: str
    model: Translator
    tokenizer: Tokenizer
    card: dict[str, Any]

    @property
    def kind(self) -> str:
        """Which kind of model: a key of `family.kinds`."""
        return kind_of(self.card)


@dataclass(frozen=True, kw_only=True)
class Checkpoint(Opened):
    """That of a Transformer as in the paper: what the pages of the walk show."""

    model: Transformer


def available() -> dict[str, Path]:
    """The folders under `pretrained/` and `runs/` that look like checkpoints of translators, by name; pretrained ones first."""
    found: dict[str, Path] = {}
    for folder in FOLDERS:
        for card in sorted(folder.glob(f"*/{CARD}")):
            if not (card.parent / WORDS).exists():
                found.setdefault(card.parent.name, card.parent)
    return found


def load(name_or_folder: str | Path, moment: int | None = None) -> Checkpoint:
    """Open the checkpoint of a Transformer: see `load_any`. Raises `CheckpointError` if it is of another kind, too."""
    return as_transformer(load_any(name_or_folder, moment))


def as_transformer(opened: Opened) -> Checkpoint:
    """The checkpoint, if it is that of a Transformer as in the paper. Raises `CheckpointError` if not."""
    if not isinstance(opened, Checkpoint):
        what = kinds()[opened.kind]
        raise CheckpointError(f"The checkpoint {opened.name!r} is no Transformer of the paper: {opened.kind}, {what}.")
    return opened


def load_any(name_or_folder: str | Path, moment: int | None = None) -> Opened:
    """Open a checkpoint by name (see `available`) or folder, or one of its snapshots: `load_any("mine@120")`, or `moment=120`.

    Raises `CheckpointError` with a sentence if it cannot be.
    """
    if moment is None:
        name_or_folder, moment = parted(name_or_folder)
    folder = folder_of(name_or_folder)
    card = read_card(folder)
    if moment is not None and moment not in moments(folder):
        raise CheckpointError(
            f"The checkpoint {folder.name!r} has no snapshot after {moment} steps. {nearest(folder, moment)}"
        )
    file = folder / WEIGHTS if moment is None else snapshot_file(folder, moment)
    try:
        pieces = pieces_of(folder)
        for path, name in ((file, file.relative_to(folder)), (pieces, TOKENIZER)):
            if not path.is_file():
                raise ValueError(f"it has no {name}.")
        config, kind = sizes_of(card), kind_of(card)
        tokenizer = Tokenizer.load(pieces)
        model = lacking(_filled(kind, config, load_file(file)), card.get("without", ""))
        card = card if moment is None else of_moment(card, file)
    except (KeyError, TypeError, ValueError, RuntimeError, OSError, SafetensorError) as error:
        raise CheckpointError(f"The checkpoint {folder.name!r} cannot be used: {_explain(error)}") from error
    if len(tokenizer) != config.vocabulary_size:
        sizes = f"its tokenizer has {len(tokenizer)} pieces, its model {config.vocabulary_size}"
        raise CheckpointError(f"The checkpoint {folder.name!r} cannot be used: {sizes}.")
    name = folder.name if moment is None else f"{folder.name}@{moment}"
    if kind == TRANSFORMER and isinstance(model, Transformer):
        return Checkpoint(name=name, model=model, tokenizer=tokenizer, card=card)
    return Opened(name=name, model=model, tokenizer=tokenizer, card=card)


def pieces_of(folder: Path) -> Path:
    """Where the tokenizer of a checkpoint is: in its folder, or, for a shipped one, where its card says whose pieces are its own."""
    own = folder / TOKENIZER
    if own.exists() or not folder.is_relative_to(SHIPPED):
        return own
    name = read_card(folder).get("pieces")
    known = {each.parent.name: each for shelf in FOLDERS[:-1] for each in shelf.glob(f"*/{TOKENIZER}")}
    return known.get(name, own) if isinstance(name, str) else own


def lacking(model: Translator, part: str) -> Translator:
    """A Transformer without a part (see `what_if.without`). Raises `ValueError` for one that another kind of model has not got."""
    if not part:
        return model
    if type(model) is not Transformer:
        raise ValueError(f"{part!r} is a part of a Transformer; a model of another kind cannot be without it.")
    return without(model, part)


def parted(name_or_folder: str | Path) -> tuple[str | Path, int | None]:
    """`mine@120` as the name `mine` and the moment 120; any other name, and any folder, has no moment."""
    name, at, moment = str(name_or_folder).rpartition("@")
    if not at or not moment.isascii() or not moment.isdigit() or str(name_or_folder) in available():
        return name_or_folder, None
    return name, int(moment)


def moments(folder: Path) -> tuple[int, ...]:
    """The steps after which snapshots were taken, ascending; none if the checkpoint has no snapshots."""
    names = (file.stem for file in (folder / SNAPSHOTS).glob("*.safetensors"))
    return tuple(sorted(int(name) for name in names if name.isascii() and name.isdigit()))


def nearest(folder: Path, moment: int) -> str:
    """A sentence about the snapshots there are, those nearest to `moment`."""
    near = sorted(sorted(moments(folder), key=lambda step: abs(step - moment))[:2])
    if not near:
        return "It has no snapshots at all."
    return f"The nearest: {' and '.join(f'{folder.name}@{step}' for step in near)}."


def snapshot_file(folder: Path, moment: int) -> Path:
    """Where the snapshot after `moment` steps is kept."""
    return folder / SNAPSHOTS / f"{moment:06}.safetensors"


def halved(model: nn.Module) -> dict[str, torch.Tensor]:
    """What of a model is kept, in half precision."""
    return {name: tensor.detach().half().contiguous() for name, tensor in model.state_dict().items()}


def save(folder: Path, model: Translator, tokenizer: Tokenizer, card: dict[str, Any]) -> None:
    """Write a checkpoint. Each file appears whole or not at all, the card last; an interrupted save leaves the old one."""
    write_tensors(folder / WEIGHTS, halved(model))
    with replacing(folder / TOKENIZER) as path:
        path.write_bytes(tokenizer.model)
    facts = {
        "config": asdict(model.config),
        "parameters": model.number_of_parameters,
        "architecture": {**model.ARCHITECTURE},
    }
    write_card(folder, {**facts, **card})


def save_snapshot(folder: Path, model: nn.Module, step: int, facts: dict[str, Any], kept: Kept = halved) -> None:
    """Keep the weights as they are after `step` steps; `facts` are what the card's `training` says of that moment."""
    write_tensors(snapshot_file(folder, step), kept(model), {"training": json.dumps(facts)})


def write_tensors(path: Path, tensors: dict[str, torch.Tensor], metadata: dict[str, str] | None = None) -> None:
    """Write a safetensors file, whole or not at all. Raises `OSError`, as for a full disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with replacing(path) as part:
            save_file(tensors, part, metadata)
    except SafetensorError as error:  # what the disk said is within
        raise OSError(f"{path} cannot be written: {error}.") from error


def of_moment(card: dict[str, Any], file: Path) -> dict[str, Any]:
    """The card as of the snapshot in a file: its own facts instead of those of the end."""
    with safe_open(file, framework="pt") as opened:
        facts = json.loads((opened.metadata() or {}).get("training", "{}"))
    at_the_end = ("epochs", "steps", "seconds", "loss", "validation")
    kept = {name: value for name, value in card.get("training", {}).items() if name not in at_the_end}
    return {name: value for name, value in card.items() if name != "evaluations"} | {"training": kept | facts}


def read_card(folder: Path) -> dict[str, Any]:
    """The card of a checkpoint folder. Raises `CheckpointError` if there is none or it is not JSON."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CheckpointError(f"{folder} is not a checkpoint: it has no {CARD}.") from None
    except (OSError, ValueError) as error:
        raise CheckpointError(f"The {CARD} of {folder.name!r} cannot be read: {error}.") from error
    if not isinstance(card, dict):
        raise CheckpointError(f"The {CARD} of {folder.name!r} is not an object with named fields.")
    return card


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write `card.json`, whole or not at all."""
    with replacing(folder / CARD) as path:
        path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


class replacing:
    """`with replacing(path) as part:` write to `part`; it takes the place of `path` at the end, or vanishes on an error."""

    def __init__(self, path: Path) -> None:
        self.path, self.part = path, path.with_name(f".{path.name}.part")

    def __enter__(self) -> Path:
        return self.part

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.part.chmod(0o666 & ~_umask())  # safetensors writes for the owner's eyes only
            _to_disk(self.part)
            os.replace(self.part, self.path)
        else:
            self.part.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    """Wait until the disk has it: a machine that goes dark after the replacing must not find an empty file."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)  # the only way to ask is to set it
    os.umask(mask)
    return mask


def folder_of(name_or_folder: str | Path) -> Path:
    """The folder of a checkpoint by name, or the folder itself. Raises `CheckpointError` if there is none."""
    folder = available().get(str(name_or_folder), Path(name_or_folder))
    if not folder.is_dir():
        known = ", ".join(available()) or "none yet; train one with `python -m transformer train`"
        raise CheckpointError(f"There is no checkpoint {str(name_or_folder)!r}. Known: {known}.")
    return folder


def _filled(kind: str, config: Sizes, weights: dict[str, torch.Tensor]) -> Translator:
    wanted = config.parameters == sum(tensor.numel() for tensor in weights.values())
    with torch.device("cpu" if wanted else "meta"):  # a foreign card may ask for any size: then nothing is allocated
        model: Translator = class_of(kind)(config)
    shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    if shapes != (found := {name: tuple(tensor.shape) for name, tensor in weights.items()}):
        odd = next(name for name in [*shapes, *found] if shapes.get(name) != found.get(name))
        raise ValueError(
            f"its {CARD} and its {WEIGHTS} disagree about {odd!r}: {shapes.get(odd)} and {found.get(odd)}."
        )
    model.load_state_dict(weights)
    if not all(parameter.isfinite().all() for parameter in model.parameters()):
        raise ValueError("it holds numbers that are not finite, as after a training that diverged.")
    for parameter in model.parameters():
        if parameter.dim() == 2:  # by columns: a processor multiplies one row with it a seventh faster, to the same bit
            parameter.data = parameter.data.T.contiguous().T
    return model.eval().requires_grad_(False)


def _explain(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"its {CARD} lacks {error}."
    return " ".join(str(error).split())[:300]
