"""`python -m transformer translate`: English in, French out, and nothing else."""

import argparse
import sys
from collections.abc import Callable, Iterator

from transformer.commands import FINE, Subparsers, command
from transformer.commands._options import add_checkpoint, add_search

DESCRIPTION = "Translate an English sentence. Only the translation is printed, one line for each line of TEXT."
EPILOG = """
examples:
  python -m transformer translate "I see the dog."
  python -m transformer translate "I see the dog." --beam 1 --checkpoint runs/mine
  python -m transformer translate - < english.txt > french.txt
"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command and its options."""
    summary = "translate a sentence, or each line of standard input"
    parser = command(subparsers, "translate", summary, DESCRIPTION, EPILOG)
    parser.add_argument("text", metavar="TEXT", help="the sentence in quotes, or - to read lines from standard input")
    add_checkpoint(parser)
    add_search(parser, beam=4)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the translations, each on one line."""
    from transformer.checkpoint import load
    from transformer.decoding.search import translate

    checkpoint = load(args.checkpoint)

    def french(text: str) -> str:
        found = translate(checkpoint.model, checkpoint.tokenizer, text, args.beam, args.length_penalty)
        return " ".join(found.splitlines())

    for line in translated_lines(french) if args.text == "-" else [french(args.text)]:
        print(line, flush=True)
    return FINE


def translated_lines(french: Callable[[str], str]) -> Iterator[str]:
    """Standard input line by line; an empty line stays empty. Raises `ValueError` with a bad line's number."""
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            text = line.decode()
            yield french(text) if text.strip() else ""
        except UnicodeDecodeError as error:
            raise ValueError(f"Line {number} of standard input is not UTF-8 text: {error.reason}.") from error
        except ValueError as error:
            raise ValueError(f"Line {number} of standard input: {error}") from error
