"""`python -m relatives.long`: let the shipped models take the exam of long sentences, follow the gradients back, and record both."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from relatives.long import sentences as exams
from relatives.long.measuring import learned, measure
from relatives.long.record import COMMAND, FILES, KINDS, Measured, Record, write
from transformer import checkpoint
from transformer.checkpoint import SHIPPED, Opened
from transformer.corpora import CorpusError, load_corpus
from transformer.corpora.grammar_en_fr import NAME

LONGEST = 100  # pieces: what recipes take unless they say otherwise


def main(words: Sequence[str] | None = None) -> int:
    """Measure and write. The same checkpoints give the same record."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--corpus", choices=list(FILES), default=NAME, help=f"default: {NAME}")
    parser.add_argument("--out", metavar="FILE", type=Path, help="the record (default: the shipped one)")
    args = parser.parse_args(words)
    found = shipped(args.corpus)
    if not found:
        print(f"There is no shipped model of {args.corpus} to measure.", file=sys.stderr)
        return 1
    try:
        record = measured(args.corpus, found)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 1
    write(record, args.out or FILES[args.corpus])
    return 0


def measured(name: str, found: Sequence[tuple[Opened, Path]]) -> Record:
    """All of these checkpoints. Of a corpus that the project does not ship no text is kept. Raises `CorpusError`."""
    corpus, tokenizer = load_corpus(name), found[-1][0].tokenizer
    own = name == NAME
    longest, sentences = exams.exam(tokenizer) if own else exams.natural(tokenizer, corpus, LONGEST)
    models: list[Measured] = []
    for opened, folder in found:
        print(f"{opened.name} ...", file=sys.stderr, flush=True)
        each = measure(opened, folder, sentences, longest)
        models.append(each if own else replace(each, written=()))
    return Record(
        corpus=name, attribution=f"{corpus.attribution}, {corpus.licence}", longest=longest, clauses=exams.prolonging(),
        sentences=tuple(sentences) if own else (), models=tuple(models),
    )  # fmt: skip


def shipped(corpus: str) -> list[tuple[Opened, Path]]:
    """The shipped checkpoints of a corpus of each kind, in the order of `KINDS`."""
    folders = [folder for folder in checkpoint.available().values() if SHIPPED in folder.parents]
    found = [(checkpoint.load_any(folder), folder) for folder in folders]
    mine = [(opened, folder) for opened, folder in found if opened.kind in KINDS and learned(opened) == corpus]
    return sorted(mine, key=lambda each: KINDS.index(each[0].kind))


if __name__ == "__main__":
    sys.exit(main())
