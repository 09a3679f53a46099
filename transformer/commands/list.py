"""`python -m transformer list`: the checkpoints and the corpora there are."""

import argparse
from pathlib import Path
from typing import Any

from transformer.commands import FINE, Subparsers, _systems, command
from transformer.family import systems

DESCRIPTION = "List the checkpoints under pretrained/ and runs/, with what is wrong with damaged ones, and the corpora."
EPILOG = """
examples:
  python -m transformer list
  python -m transformer translate "I see the dog." --checkpoint NAME
"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "list", "list the checkpoints and the corpora", DESCRIPTION, EPILOG)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:  # noqa: ARG001 (every command is called with its arguments)
    """Print one line for each checkpoint and one for each corpus."""
    from transformer.checkpoint import available
    from transformer.corpora import names

    print("checkpoints")
    for name, folder in available().items():
        print(f"  {name:24} {about(folder)}")
    if not available():
        print("  none yet; train one with: python -m transformer train grammar-en-fr --minutes 1")
    if found := _systems.about():
        print("systems that are no translators", *found, sep="\n")
    print("corpora")
    for name in [*names(), *systems().CORPORA]:
        print(f"  {name}")
    return FINE


def about(folder: Path) -> str:
    """A checkpoint in one line: its size, its corpus and its BLEU, or what is wrong with it."""
    from transformer.checkpoint import CARD, WEIGHTS, CheckpointError, load_any, pieces_of

    try:
        checkpoint = load_any(folder)
    except CheckpointError as error:
        return f"damaged: {error}"
    size = sum(file.stat().st_size for file in (folder / WEIGHTS, pieces_of(folder), folder / CARD)) / 1e6
    parameters = checkpoint.model.number_of_parameters / 1e6
    return f"{checkpoint.kind}, {parameters:.1f} million parameters, {size:.1f} MB, {training(checkpoint.card)}"


def training(card: dict[str, Any]) -> str:
    """What the card says about the corpora and the BLEU; a card may lack either."""
    corpora = " + ".join(corpus["name"] for corpus in card.get("corpora", [])) or "corpus unknown"
    bleu = card.get("training", {}).get("validation", {}).get("bleu")
    return f"{corpora}, " + ("BLEU not measured" if bleu is None else f"validation BLEU {bleu:.1f}")
