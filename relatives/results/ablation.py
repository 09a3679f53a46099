"""What matters? The question of Table 3 of arXiv 1706.03762, asked of a small model: one choice changed, all else alike.

`python -m relatives.results.ablation --out relatives/recorded/ablation.json` trains every row in turn by the project's own training
and writes each result down as it comes, so it can be stopped and begun again. Every row takes the same steps on the same batches.
"""

import argparse
import json
import math
import random
import shlex
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as F

from relatives.results import flops
from transformer.checkpoint import replacing
from transformer.corpora import Pair, Split
from transformer.tokenizer import Tokenizer
from transformer.training.batches import Variation, encode_pairs, make_batches, to_batch
from transformer.training.card import machine
from transformer.training.evaluation import evaluate
from transformer.training.presets import options, recipe_fields, recipes_of, words
from transformer.training.run import Run
from transformer.translator import Translator

CORPUS = "grammar-en-fr"
EPOCHS = 2.0  # at 4, which its recipe takes, almost every row is at 99 %
SEEDS = (1, 2, 3)
SPLIT: Split = "validation"  # Table 3 is measured on the development set too
DRAWS = 1000  # of the bootstrap
RECORDED = Path(__file__).resolve().parent.parent / "recorded" / "ablation.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: which part of Table 3 asks the same, and what is changed in the recipe of the base."""

    part: str  # "A" to "E" as in Table 3; "+" for what only we ask
    changes: Mapping[str, Any]  # fields of `Recipe`


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of training one row once; the marks as `transformer.training.evaluation` gives them, the loss in nats per piece."""

    row: str
    seed: int
    parameters: int
    steps: int
    seconds: float
    flops: float  # of the whole training
    exact_match: float
    bleu: float
    sentences: int
    loss: float
    loss_low: float  # of 95 % of the samples of sentences
    loss_high: float


BASE = "base"
ROWS = {
    BASE: Row("", {}),
    "heads-1": Row("A", {"heads": 1}),
    "heads-2": Row("A", {"heads": 2}),
    "heads-8": Row("A", {"heads": 8}),
    "heads-16": Row("A", {"heads": 16}),
    "layers-1": Row("C", {"layers": 1}),
    "layers-3": Row("C", {"layers": 3}),
    "d-model-32": Row("C", {"d_model": 32}),
    "d-model-128": Row("C", {"d_model": 128}),
    "layers-3-slower": Row("C", {"layers": 3, "peak_rate": 0.003}),
    "d-model-128-slower": Row("C", {"d_model": 128, "peak_rate": 0.003}),
    "d-ff-128": Row("C", {"d_ff": 128}),
    "d-ff-512": Row("C", {"d_ff": 512}),
    "dropout-0.1": Row("D", {"dropout": 0.1}),
    "no-smoothing": Row("D", {"label_smoothing": 0.0}),
    "no-positions": Row("E", {"without": "positions"}),
    "no-scaling": Row("+", {"without": "scaling"}),
    "no-residual": Row("+", {"without": "residual"}),
    "no-norm": Row("+", {"without": "norm"}),
    "no-mask": Row("+", {"without": "mask"}),
}


def base() -> dict[str, Any]:
    """The recipe of the base: what the corpus brings, for fewer epochs; nothing is measured or kept on the way."""
    brought = recipe_fields(options(recipes_of(CORPUS)[0]))
    return {"corpus": CORPUS, **brought, "epochs": EPOCHS, "snapshots": 0, "validation_pairs": 0}


def recipe(row: str, seed: int) -> dict[str, Any]:
    """The recipe of a row: that of the base but for what the row changes."""
    return base() | {"seed": seed} | dict(ROWS[row].changes)


def command(row: str, seed: int = 1) -> str:
    """What trains the same model in a terminal, with snapshots to look at."""
    asked, apart = recipe(row, seed), ("corpus", "without", "snapshots", "validation_pairs")
    given = {name.replace("_", "-"): value for name, value in asked.items() if name not in apart}
    lacks = ["--without", asked["without"]] if "without" in asked else []
    line = ["python", "-m", "transformer", "train", CORPUS, *lacks, *words(given), "--out", f"runs/{row}"]
    return shlex.join(line)


def measured(row: str, seed: int) -> Found:
    """Train one row, and what comes of it."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run.start(Path(folder) / "run", recipe(row, seed), command(row, seed))
        for _ in run.reports(lambda: False):
            pass
        training = run.card["training"]
    run.model.eval()
    held_out = run.corpora[0].split(SPLIT)
    scores = evaluate(run.model, run.tokenizer, held_out)
    examples = encode_pairs(run.material().pairs, run.tokenizer, Variation(), seed, run.recipe.longest)
    step = flops.step(run.model, examples, run.recipe.batch_tokens)
    loss, low, high = interval(losses(run.model, run.tokenizer, held_out))
    return Found(
        row=row, seed=seed, parameters=run.model.number_of_parameters, steps=training["steps"], seconds=training["seconds"],
        flops=step.total * training["steps"], exact_match=scores.exact_match, bleu=scores.bleu, sentences=scores.sentences,
        loss=loss, loss_low=low, loss_high=high,
    )  # fmt: skip


def losses(model: Translator, tokenizer: Tokenizer, pairs: Sequence[Pair]) -> list[tuple[float, int]]:
    """For each pair the loss of its target in nats, without label smoothing (or rows with and without could not be compared), and its pieces."""
    found = []
    with torch.inference_mode():
        for examples in make_batches(encode_pairs(pairs, tokenizer, Variation(), 0, longest=100), 2000, seed=0):
            batch = to_batch(examples)
            logits = model.logits(model.decoded(batch.source, batch.target))
            each = F.cross_entropy(logits.transpose(1, 2), batch.expected, ignore_index=0, reduction="none")
            found += list(zip(each.sum(1).tolist(), (batch.expected != 0).sum(1).tolist(), strict=True))
    return found


def interval(found: Sequence[tuple[float, int]]) -> tuple[float, float, float]:
    """The loss per piece, and the bounds between which 95 % of it fall when the sentences are drawn anew, with replacement."""
    chance = random.Random(0)
    drawn = sorted(per_piece(chance.choices(found, k=len(found))) for _ in range(DRAWS))
    return per_piece(found), drawn[round(0.025 * DRAWS)], drawn[round(0.975 * DRAWS) - 1]


def per_piece(found: Sequence[tuple[float, int]]) -> float:
    """Nats per piece."""
    return sum(loss for loss, _ in found) / sum(pieces for _, pieces in found)


def read(file: Path = RECORDED) -> list[Found]:
    """What was recorded, of rows that there are. Raises `ValueError` with a sentence if the file is missing or damaged."""
    again = "Train again: python -m relatives.results.ablation"
    try:
        runs = [Found(**run) for run in json.loads(file.read_text("utf-8"))["runs"] if run["row"] in ROWS]
        numbers = [
            value for run in runs for field in fields(run) if isinstance(value := getattr(run, field.name), int | float)
        ]
        if not runs or len(numbers) < (len(fields(Found)) - 1) * len(runs) or not all(map(math.isfinite, numbers)):
            raise ValueError("no numbers")
    except FileNotFoundError:
        raise ValueError(f"{file.name} is missing. {again}") from None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{file.name} is damaged. {again}") from error
    return runs


def begun(file: Path) -> dict[str, Any]:
    """What was recorded before, or the beginning of a new record. Raises `ValueError` if it was made with another recipe or split."""
    facts = {"corpus": CORPUS, "split": SPLIT, "recipe": base(), "draws": DRAWS}
    if not file.exists():
        return {**facts, "machine": machine(), "runs": []}
    record: dict[str, Any] = json.loads(file.read_text("utf-8"))
    if odd := [name for name, value in facts.items() if record.get(name) != value]:
        raise ValueError(f"{file} was made with another {odd[0]}. Remove it, or write to another file.")
    return record


def main(arguments: Sequence[str] | None = None) -> int:
    """Train what is not recorded yet: every row with the first seed, then every row with the next."""
    parser = argparse.ArgumentParser(prog="python -m relatives.results.ablation", description=__doc__)
    parser.add_argument("--out", type=Path, default=RECORDED, help="the file of the results (default: the shipped one)")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="of each row (default: 1 2 3)")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS), metavar="ROW", help=", ".join(ROWS))
    given = parser.parse_args(arguments)
    try:
        record = begun(given.out)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    done = {(run["row"], run["seed"]) for run in record["runs"]}
    for row, seed in ((row, seed) for seed in given.seeds for row in given.rows):
        if (row, seed) not in done:
            found = measured(row, seed)
            record["runs"].append(asdict(found))
            write(given.out, record)
            print(
                f"{row}, seed {seed}: {found.exact_match:.1f} % exact, BLEU {found.bleu:.1f}, loss {found.loss:.3f}",
                flush=True,
            )
    return 0


def write(file: Path, record: Mapping[str, Any]) -> None:
    """Write the record, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as part:
        part.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
