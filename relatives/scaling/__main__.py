"""`python -m relatives.scaling`: train models with and without the division and record what their heads do; or record what scores cost."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from relatives.scaling.cost import cost, jobs, machine
from relatives.scaling.recorded import COSTS, TRAINED
from relatives.scaling.trained import COMMAND, CORPUS, trained, variants

EPOCHS = 2.0


def main(words: Sequence[str] | None = None) -> int:
    """Make one of the two records."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--out", metavar="FILE", type=Path, help="the record (default: the shipped one)")
    parser.add_argument(
        "--epochs", metavar="N", type=float, default=EPOCHS, help=f"of each model (default: {EPOCHS:g})"
    )
    parser.add_argument("--costs", action="store_true", help="measure time and memory of the score functions instead")
    args = parser.parse_args(words)
    if args.costs:
        write(args.out or COSTS, {"machine": machine(), "costs": [asdict(cost(*job)) for job in jobs()]})
    else:
        train(args.out or TRAINED, args.epochs)
    return 0


def train(out: Path, epochs: float) -> None:
    """Train what the record lacks, and write it down model by model, so that the command can be given again after a break."""
    record = begun(out, epochs)
    done = {(each["heads"], each["scaled"], each["rate"]) for each in record["models"]}
    for heads, scaled, rate in variants():
        if (heads, scaled, rate) not in done:
            print(
                f"{heads} heads, {'divided' if scaled else 'not divided'}, rate {rate:g}", file=sys.stderr, flush=True
            )
            record["models"].append(trained(heads, scaled, rate, epochs))
            write(out, record)


def write(out: Path, record: dict[str, Any]) -> None:
    """Write a record as one line of JSON."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(record, separators=(",", ":")) + "\n", "utf-8")


def begun(out: Path, epochs: float) -> dict[str, Any]:
    """The record as it stands; a new one if there is none of so many epochs."""
    try:
        record: dict[str, Any] = json.loads(out.read_text("utf-8"))
    except (OSError, ValueError):
        record = {}
    if record.get("epochs") == epochs and record.get("models"):
        return record
    return {
        "command": f"{COMMAND} --epochs {epochs:g}",
        "corpus": CORPUS,
        "epochs": epochs,
        "machine": machine(),
        "models": [],
    }


if __name__ == "__main__":
    sys.exit(main())
