"""A checkpoint is a folder: `model.safetensors` (weights), `tokenizer.model` (SentencePiece) and `card.json` (all the rest).

A run also leaves snapshots, the weights as they were on the way, in `snapshots/<step>.safetensors`; `mine@120` names one, and it
is a checkpoint like any other. Nothing is pickled, so a checkpoint from a stranger can be opened: at worst it is refused with a
sentence that says why. Weights are stored in half precision, which halves the folder, and computed with in single precision.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

from transformer.config import Config
from transformer.layers import EPSILON
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer
from transformer.what_if import without

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (ROOT / "pretrained", Path(os.environ.get("ATLAS_RUNS", ROOT / "runs")))
DEFAULT = "tatoeba-en-fr"
ARCHITECTURE = {  # what somebody who computes with the weights must know, and no size tells
    "paper": "arXiv 1706.03762",
    "normalisation": "after each sub-layer: LayerNorm(x + Sublayer(x)), none before the first or after the last layer",
    "layer_norm_epsilon": EPSILON,
    "activation": "ReLU",
    "biases": "in all linear layers but the output, which is the embedding matrix transposed",
    "embedding": "rows of matrix times sqrt(d_model), plus positions; source, target and output share the matrix",
    "positions": "sinusoids, not learned: dimension 2i is sin(position / 10000^(2i / d_model)), 2i + 1 the cosine; position 0 first",
    "scores": "divided by sqrt(d_model / heads); heads are consecutive slices of W_Q, W_K, W_V",
}
WEIGHTS, TOKENIZER, CARD, SNAPSHOTS = "model.safetensors", "tokenizer.model", "card.json", "snapshots"


class CheckpointError(Exception):
    """A folder that is not a checkpoint; the message says which folder and what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A model ready to translate (in evaluation mode), its tokenizer, and the card that tells its origin."""

    name: str
    model: Transformer
    tokenizer: Tokenizer
    card: dict[str, Any]


def available() -> dict[str, Path]:
    """The folders under `pretrained/` and `runs/` that look like checkpoints, by name; pretrained ones first."""
    found: dict[str, Path] = {}
    for folder in FOLDERS:
        for card in sorted(folder.glob(f"*/{CARD}")):
            found.setdefault(card.parent.name, card.parent)
    return found


def load(name_or_folder: str | Path, moment: int | None = None) -> Checkpoint:
    """Open a checkpoint by name (see `available`) or folder, or one of its snapshots: `load("mine@120")`, or `moment=120`.

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
        for path in (file, folder / TOKENIZER):
            if not path.is_file():
                raise ValueError(f"it has no {path.relative_to(folder)}.")
        config = Config.of(card)
        tokenizer = Tokenizer.load(folder / TOKENIZER)
        model = without(_filled(config, load_file(file)), card.get("without", ""))
        card = card if moment is None else _of_moment(card, file)
    except (KeyError, TypeError, ValueError, RuntimeError, OSError, SafetensorError) as error:
        raise CheckpointError(f"The checkpoint {folder.name!r} cannot be used: {_explain(error)}") from error
    if len(tokenizer) != config.vocabulary_size:
        sizes = f"its tokenizer has {len(tokenizer)} pieces, its model {config.vocabulary_size}"
        raise CheckpointError(f"The checkpoint {folder.name!r} cannot be used: {sizes}.")
    name = folder.name if moment is None else f"{folder.name}@{moment}"
    return Checkpoint(name=name, model=model, tokenizer=tokenizer, card=card)


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


def save(folder: Path, model: Transformer, tokenizer: Tokenizer, card: dict[str, Any]) -> None:
    """Write a checkpoint. Each file appears whole or not at all, the card last; an interrupted save leaves the old one."""
    write_tensors(folder / WEIGHTS, _halved(model))
    with replacing(folder / TOKENIZER) as path:
        path.write_bytes(tokenizer.model)
    facts = {"config": asdict(model.config), "parameters": model.number_of_parameters, "architecture": ARCHITECTURE}
    write_card(folder, {**facts, **card})


def save_snapshot(folder: Path, model: Transformer, step: int, facts: dict[str, Any]) -> None:
    """Keep the weights as they are after `step` steps; `facts` are what the card's `training` says of that moment."""
    write_tensors(snapshot_file(folder, step), _halved(model), {"training": json.dumps(facts)})


def write_tensors(path: Path, tensors: dict[str, torch.Tensor], metadata: dict[str, str] | None = None) -> None:
    """Write a safetensors file, whole or not at all. Raises `OSError`, as for a full disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with replacing(path) as part:
            save_file(tensors, part, metadata)
    except SafetensorError as error:  # what the disk said is within
        raise OSError(f"{path} cannot be written: {error}.") from error


def _halved(model: Transformer) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().half().contiguous() for name, tensor in model.state_dict().items()}


def _of_moment(card: dict[str, Any], file: Path) -> dict[str, Any]:
    """The card as of a snapshot: its own facts instead of those of the end."""
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


def _filled(config: Config, weights: dict[str, torch.Tensor]) -> Transformer:
    wanted = config.parameters == sum(tensor.numel() for tensor in weights.values())
    with torch.device("cpu" if wanted else "meta"):  # a foreign card may ask for any size: then nothing is allocated
        model = Transformer(config)
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
