"""`python -m benchmarks`: run the benchmarks, print one table, write one JSON file; exit status 1 if a bound was missed."""

import argparse
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from benchmarks.report import Row, facts, table, write_json

NAMES = {  # the modules; each has `measure(quick) -> list[Row]`
    "training": "tokens a second, next to nn.Transformer and MarianMTModel",
    "translation": "one sentence of ten words, next to Marian's generate and CTranslate2",
    "relatives": "GRU and Bahdanau trained, and a sentence decoded, next to the same models built of nn.GRU",
    "trace": "what it costs to keep every tensor: time and memory of forward, next to nn.Transformer",
    "screen": "in a browser: from starting the app to a translation, from a click to the picture",
    "machine": "in a browser: the living machine drawn, stepped, played, unfolded",
    "lab": "in a browser: from a change of the machine to what comes of it",
    "systems": "in a browser: memory, pictures, reviews and words clicked and changed",
    "beside_training": "the same clicks while a training job runs beside the app, against the same clicks without it",
    "rooms": "a class in a room: answers of thirty, the teacher's picture, idle learners, the storage alone",
    "classroom": "one session and thirty: memory, and answers to thirty learners at once",
}


def main() -> int:
    """Run what was asked for. A benchmark that fails is reported like a bound that is missed, and the others still run."""
    known = "\n".join(f"  {name:12} {what}" for name, what in NAMES.items())
    ask = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=f"{__doc__}\n\n{known}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    ask.add_argument(
        "names", nargs="*", choices=[*NAMES, []], metavar="NAME", help="which ones; all of them if none is named"
    )
    ask.add_argument(
        "--json", type=Path, default=Path("build/bench.json"), metavar="FILE", help="where to write the figures"
    )
    ask.add_argument(
        "--quick", action="store_true", help="few and short rounds, to see that everything runs; no figures to quote"
    )
    arguments = ask.parse_args()
    rows: list[Row] = []
    for name in arguments.names or NAMES:
        print(f"{name}: {NAMES[name]}", file=sys.stderr, flush=True)
        rows += attempt(name, arguments.quick)
        write_json(arguments.json, rows, facts(), arguments.quick)
    print(table(rows))
    missed = [row.name for row in rows if row.met is False]
    print(f"\n{len(missed)} missed: {'; '.join(missed)}" if missed else "\nEvery bound was met.")
    return 1 if missed else 0


def attempt(name: str, quick: bool) -> list[Row]:
    """The rows of one benchmark; if it breaks, one row that says so."""
    measure: Callable[[bool], list[Row]] = import_module(f"benchmarks.{name}").measure
    try:
        return measure(quick)
    except Exception as error:
        traceback.print_exc()
        return [Row(name=f"{name}: failed", ours=None, unit="", bound="runs", met=False, note=str(error)[:500])]


if __name__ == "__main__":
    sys.exit(main())
