"""`python -m relatives.scaling`: train the models with and without the division, and record what their heads do."""

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from relatives.scaling.recorded import TRAINED
from relatives.scaling.trained import COMMAND, CORPUS, trained, variants

EPOCHS = 2.0


def main(words: Sequence[str] | None = None) -> int:
    """Train what the record lacks, and write it down model by model, so that the command can be given again after a break."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument(
        "--out", metavar="FILE", type=Path, default=TRAINED, help="the record (default: the shipped one)"
    )
    parser.add_argument(
        "--epochs", metavar="N", type=float, default=EPOCHS, help=f"of each model (default: {EPOCHS:g})"
    )
    args = parser.parse_args(words)
    record = begun(args.out, args.epochs)
    for heads, scaled in variants():
        if any((each["heads"], each["scaled"]) == (heads, scaled) for each in record["models"]):
            continue
        print(f"{heads} heads, {'divided' if scaled else 'not divided'} ...", file=sys.stderr, flush=True)
        record["models"].append(trained(heads, scaled, args.epochs))
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(json.dumps(record, separators=(",", ":")) + "\n", "utf-8")
    return 0


def begun(out: Path, epochs: float) -> dict[str, Any]:
    """The record as it stands; a new one if there is none of so many epochs."""
    try:
        record: dict[str, Any] = json.loads(out.read_text("utf-8"))
    except (OSError, ValueError):
        record = {}
    if record.get("epochs") == epochs and record.get("models"):
        return record
    machine = f"{platform.machine()}, torch {__import__('torch').__version__}"
    command = f"{COMMAND} --epochs {epochs:g}"
    return {"command": command, "corpus": CORPUS, "epochs": epochs, "machine": machine, "models": []}


if __name__ == "__main__":
    sys.exit(main())
