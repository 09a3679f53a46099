"""`python -m transformer corpus`: what a corpus holds, where it comes from, and its text as files."""

import argparse
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transformer.commands import FINE, Subparsers, _systems, command

if TYPE_CHECKING:
    from transformer.corpora import Corpus
    from transformer.corpora.table import Table

DESCRIPTION = """Show what a corpus holds, whose text it is and under which licence.

grammar-en-fr is built in, and so is what the other systems learn: stories, scenes and so on (see `list`).
tatoeba-en-fr is downloaded the first time, or imported with --file; its text is then kept in the folder ATLAS_CACHE,
or ~/.cache/attention-atlas. A TSV or CSV file of two columns, English and French, is a corpus, too: the lines that are
no pair are left out, and reported by their numbers.
"""
EPILOG = """
examples:
  python -m transformer corpus grammar-en-fr
  python -m transformer corpus tatoeba-en-fr                        download it, if it is not here yet
  python -m transformer corpus tatoeba-en-fr --file fra-eng.zip     import a copy: fra.txt, fra.txt.gz, fra-eng.zip
  python -m transformer corpus my_pairs.csv --report                every line that was dropped, and why
  python -m transformer corpus grammar-en-fr --export exported      train.tsv, validation.tsv, test.tsv, README.md
"""
SAMPLES = 6
MOST_RANGES = 12


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command and its options."""
    parser = command(subparsers, "corpus", "show, import or export a corpus", DESCRIPTION, EPILOG)
    parser.add_argument("corpus", metavar="NAME_OR_FILE", help="a name from `list`, or a TSV or CSV file")
    parser.add_argument("--file", metavar="PATH", type=Path, help="import tatoeba-en-fr from this local copy")
    text = "write the pairs as train.tsv, validation.tsv and test.tsv"
    parser.add_argument("--export", metavar="DIR", type=Path, help=text)
    parser.add_argument("--report", action="store_true", help="print every line that was dropped instead of a summary")
    parser.set_defaults(run=lambda args: run(args, parser))


def run(args: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Bring the corpus here if need be, then export it, report on it or show it."""
    from transformer.corpora import is_file, open_corpus, tatoeba_en_fr
    from transformer.corpora.export import export

    if args.file and args.corpus != tatoeba_en_fr.NAME:
        parser.error(f"--file imports a copy of {tatoeba_en_fr.NAME}; a file of your own is given as NAME_OR_FILE")
    if args.corpus == tatoeba_en_fr.NAME:
        bring(args.file)
    if collection := _systems.opened(args.corpus):
        return of_system(collection, args)
    if args.export:
        print(*export(open_corpus(args.corpus), args.export), sep="\n")
    elif args.report:
        print(report(args.corpus))
    else:
        print(summary_of_file(Path(args.corpus)) if is_file(args.corpus) else summary(open_corpus(args.corpus)))
    return FINE


def of_system(collection: Any, args: argparse.Namespace) -> int:
    """The same of a corpus that only systems learn."""
    from transformer.corpora.export import export_lines

    if args.export:
        print(*export_lines(collection, args.export), sep="\n")
    else:
        print(
            f"{collection.name} is generated, so no line is dropped." if args.report else _systems.summary(collection)
        )
    return FINE


def bring(local: Path | None) -> None:
    """Import the local copy of tatoeba-en-fr, or download it if it is not in the cache."""
    from transformer.corpora import tatoeba_en_fr

    if local:
        tatoeba_en_fr.import_file(local)
    elif not tatoeba_en_fr.cached_file().exists():
        print(f"Downloading {tatoeba_en_fr.URL}", file=sys.stderr)
        tatoeba_en_fr.download()


def report(name_or_file: str) -> str:
    """Every line that was dropped from the text of a corpus."""
    from transformer.corpora import is_file, module_of, tatoeba_en_fr
    from transformer.corpora.table import read_table

    if name_or_file == tatoeba_en_fr.NAME:
        return listing(read_table(tatoeba_en_fr.cached_file()))
    if is_file(name_or_file):
        return listing(read_table(name_or_file))
    return f"{module_of(name_or_file).NAME} is generated, so no line is dropped."


def summary_of_file(file: Path) -> str:
    """The pairs of a file at a glance, and what was dropped."""
    from transformer.corpora.table import corpus_of, read_table

    table = read_table(file)
    return summary(corpus_of(table, file.name)) + (f"\n\n{dropped(table)}" if table.dropped else "")


def summary(corpus: "Corpus") -> str:
    """The corpus at a glance: sizes, splits, licence, origin and some pairs from its whole length."""
    from transformer.corpora.export import by_split

    links = sum(len(pair.links) for pair in corpus.pairs)
    found = by_split(corpus)
    splits = ", ".join(f"{split} {len(pairs):,}" for split, pairs in found.items())
    if len(found["train"]) == len(corpus.pairs):
        splits += " (nothing is held out: too few sentences)"
    rows = {
        "name": corpus.name,
        "pairs": f"{len(corpus.pairs):,}",
        "English": f"{len({pair.source for pair in corpus.pairs}):,} distinct sentences",
        "splits": splits,
        "links": f"{links:,} gold links between words" if links else "none",
        "licence": corpus.licence,
        "origin": corpus.attribution,
        "sha256": corpus.sha256,
    }
    step = max(1, len(corpus.pairs) // SAMPLES)
    samples = [f"  {pair.source}  =  {pair.target}" for pair in corpus.pairs[step // 2 :: step][:SAMPLES]]
    return "\n".join([corpus.title, *(f"  {name:8} {value}" for name, value in rows.items()), "some pairs", *samples])


def dropped(table: "Table") -> str:
    """What was dropped, by reason, with the line numbers as ranges."""
    from transformer.corpora.table import EXPLANATIONS

    rows = []
    for reason, count in table.reasons.most_common():
        places = ranges([one.line for one in table.dropped if one.reason == reason])
        rows.append(f"  {count:,} {reason} ({EXPLANATIONS[reason]}): {places}")
    return "\n".join([f"lines dropped: {len(table.dropped):,} (--report lists each of them)", *rows])


def ranges(numbers: list[int]) -> str:
    """`lines 1, 4-7, 9`, and how many more there are after the first dozen of ranges."""
    starts = [numbers[0], *(later for earlier, later in pairwise(numbers) if later != earlier + 1)]
    ends = [*(earlier for earlier, later in pairwise(numbers) if later != earlier + 1), numbers[-1]]
    texts = [str(start) if start == end else f"{start}-{end}" for start, end in zip(starts, ends, strict=True)]
    more = f" and {len(texts) - MOST_RANGES:,} more places" if len(texts) > MOST_RANGES else ""
    return ("line " if len(numbers) == 1 else "lines ") + ", ".join(texts[:MOST_RANGES]) + more


def listing(table: "Table") -> str:
    """One line for each dropped line, in order."""
    from transformer.corpora.table import EXPLANATIONS

    rows = [f"line {one.line}: {one.reason} ({EXPLANATIONS[one.reason]})" for one in table.dropped]
    return "\n".join([*rows, f"lines dropped: {len(table.dropped):,}, pairs kept: {len(table.pairs):,}"])
