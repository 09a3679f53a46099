"""Options that several commands share, and their checks."""

import argparse
import math

CHECKPOINT = "tatoeba-en-fr"  # transformer.checkpoint.DEFAULT, without importing torch


def add_checkpoint(parser: argparse.ArgumentParser) -> None:
    """`--checkpoint`."""
    text = f"a name from `list`, or a folder (default: {CHECKPOINT})"
    parser.add_argument("--checkpoint", metavar="NAME_OR_DIR", default=CHECKPOINT, help=text)


def add_search(parser: argparse.ArgumentParser, beam: int = 4) -> None:
    """`--beam` and `--length-penalty`."""
    text = f"hypotheses kept at each step; 1 is greedy search (default: {beam})"
    parser.add_argument("--beam", metavar="K", type=positive_whole, default=beam, help=text)
    text = "strength of the preference for long translations; 0 is none (default: 0.6)"
    parser.add_argument("--length-penalty", metavar="A", type=not_negative, default=0.6, help=text)


def positive_whole(text: str) -> int:
    """A whole number of at least 1, or a wrong usage."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, but got {text!r}")
    return int(text)


def not_negative(text: str) -> float:
    """A finite number of at least 0, or a wrong usage."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number of at least 0, but got {text!r}")
    return number
