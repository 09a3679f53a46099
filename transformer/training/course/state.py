"""What a run needs to go on after it was stopped: weights and Adam's moments in full precision, its position, and nobody beside it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import nn

from transformer.checkpoint import CheckpointError, write_tensors

try:
    import fcntl
except ImportError:  # Windows: two trainings in one folder are not noticed there
    fcntl = None  # type: ignore[assignment]

LOCK = ".training.lock"
# what a file gives that is none of ours
DAMAGE = (SafetensorError, OSError, KeyError, ValueError, TypeError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Position:
    """How far a run has come: epochs done, batches of this epoch done, steps and seconds in all."""

    epoch: int = 0
    batch: int = 0
    step: int = 0
    seconds: float = 0.0


def save_state(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, position: Position) -> None:
    """Write everything to one file that replaces the old one only when it is whole."""
    tensors = {f"model.{name}": tensor.detach() for name, tensor in model.state_dict().items()}
    for name, parameter in model.named_parameters():
        tensors |= {f"optimizer.{name}.{key}": value for key, value in optimizer.state.get(parameter, {}).items()}
    write_tensors(path, tensors, {"position": json.dumps(asdict(position))})


def saved_position(path: Path, model: nn.Module) -> Position:
    """How far the run of `model` is that was saved to `path`; the very beginning if there is no such file.

    Raises `CheckpointError` if it cannot be gone on from. Nothing is changed, so that whoever asks first loses nothing.
    """
    if not path.exists():
        return Position()
    try:
        with safe_open(path, framework="pt") as file:
            shapes = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
            position = Position(**json.loads(file.metadata()["position"]))
    except DAMAGE as error:
        raise _unusable(path, f"cannot be read: {error}") from error
    for name, parameter in model.named_parameters():
        if (found := shapes.get(f"model.{name}")) != (wanted := tuple(parameter.shape)):
            raise _unusable(path, f"belongs to a model of other sizes: {name!r} is {found} there, and {wanted} here")
    return position


def load_state(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer) -> Position:
    """Fill model and optimizer from `path`. Raises `CheckpointError` as `saved_position` does."""
    position = saved_position(path, model)
    try:
        with safe_open(path, framework="pt") as file:
            _fill(model, optimizer, {name: file.get_tensor(name) for name in list(file.keys())})
    except DAMAGE as error:
        raise _unusable(path, f"cannot be read: {error}") from error
    return position


def lost(folder: Path) -> CheckpointError:
    """For a run in `folder` whose state is gone."""
    return _unusable(folder, "has snapshots or a history, but no state to go on from")


def _unusable(path: Path, why: str) -> CheckpointError:
    folder = path if path.is_dir() else path.parent
    new = folder.with_name(f"{folder.name}-2")
    return CheckpointError(
        f"{path} {why}. Nothing was changed. Go on from its weights in a new folder: "
        f"python -m transformer train CORPUS --from {folder} --out {new}"
    )


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While it is open, nobody else trains in `folder`: the system's lock, which ends with the process. Raises `CheckpointError`."""
    folder.mkdir(parents=True, exist_ok=True)
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise CheckpointError(f"Another training writes to {folder} at this moment. Wait for it, or stop it.") from None
    finally:
        os.close(descriptor)


def _fill(model: nn.Module, optimizer: torch.optim.Optimizer, tensors: dict[str, torch.Tensor]) -> None:
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(tensors[f"model.{name}"])
            prefix = f"optimizer.{name}."
            moments = {key.removeprefix(prefix): tensor for key, tensor in tensors.items() if key.startswith(prefix)}
            if moments:
                optimizer.state[parameter] = moments
        for name, buffer in model.named_buffers():  # numbers that are kept without being learned by descent
            if f"model.{name}" in tensors:
                buffer.copy_(tensors[f"model.{name}"])
