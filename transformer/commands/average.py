"""`python -m transformer average`: the mean of the weights of several checkpoints of one descent (section 6.1 of arXiv 1706.03762)."""

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path

from transformer.commands import FINE, Subparsers, command

DESCRIPTION = """Keep the mean of the weights of several checkpoints as a new one.

They must have the same sizes and the same pieces: runs that began from one another, or snapshots of one run. The card is that of the
last one, and names them all.
"""
EPILOG = """
examples:
  python -m transformer average runs/first runs/second runs/third --out runs/mean
  python -m transformer average mine@900 mine@1000 mine --out runs/mean
"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command and its options."""
    parser = command(subparsers, "average", "the mean of the weights of several checkpoints", DESCRIPTION, EPILOG)
    parser.add_argument("checkpoints", nargs="+", metavar="NAME_OR_DIR", help="two or more, the last one at the end")
    parser.add_argument("--out", type=Path, required=True, help="folder of the new checkpoint")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the mean. Raises `CheckpointError` if they cannot be averaged, or the folder holds a model already."""
    from transformer import checkpoint
    from transformer.checkpoint import CARD, CheckpointError

    if (args.out / CARD).exists():
        raise CheckpointError(f"{args.out} already holds a model. Choose another --out.")
    found = [checkpoint.load_any(each) for each in args.checkpoints]
    last = found[-1]
    for each in found:
        sizes = replace(each.model.config, dropout=last.model.config.dropout)  # which is of training alone
        if sizes != last.model.config or each.tokenizer.model != last.tokenizer.model:
            raise CheckpointError(f"{each.name} and {last.name} have other sizes or other pieces: they have no mean.")
    weights = [each.model.state_dict() for each in found]
    last.model.load_state_dict({name: sum(each[name] for each in weights) / len(weights) for name in weights[0]})
    training = last.card.get("training", {})
    said = shlex.join(["python", "-m", "transformer", *sys.argv[1:]])
    told = {"commands": [*training.get("commands", []), said], "averaged": [each.name for each in found]}
    kept = {name: value for name, value in last.card.items() if name != "evaluations"}
    checkpoint.save(args.out, last.model, last.tokenizer, {**kept, "training": {**training, **told}})
    print(args.out)
    return FINE
