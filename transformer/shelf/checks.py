"""What a model from a stranger must be before it is used: sizes within bounds, a card of the right shape, finite numbers.

The app reads the card on many pages and trusts it; so a card of another shape is refused here, once, with a sentence.
"""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from transformer import checkpoint
from transformer.analysis.memory import at_once
from transformer.checkpoint import CARD, WEIGHTS, CheckpointError, Opened
from transformer.config import Config, names
from transformer.family import class_of, kind_of, transforms
from transformer.jobs.limits import MOST_LAYERS, MOST_MAPS, too_many
from transformer.tokenizer import SPECIAL
from transformer.training import history

MOST_HEADER = 1024 * 1024  # bytes of the names, types and shapes at the beginning of a safetensors file
LARGEST = 100  # a weight; with the norms between, nothing that comes of such weights can overflow
SMALLEST = 1e-6  # length of a piece's vector: directions are divided by it
LONGEST = 2000  # letters of a text in the card
TYPES = ("F16", "BF16", "F32")  # of weights
BOUNDS = {
    "vocabulary_size": 64_000, "d_model": 2048, "heads": MOST_MAPS, "encoder_layers": MOST_LAYERS, "decoder_layers": MOST_LAYERS,
    "d_ff": 32_768, "max_positions": 4096,
}  # fmt: skip
ROWS = 64  # of a recurrent model, which needs far less memory than a Transformer for as many
ROW = 32  # pieces of a row, when all of them are read
IDS = {"padding_id": 0, "start_id": 1, "end_id": 2}

NUMBER, TEXT, ANY = (int, float, type(None)), (str, type(None)), (int, float, str, bool, type(None))
SCORES = {"bleu": NUMBER, "exact_match": NUMBER, "chrf": NUMBER, "*": ANY}
RECIPE = {"base": TEXT, "corpus": TEXT, "also": {"*": (int,)}, "variation": {"*": NUMBER}, "*": ANY}
TRAINING = {
    "commands": [(str,)], "recipe": RECIPE, "machine": {"*": ANY}, "epochs": NUMBER, "steps": NUMBER, "seconds": NUMBER,
    "loss": NUMBER, "validation": SCORES, "earlier": [{"*": NUMBER}], "*": None,
}  # fmt: skip
CORPUS = {"name": TEXT, "title": TEXT, "licence": TEXT, "attribution": TEXT, "pairs": {"*": (int,)}, "*": None}
SHAPE = {
    "config": {"dropout": (int, float), "model": (str,), "*": (int,)}, "parameters": (int,), "training": TRAINING, "corpora": [CORPUS],
    "evaluations": [SCORES], "*": None,
}  # fmt: skip


class ArchiveError(ValueError):
    """A file that is not a usable model, or cannot be kept; the message is a sentence for the person who brought it."""


def inspect(folder: Path) -> None:
    """Open the unpacked model in `folder`, with all its snapshots. Raises `ArchiveError` with the reason if it cannot be used."""
    check_card(folder)
    check_tensors(folder / WEIGHTS)
    moments = checkpoint.moments(folder)
    for moment in moments:
        check_tensors(checkpoint.snapshot_file(folder, moment))
    check_history(folder)
    try:
        whole = checkpoint.load_any(folder)
        check_model(whole)
        check_every_piece(whole)
        for moment in moments:
            check_model(checkpoint.load_any(folder, moment))
    except CheckpointError as error:
        raise ArchiveError(str(error).rstrip(".") + ".") from error


def parsed(text: bytes | str, what: str) -> Any:
    """JSON without NaN and infinity. Raises `ArchiveError` if it is anything else, however deep."""
    try:
        return json.loads(text, parse_constant=no_number, parse_float=bounded, parse_int=bounded)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"The {what} of this model cannot be read.") from error


def no_number(name: str) -> None:
    """For the constants that JSON does not know."""
    raise ValueError(f"{name} is not a number")


def bounded(text: str) -> int | float:
    """A number as JSON writes it, if it is one that can be computed with."""
    number = float(text)
    if not abs(number) < 1e15:
        raise ValueError(f"{text[:20]} is too large")
    return int(text) if text.lstrip("-").isdecimal() else number


def fits(value: Any, shape: Any) -> bool:
    """Whether `value` has the `shape`: types, a list of them, or fields of them; `*` stands for the other fields, `None` for anything."""
    if shape is None:
        return True
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(each, shape[0]) for each in value)
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(fits(each, shape.get(name, shape["*"])) for name, each in value.items())
    short = not isinstance(value, str) or len(value) <= LONGEST
    return short and isinstance(value, shape) and not (isinstance(value, bool) and bool not in shape)


def check_card(folder: Path) -> None:
    """The card: every field that the app reads is of its type, and the sizes are those of a model that can be opened."""
    card = parsed((folder / CARD).read_bytes(), CARD)
    if not isinstance(card, dict):
        raise ArchiveError(f"The {CARD} of this model is not an object with named fields.")
    for name, value in card.items():
        if not fits(value, SHAPE.get(name)):
            raise ArchiveError(f"The {CARD} of this model says something strange about {name[:40]!r}.")
    config = card.get("config")
    if not config:
        raise ArchiveError(f"The {CARD} of this model lacks its sizes.")
    try:
        kind = kind_of(card)
    except ValueError as error:
        raise ArchiveError(f"The {CARD} of this model cannot be used: {error}") from error
    if odd := [name for name in config if name not in names(class_of(kind).SIZES)]:
        raise ArchiveError(f"The {CARD} of this model gives a size that is not known: {odd[0][:40]!r}.")
    for name, most in BOUNDS.items():
        if not 1 <= config.get(name, 1) <= most:
            raise ArchiveError(f"The {CARD} of this model says {name} is {config[name]}; it may be 1 to {most:,}.")
    for stack in ("encoder_layers", "decoder_layers") if transforms(kind) else ():
        if why := too_many(config.get(stack, 1), config.get("heads", 1)):
            raise ArchiveError(why)
    for name, id in IDS.items():
        if config.get(name, id) != id:
            raise ArchiveError(f"The {CARD} of this model says {name} is {config[name]}; here it is {id}.")


def check_tensors(path: Path) -> None:
    """The header of a safetensors file, before it is opened: its size, the types, and what it says of its moment."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = parsed(file.read(length), f"file {path.name}") if 2 <= length <= MOST_HEADER else None
    if not isinstance(header, dict):
        raise ArchiveError(f"{path.name} is not a safetensors file.")
    facts = header.pop("__metadata__", {})
    if not isinstance(facts, dict) or not all(isinstance(value, str) for value in facts.values()):
        raise ArchiveError(f"{path.name} is not a safetensors file.")
    if not fits(parsed(facts.get("training", "{}"), f"file {path.name}"), TRAINING):
        raise ArchiveError(f"{path.name} says something strange about its training.")
    for name, tensor in header.items():
        kind = tensor.get("dtype") if isinstance(tensor, dict) else None
        if kind not in TYPES:
            raise ArchiveError(f"{path.name} holds {name[:60]!r} as {str(kind)[:20]}; weights are {', '.join(TYPES)}.")


def check_history(folder: Path) -> None:
    """Every entry of the history is made of finite numbers."""
    try:
        entries, looks = history.read(folder), history.gradients(folder)
    except RecursionError:
        entries, looks = None, []
    for entry in entries if entries is not None else [None]:
        values: dict[str, Any] = asdict(entry) if entry else {"step": ""}
        figures: dict[str, Any] = values.pop("measured", None) or {}
        optional = {name: values.pop(name, None) for name in ("validation_loss", "bleu", "exact_match")}
        given = [*values.values(), *figures.values(), *(value for value in optional.values() if value is not None)]
        if not all(isinstance(value, int | float) and math.isfinite(value) for value in given):
            raise ArchiveError(f"The {history.FILE} of this model cannot be read.")
    numbers = [number for look in looks for number in (look.step, look.share, look.norm, *look.parts.values())]
    if not all(map(math.isfinite, numbers)):
        raise ArchiveError(f"The {history.FILE} of this model cannot be read.")


def check_every_piece(loaded: Opened) -> None:
    """Each piece of the vocabulary, read and written once, gives finite numbers."""
    model, width = loaded.model, min(ROW, loaded.model.config.max_positions)
    ids = torch.arange(len(SPECIAL), model.config.vocabulary_size)
    rows = torch.nn.functional.pad(ids, (0, -len(ids) % width), value=model.config.end_id).view(-1, width)
    with torch.inference_mode():
        for some in torch.split(
            rows, at_once(model.config, width, width) if isinstance(model.config, Config) else ROWS
        ):
            if not model(some, some).logits.isfinite().all():
                raise ArchiveError("This model computes numbers that are not finite.")


def check_model(loaded: Opened) -> None:
    """The card tells the right size, the weights are such as training gives, the first pieces are special, a sentence gives numbers."""
    model, tokenizer = loaded.model, loaded.tokenizer
    said = loaded.card.get("parameters", model.number_of_parameters)
    if said != model.number_of_parameters:
        raise ArchiveError(
            f"The {CARD} of this model says {said:,} parameters, but it has {model.number_of_parameters:,}."
        )
    if any(parameter.abs().max() > LARGEST for parameter in model.parameters()):
        raise ArchiveError(f"This model holds weights beyond {LARGEST}, as no training gives them.")
    if (model.matrix.norm(dim=-1) < SMALLEST).any():
        raise ArchiveError("This model has pieces whose vectors are 0, as no training gives them.")
    if tuple(tokenizer.piece(id).piece for id in range(len(SPECIAL))) != SPECIAL:
        raise ArchiveError("The tokenizer of this model does not begin with <pad>, <s> and </s>.")
    ids = torch.tensor([[*tokenizer.encode("I see the dog.")[: model.config.max_positions - 1], model.config.end_id]])
    with torch.inference_mode():
        if not model(ids, ids).logits.isfinite().all():
            raise ArchiveError("This model computes numbers that are not finite.")
