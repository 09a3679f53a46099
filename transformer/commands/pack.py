"""`python -m transformer pack`: a checkpoint as one file, to be kept or given away."""

import argparse
from pathlib import Path

from transformer.commands import FINE, Subparsers, command

DESCRIPTION = "Pack a checkpoint into one file (a zip), which `unpack` and the app's page of models can read anywhere."
EPILOG = """
examples:
  python -m transformer pack mine
  python -m transformer pack mine --snapshots --out lesson.zip
"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command and its options."""
    parser = command(subparsers, "pack", "pack a checkpoint into one file", DESCRIPTION, EPILOG)
    parser.add_argument("checkpoint", metavar="NAME_OR_DIR", help="a name from `list`, or a folder")
    parser.add_argument("--out", metavar="FILE", type=Path, help="the file to write, or to replace (default: NAME.zip)")
    parser.add_argument("--snapshots", action="store_true", help="also its snapshots and the history of its training")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the file and say where it is."""
    from transformer.checkpoint import folder_of, replacing
    from transformer.shelf.archive import write

    folder = folder_of(args.checkpoint)
    out = args.out or Path(f"{folder.resolve().name}.zip")
    if not out.parent.is_dir():
        raise ValueError(f"The folder {str(out.parent)!r} of --out does not exist. Make it first.")
    with replacing(out) as part, part.open("wb") as file:
        write(folder, file, args.snapshots)
    print(out)
    return FINE
