"""`python -m transformer trace`: every tensor of one forward pass, in a NumPy file."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transformer.commands import FINE, Subparsers, command
from transformer.commands._options import add_checkpoint, add_search

if TYPE_CHECKING:
    from transformer.checkpoint import Checkpoint

DESCRIPTION = """Write every tensor that the model computes for a sentence to a NumPy .npz file.

The decoder reads the translation that beam search finds, or the one that you give with --target."""
EPILOG = """
examples:
  python -m transformer trace "I see the dog." --out dog.npz
  python -m transformer trace "I see the dog." --target "Je vois le chat." --out cat.npz

what the file holds, and how to read it:
  import json, numpy
  file = numpy.load("dog.npz")
  file["decoder.layers.0.cross_attention.weights"]     one array per tensor, named by its path in the trace
  axes = json.loads(str(file["axes"]))                 the names of each array's axes, such as
  axes["decoder.layers.0.cross_attention.weights"]     ["batch", "head", "query", "key"]; the batch has one sentence
  file["source_pieces"], file["target_pieces"]         what each position of the encoder and the decoder read;
                                                       row t of logits scores what follows target piece t
  file["source_text"], file["target_text"], file["checkpoint"]
"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command and its options."""
    parser = command(subparsers, "trace", "write every tensor of a translation to a file", DESCRIPTION, EPILOG)
    parser.add_argument("text", metavar="TEXT", help="the English sentence, in quotes")
    parser.add_argument("--out", metavar="FILE.npz", type=Path, required=True, help="the file to write, or to replace")
    parser.add_argument("--target", metavar="FRENCH", help="what the decoder reads (default: the translation found)")
    add_checkpoint(parser)
    add_search(parser, beam=4)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the file and say where it is."""
    import numpy

    from transformer.checkpoint import load, replacing

    if not args.out.parent.is_dir():
        raise ValueError(f"The folder {str(args.out.parent)!r} of --out does not exist. Make it first.")
    checkpoint = load(args.checkpoint)
    entries = arrays(checkpoint, args.text, target_ids(checkpoint, args))
    with replacing(args.out) as part, part.open("wb") as file:
        numpy.savez_compressed(file, **entries)
    print(args.out)
    return FINE


def target_ids(checkpoint: "Checkpoint", args: argparse.Namespace) -> list[int]:
    """The pieces of the French that was given, or of the one that beam search finds, without the end piece."""
    from transformer.decoding.search import beam, best

    model, tokenizer = checkpoint.model, checkpoint.tokenizer
    if args.target is not None:
        return tokenizer.encode(args.target)
    steps = beam(model, tokenizer.encode(args.text), width=args.beam, length_penalty=args.length_penalty)
    return [id for id in best(steps).ids if id != model.config.end_id]


def arrays(checkpoint: "Checkpoint", text: str, target: list[int]) -> dict[str, Any]:
    """The entries of the file by name: see the command's help. Raises `ValueError` if a text is empty or too long."""
    import numpy
    import torch

    from transformer.decoding.reading import source_rows, target_row
    from transformer.trace import tensors

    model, tokenizer = checkpoint.model, checkpoint.tokenizer
    source_read, target_read = source_rows(model, [tokenizer.encode(text)]), target_row(model, target)
    with torch.inference_mode():
        found = list(tensors(model(source_read, target_read)))
    pieces = {"source_pieces": source_read, "target_pieces": target_read}
    return {
        **{path: tensor.numpy() for path, tensor, _ in found},
        **{name: numpy.array([tokenizer.piece(id).piece for id in ids[0].tolist()]) for name, ids in pieces.items()},
        "axes": json.dumps({path: names.split() for path, _, names in found}),
        "source_text": text, "target_text": tokenizer.decode(target), "checkpoint": checkpoint.name,
    }  # fmt: skip
