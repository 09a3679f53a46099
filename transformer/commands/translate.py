"""`python -m transformer translate`: English in, French out, and nothing else."""

import argparse
import sys
from collections.abc import Callable, Iterable

from transformer.commands import FAILED, FINE, WRONG_USAGE, Subparsers, command
from transformer.commands._options import add_checkpoint, add_search

DESCRIPTION = (
    "Translate English, sentence by sentence. Only the translation is printed, one line for each line of TEXT."
)
EPILOG = """
examples:
  python -m transformer translate "I see the dog."
  python -m transformer translate "I see the dog." --beam 1 --checkpoint runs/mine
  python -m transformer translate - < english.txt > french.txt
"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command and its options."""
    summary = "translate a text, or each line of standard input"
    parser = command(subparsers, "translate", summary, DESCRIPTION, EPILOG)
    parser.add_argument(
        "text", metavar="TEXT", nargs="?", help="English in quotes, or - to read lines from standard input"
    )
    add_checkpoint(parser)
    add_search(parser)
    parser.set_defaults(run=run, usage=parser.format_usage())


def run(args: argparse.Namespace) -> int:
    """Print the translations, each on one line; a line that cannot be translated stays empty and is reported."""
    if args.text is None:
        told = "TEXT is missing. To translate the lines of standard input, say: python -m transformer translate -"
        print(args.usage + told, file=sys.stderr)
        return WRONG_USAGE
    from transformer.checkpoint import load_any
    from transformer.decoding.search import translate
    from transformer.text import sentences

    checkpoint = load_any(args.checkpoint)

    def french(line: str) -> str:
        ways = args.beam, args.length_penalty
        found = (translate(checkpoint.model, checkpoint.tokenizer, each, *ways) for each in sentences(line) or [line])
        return " ".join(" ".join(each.splitlines()) for each in found)

    if args.text == "-":
        return translated_lines(sys.stdin.buffer, french, "standard input")
    lines = args.text.encode(errors="surrogateescape").split(b"\n")
    if len(lines) > 1:
        return translated_lines(lines, french, "TEXT")
    print(french(args.text))
    return FINE


def translated_lines(lines: Iterable[bytes], french: Callable[[str], str], where: str) -> int:
    """A line for each line, an empty one for an empty one; `FAILED` at the end if some could not be translated."""
    status = FINE
    for number, line in enumerate(lines, start=1):
        translation = ""
        try:
            text = line.decode()
            translation = french(text) if text.strip() else ""
        except UnicodeDecodeError as error:
            status = report(f"Line {number} of {where} is not UTF-8 text: {error.reason}.")
        except ValueError as error:
            status = report(f"Line {number} of {where}: {error}")
        print(translation, flush=True)
    return status


def report(trouble: str) -> int:
    """Say what is wrong with a line; the others go on."""
    print(trouble, file=sys.stderr)
    return FAILED
