"""The commands of `python -m transformer`: one module each, discovered here, so adding a file adds a command.

A command's module has `add_parser(subparsers)`, which declares it and sets `run=`, a function from its arguments to an
exit status. Modules import torch inside `run`, so that `--help` answers at once.
"""

import argparse
import importlib
import io
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import TypeAlias

import transformer

FINE, FAILED, WRONG_USAGE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141

DESCRIPTION = "Train, use, measure and look into the Transformer of 'Attention Is All You Need', English to French."
EPILOG = """
examples:
  python -m transformer translate "I see the dog."
  python -m transformer list
  python -m transformer evaluate --checkpoint tatoeba-en-fr --corpus tatoeba-en-fr --split test
  python -m transformer COMMAND --help

exit status:
  0 it worked    1 it could not be done (the reason is on standard error)    2 wrong usage    130 stopped by Ctrl-C
"""

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; an error is one sentence on standard error. Wrong usage exits."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # an ASCII terminal shows the names of letters rather than an error
        sys.stdout.reconfigure(errors="namereplace")
    args = parser().parse_args(arguments)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has enough; nothing may be written to it at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except errors() as error:
        print(sentence(error), file=sys.stderr)
        return FAILED
    return status


def parser() -> argparse.ArgumentParser:
    """The parser with all commands that this package holds."""
    layout = argparse.RawDescriptionHelpFormatter
    name = "python -m transformer"
    top = argparse.ArgumentParser(name, description=DESCRIPTION, epilog=EPILOG, formatter_class=layout)
    top.add_argument("--version", action="version", version=f"attention-atlas {transformer.VERSION}")
    subparsers = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for found in pkgutil.iter_modules(__path__):
        if not found.name.startswith("_"):
            importlib.import_module(f"{__name__}.{found.name}").add_parser(subparsers)
    return top


def command(subparsers: Subparsers, name: str, summary: str, description: str, epilog: str) -> argparse.ArgumentParser:
    """Declare a command; `epilog` keeps its line breaks."""
    layout = argparse.RawDescriptionHelpFormatter
    added: argparse.ArgumentParser = subparsers.add_parser(
        name, help=summary, description=description, epilog=epilog, formatter_class=layout
    )
    return added


def errors() -> tuple[type[Exception], ...]:
    """What a command may raise when the work cannot be done; asked only then, because the answer imports torch."""
    from transformer.checkpoint import CheckpointError
    from transformer.corpora import CorpusError

    return CheckpointError, CorpusError, OSError, ValueError


def sentence(error: Exception) -> str:
    """The error as one line for the person who made the mistake."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    return " ".join(str(error).split())
