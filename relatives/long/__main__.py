"""`python -m relatives.long`: let the shipped models take the exam of long sentences, follow the gradients back, and record both."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from relatives.long.measuring import learned, measure
from relatives.long.record import COMMAND, FILE, KINDS, Measured, Record, write
from relatives.long.sentences import exam, prolonging
from transformer import checkpoint
from transformer.checkpoint import SHIPPED, Opened
from transformer.corpora.grammar_en_fr import NAME


def main(words: Sequence[str] | None = None) -> int:
    """Measure and write. The same checkpoints give the same record."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--out", metavar="FILE", type=Path, default=FILE, help="the record (default: the shipped one)")
    args = parser.parse_args(words)
    found = shipped()
    if not found:
        print(f"There is no shipped model of {NAME} to measure.", file=sys.stderr)
        return 1
    longest, sentences = exam(found[0][0].tokenizer)
    models: list[Measured] = []
    for opened, folder in found:
        print(f"{opened.name} ...", file=sys.stderr, flush=True)
        models.append(measure(opened, folder, sentences, longest))
    write(
        Record(corpus=NAME, longest=longest, clauses=prolonging(), sentences=tuple(sentences), models=tuple(models)),
        args.out,
    )
    return 0


def shipped() -> list[tuple[Opened, Path]]:
    """The shipped checkpoints of the grammar corpus of each kind, in the order of `KINDS`."""
    folders = [folder for folder in checkpoint.available().values() if SHIPPED in folder.parents]
    found = [(checkpoint.load_any(folder), folder) for folder in folders]
    mine = [(opened, folder) for opened, folder in found if opened.kind in KINDS and learned(opened) == NAME]
    return sorted(mine, key=lambda each: KINDS.index(each[0].kind))


if __name__ == "__main__":
    sys.exit(main())
