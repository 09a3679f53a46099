"""What a run needs to go on after it was stopped: weights and Adam's moments in full precision, and its position."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from transformer.checkpoint import CheckpointError, write_tensors
from transformer.model import Transformer


@dataclass(frozen=True, slots=True)
class Position:
    """How far a run has come: epochs done, batches of this epoch done, steps and seconds in all."""

    epoch: int = 0
    batch: int = 0
    step: int = 0
    seconds: float = 0.0


def save_state(path: Path, model: Transformer, optimizer: torch.optim.Optimizer, position: Position) -> None:
    """Write everything to one file that replaces the old one only when it is whole."""
    tensors = {f"model.{name}": parameter.detach() for name, parameter in model.named_parameters()}
    for name, parameter in model.named_parameters():
        tensors |= {f"optimizer.{name}.{key}": value for key, value in optimizer.state.get(parameter, {}).items()}
    write_tensors(path, tensors, {"position": json.dumps(asdict(position))})


def saved_position(path: Path) -> Position:
    """How far the run is that was saved to `path`; the very beginning if there is no such file, or it cannot be read."""
    try:
        with safe_open(path, framework="pt") as file:
            return Position(**json.loads(file.metadata()["position"]))
    except (SafetensorError, OSError, KeyError, ValueError, TypeError):
        return Position()


def load_state(path: Path, model: Transformer, optimizer: torch.optim.Optimizer) -> Position:
    """Fill model and optimizer from `path`. Raises `CheckpointError` if the file is damaged or of another model."""
    try:
        with safe_open(path, framework="pt") as file:
            position = Position(**json.loads(file.metadata()["position"]))
            tensors = {name: file.get_tensor(name) for name in list(file.keys())}
    except (SafetensorError, OSError, KeyError, ValueError, TypeError) as error:
        raise CheckpointError(f"{path} cannot be resumed from: {error}. Start again without --resume.") from error
    try:
        _fill(model, optimizer, tensors)
    except (KeyError, RuntimeError) as error:
        raise CheckpointError(f"{path} belongs to a model of other sizes: {error}.") from error
    return position


def _fill(model: Transformer, optimizer: torch.optim.Optimizer, tensors: dict[str, torch.Tensor]) -> None:
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(tensors[f"model.{name}"])
            prefix = f"optimizer.{name}."
            moments = {key.removeprefix(prefix): tensor for key, tensor in tensors.items() if key.startswith(prefix)}
            if moments:
                optimizer.state[parameter] = moments
