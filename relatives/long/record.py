"""The record of `python -m relatives.long`: the exam, and what each shipped model made of it, as it is written and read."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from relatives.long.exam import Estimate, Point
from relatives.long.sentences import BINS, Sentence
from relatives.long.way_back import Distance
from transformer.checkpoint import WEIGHTS

FOLDER = Path(__file__).parent.parent / "recorded"
FILES = {"grammar-en-fr": FOLDER / "lengths.json", "tatoeba-en-fr": FOLDER / "lengths_tatoeba.json"}  # by corpus
FILE = FILES["grammar-en-fr"]
COMMAND = "python -m relatives.long"
KINDS = ("tanh", "gru", "lstm", "bahdanau", "luong-dot", "transformer")  # in the order in which they are shown


class RecordError(Exception):
    """A record that cannot be read; its message is a sentence for whoever wanted to see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One model: what it wrote, and what that comes to."""

    name: str
    kind: str
    weights: str  # the beginning of the hash of its weights
    parameters: int
    steps: int  # of its training; 0 if its card does not tell
    seconds: float
    written: tuple[str, ...]  # one for each sentence of the exam
    points: tuple[Point, ...]
    trained: tuple[Distance, ...]  # pulls by distance
    untrained: tuple[Distance, ...]  # the same before its first step


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All of it. Of a corpus whose text is not the project's own there are no sentences, and nothing that was written."""

    corpus: str
    attribution: str
    longest: int  # pieces of the longest English sentence that was trained on
    clauses: tuple[
        tuple[str, str], ...
    ]  # held-out ones, to prolong any sentence with: English and French, no capital, no mark
    sentences: tuple[Sentence, ...]
    models: tuple[Measured, ...]


def command(corpus: str) -> str:
    """What makes the record of a corpus."""
    return f"{COMMAND} --corpus {corpus}"


def weights_of(folder: Path) -> str:
    """The beginning of the hash of a checkpoint's weights; "" if there are none."""
    try:
        return hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()[:16]
    except OSError:
        return ""


def write(record: Record, out: Path) -> None:
    """Write it, a line for each model; what is right letter by letter is written as `null`."""
    told = asdict(record) | {"command": command(record.corpus)}
    told["sentences"] = [[each.source, each.target, each.pieces, each.clauses] for each in record.sentences]
    for each in told["models"]:
        each["written"] = [
            None if text == sentence.target else text
            for text, sentence in zip(each["written"], record.sentences, strict=True)
        ]
    out.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rounded(told), ensure_ascii=False, separators=(",", ":"))
    out.write_text(text.replace('{"name":', '\n{"name":') + "\n", "utf-8")


def rounded(told: Any) -> Any:
    """The same with six digits that matter."""
    if isinstance(told, float):
        return float(f"{told:.6g}")
    if isinstance(told, Mapping):
        return {key: rounded(value) for key, value in told.items()}
    return [rounded(each) for each in told] if isinstance(told, list | tuple) else told


def read(path: Path = FILE) -> Record:
    """The record. Raises `RecordError` with a sentence if there is none, or it is damaged."""
    try:
        told = json.loads(path.read_text("utf-8"))
        sentences = tuple(
            Sentence(source=str(source), target=str(target), pieces=int(pieces), clauses=int(clauses))
            for source, target, pieces, clauses in told["sentences"]
        )
        models = tuple(measured(each, sentences) for each in told["models"])
        clauses = tuple((str(english), str(french)) for english, french in told["clauses"])
        found = Record(
            corpus=str(told["corpus"]),
            attribution=str(told["attribution"]),
            longest=int(told["longest"]),
            clauses=clauses,
            sentences=sentences,
            models=models,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecordError(f"The record {path.name} is missing or damaged. `{COMMAND}` makes a new one.") from error
    return found


def measured(told: Mapping[str, Any], sentences: Sequence[Sentence]) -> Measured:
    """One model. Raises `KeyError`, `TypeError` or `ValueError` if it is none."""
    written = tuple(
        sentence.target if text is None else str(text)
        for text, sentence in zip(told["written"], sentences, strict=True)
    )
    points = tuple(
        Point(
            bin=int(each["bin"]), count=int(each["count"]), right=int(each["right"]), exact=estimate(each["exact"]), bleu=estimate(each["bleu"])
        )
        for each in told["points"]
    )  # fmt: skip
    if not all(0 <= each.bin < len(BINS) for each in points):
        raise ValueError("a bin that there is not")
    plain = {name: str(told[name]) for name in ("name", "kind", "weights")}
    numbers = {"parameters": int(told["parameters"]), "steps": int(told["steps"]), "seconds": finite(told["seconds"])}
    ways = {name: tuple(map(distance, told[name])) for name in ("trained", "untrained")}
    return Measured(**plain, **numbers, written=written, points=points, **ways)  # type: ignore[arg-type]


def distance(told: Mapping[str, Any]) -> Distance:
    """The pulls at one distance."""
    return Distance(steps=int(told["steps"]), count=int(told["count"]), pull=estimate(told["pull"]))


def estimate(told: Mapping[str, Any]) -> Estimate:
    """A number with its limits."""
    return Estimate(value=finite(told["value"]), low=finite(told["low"]), high=finite(told["high"]))


def finite(value: Any) -> float:
    """The same as a number. Raises `ValueError` if it is none, or without end."""
    found = float(value)
    if not math.isfinite(found):
        raise ValueError(f"{found} is no number that can be drawn")
    return found
