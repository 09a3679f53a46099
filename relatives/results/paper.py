"""What the paper says of its own results: Tables 2 and 3 of arXiv 1706.03762. The numbers stand in `paper.json`, and nowhere else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FACTS = Path(__file__).with_name("paper.json")
PAIRS = ("en_de", "en_fr")  # the two pairs of languages of Table 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A line of Table 2: BLEU and operations of training by pair of languages; what the table leaves blank is not there."""

    model: str
    origin: str  # the paper that it comes from
    kind: str  # by what it reads: "recurrence", "convolution", "self-attention"
    ensemble: bool
    bleu: Mapping[str, float]
    flops: Mapping[str, float]
    gpus: int | None  # on which it was trained, and how long, where the paper says so
    hours: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """A line of Table 3: which part of it, what is changed in the base, and what that came to on the development set."""

    part: str  # "A" to "E"; "" for the base
    changes: Mapping[str, float | str]
    perplexity: float
    bleu: float
    parameters: float | None  # where the table says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Both tables, and how the paper counts operations: time times graphics cards times what one of them does in a second."""

    source: str
    edition: str
    differs: str  # what older editions say
    results: tuple[Result, ...]
    card: str
    flops_per_second: float
    base: Variation
    variations: tuple[Variation, ...]


def load(file: Path = FACTS) -> Paper:
    """The facts. Raises `ValueError` with a sentence if the file is missing or damaged."""
    try:
        found = json.loads(file.read_text("utf-8"))
        base = found["table_3"]["base"]
        return Paper(
            source=found["source"], edition=found["edition"], differs=found["differs"],
            results=tuple(map(result, found["table_2"]["rows"])),
            card=found["cost"]["card"], flops_per_second=float(found["cost"]["flops_per_second"]),
            base=variation({"part": "", "changes": {name: base[name] for name in SIZES}, **base}),
            variations=tuple(map(variation, found["table_3"]["rows"])),
        )  # fmt: skip
    except FileNotFoundError:
        raise ValueError(f"{file.name}, which holds the numbers of the paper, is missing.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{file.name}, which holds the numbers of the paper, is damaged.") from error


SIZES = ("layers", "d_model", "d_ff", "heads", "d_k", "d_v", "dropout", "label_smoothing")


def result(row: Mapping[str, Any]) -> Result:
    """A line of Table 2 out of the file."""
    pairs, trained = {pair: row[pair] for pair in PAIRS if pair in row}, row.get("trained", {})
    return Result(
        model=row["model"], origin=row["from"], kind=row["kind"], ensemble=bool(row.get("ensemble")),
        bleu={pair: float(each["bleu"]) for pair, each in pairs.items()},
        flops={pair: float(each["flops"]) for pair, each in pairs.items() if "flops" in each},
        gpus=trained.get("gpus"), hours=trained.get("hours"),
    )  # fmt: skip


def variation(row: Mapping[str, Any]) -> Variation:
    """A line of Table 3 out of the file."""
    return Variation(
        part=row["part"], changes=dict(row["changes"]), perplexity=float(row["perplexity"]), bleu=float(row["bleu"]),
        parameters=float(row["parameters"]) if "parameters" in row else None,
    )  # fmt: skip
