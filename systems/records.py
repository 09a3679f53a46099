"""What was measured beforehand, as files: figures with the hash of the weights that they are about, and the command that measures again."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from systems import shelf
from transformer.checkpoint import SHIPPED, WEIGHTS

Figures = dict[str, Any]


def weights_of(folder: Path) -> str:
    """The beginning of the hash of a model's weights; "" if there are none."""
    try:
        return hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()[:16]
    except OSError:
        return ""


def read(file: Path, command: str) -> dict[str, Figures]:
    """The recorded figures by the hash of the weights. Raises `ValueError` with a sentence."""
    try:
        return {each["weights"]: each["figures"] for each in json.loads(file.read_text("utf-8"))["networks"]}
    except FileNotFoundError:
        raise ValueError(f"{file.name} is missing. Measure again: {command}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{file.name} is damaged. Measure again: {command}") from error


def record(file: Path, command: str, folders: Iterable[Path], measure: Callable[[Any], Figures]) -> None:
    """Measure the models in some folders, and write what was found, with the hash of the weights of each."""
    networks = []
    for folder in folders:
        networks.append(
            {"name": folder.name, "weights": weights_of(folder), "figures": measure(shelf.load(folder).model)}
        )
        print(folder.name, "measured")
    write(file, command, "networks", networks)


def shipped(kinds: Collection[str]) -> list[Path]:
    """The folders of the shipped models of some kinds."""
    return [folder for folder in shelf.of_kinds(kinds).values() if SHIPPED in folder.parents]


def write(file: Path, command: str, name: str, found: list[Figures]) -> None:
    """Write what was measured, under a name."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"command": command, name: rounded(found)}, indent=1) + "\n", "utf-8")


def rounded(told: Any) -> Any:
    """The same with five digits that matter."""
    if isinstance(told, float):
        return float(f"{told:.5g}")
    if isinstance(told, Mapping):
        return {key: rounded(value) for key, value in told.items()}
    return [rounded(each) for each in told] if isinstance(told, list | tuple) else told
