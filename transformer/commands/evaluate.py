"""`python -m transformer evaluate`: BLEU, chrF and exact matches of a checkpoint on a corpus."""

import argparse
import json
import re
import shlex
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from transformer.commands import FINE, Subparsers, command
from transformer.commands._options import add_checkpoint, add_search, positive_whole

if TYPE_CHECKING:
    from transformer.corpora import Pair

DESCRIPTION = """Translate each English sentence of a corpus and compare it with the corpus's French.

The scores are per cent, 0 to 100. bleu and chrf compare with the first translation of each sentence in the corpus,
bleu_all and chrf_all with all of them; exact_match is the share of translations that are one of them letter by letter.
"""
EPILOG = """
examples:
  python -m transformer evaluate --corpus tatoeba-en-fr
  python -m transformer evaluate --checkpoint runs/mine --corpus my_pairs.tsv --split validation --beam 4 --json
"""


TYPED: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capitals": str.upper,
    "small": str.lower,
    "typographic": lambda text: re.sub(r'(^| )"', r"\1“", text).replace('"', "”").replace("'", "’").replace("-", "–"),
}


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command and its options."""
    parser = command(subparsers, "evaluate", "measure a checkpoint on a corpus", DESCRIPTION, EPILOG)
    add_checkpoint(parser)
    text = "a name from `list`, or a TSV or CSV file"
    parser.add_argument("--corpus", metavar="NAME_OR_FILE", required=True, help=text)
    splits = ("train", "validation", "test")
    parser.add_argument("--split", choices=splits, default="test", help="which of its sentences (default: test)")
    text = "how the English is typed, to see what that costs (default: as it is in the corpus)"
    parser.add_argument("--typed", choices=tuple(TYPED), default="plain", help=text)
    parser.add_argument("--limit", metavar="N", type=positive_whole, help="only the first N English sentences")
    parser.add_argument("--json", action="store_true", help="print one line of JSON instead of a table")
    parser.add_argument("--record", action="store_true", help="also write the result into the checkpoint's card.json")
    add_search(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the scores."""
    from tqdm import tqdm

    from transformer.checkpoint import load_any
    from transformer.corpora import open_corpus
    from transformer.training.evaluation import evaluate

    checkpoint, corpus = load_any(args.checkpoint), open_corpus(args.corpus)
    plain = first(args.limit, corpus.split(args.split))
    pairs = [replace(pair, source=TYPED[args.typed](pair.source)) for pair in plain]
    began = time.perf_counter()
    with tqdm(total=len({pair.source for pair in pairs}), unit="sentence", file=sys.stderr) as bar:
        search = {"beam": args.beam, "length_penalty": args.length_penalty, "progress": bar.update}
        scores = evaluate(checkpoint.model, checkpoint.tokenizer, pairs, **search)
    seconds = round(time.perf_counter() - began, 1)
    circumstances = {"checkpoint": checkpoint.name, "corpus": corpus.name, "split": args.split, "beam": args.beam}
    circumstances |= {"typed": args.typed} if args.typed != "plain" else {}
    result = {**asdict(scores), **circumstances, "length_penalty": args.length_penalty, "seconds": seconds}
    if args.record:
        record(args.checkpoint, result)
    print(json.dumps(result, ensure_ascii=False) if args.json else table(result))
    return FINE


def record(name: str, result: dict[str, Any]) -> None:
    """Keep `result` and the command that gave it in the card, in place of an older one of the same circumstances."""
    from transformer.checkpoint import folder_of, read_card, write_card

    folder = folder_of(name)
    card = read_card(folder)
    same = ("corpus", "split", "beam", "length_penalty", "sentences", "typed")
    others = [each for each in card.get("evaluations", []) if any(each.get(key) != result.get(key) for key in same)]
    kept = {"command": shlex.join(["python", "-m", "transformer", *sys.argv[1:]]), **result}
    write_card(folder, {**card, "evaluations": [*others, kept]})


def first(limit: int | None, pairs: Iterable["Pair"]) -> list["Pair"]:
    """The pairs of the first `limit` distinct English sentences; all pairs if it is `None`."""
    pairs = list(pairs)
    sources = set(list(dict.fromkeys(pair.source for pair in pairs))[:limit])
    return [pair for pair in pairs if pair.source in sources]


def table(result: dict[str, Any]) -> str:
    """One line for each entry."""
    shown = {name: f"{value:.2f}" if isinstance(value, float) else value for name, value in result.items()}
    return "\n".join(f"{name:15} {value}" for name, value in shown.items())
