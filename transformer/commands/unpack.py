"""`python -m transformer unpack`: a model that was packed into one file becomes a checkpoint here, after it was checked."""

import argparse
from pathlib import Path

from transformer.commands import FINE, Subparsers, command

MOST = 2 * 1024**3  # bytes: whoever has a terminal here may keep larger models than whoever uploads one

DESCRIPTION = """Unpack a model from one file (see `pack`) into runs/, so that the app and all commands know it by its name.

The file is checked before anything of it is used: sizes, names, types, shapes, finite numbers. Nothing is unpickled."""
EPILOG = """
examples:
  python -m transformer unpack lesson.zip
  python -m transformer unpack lesson.zip --name mine
"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command and its options."""
    parser = command(subparsers, "unpack", "unpack a model from one file", DESCRIPTION, EPILOG)
    parser.add_argument("file", metavar="FILE", type=Path, help="a file that `pack` or the app has made")
    parser.add_argument("--name", help="what to call the model (default: as the file)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Unpack, and print the folder of the new checkpoint."""
    from transformer import checkpoint
    from transformer.shelf.archive import unpack

    with args.file.open("rb") as file:
        print(unpack(file, checkpoint.FOLDERS[-1], args.name or args.file.stem, most=MOST))
    return FINE
