"""The part of `train`, `corpus` and `list` that is about systems which are no translators: looked up by name, as the relatives are."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from transformer.family import systems

OPTIONS = {  # of a system alone
    "examples": (int, "a system: train on so many examples of the corpus, spread evenly over it"),
    "batch": (int, "a system: examples in one batch"),
    "validation": (int, "a system: held-out examples measured at each snapshot"),
}
SHARED = ("minutes", "epochs", "peak_rate", "warm_up", "cool_down", "snapshots", "seed")  # with a translator


def told() -> str:
    """The kinds of system and what they learn from, for the help of `train`."""
    rows = (f"  {name:14} {each.told}: {', '.join(each.corpora)}\n" for name, each in systems().KINDS.items())
    return "systems that are no translators, and the corpora they learn:\n" + "".join(rows)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what only a system takes."""
    for name, (kind, text) in OPTIONS.items():
        parser.add_argument(f"--{name}", type=kind, help=f"{text} (default: to suit the kind)")
    text = "a system: a size of the model, such as hops=1; may be given several times"
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="sizes", help=text)


def asked(args: argparse.Namespace) -> bool:
    """Whether a system is to be trained: by its kind, by a corpus that only systems learn, or by the folder that goes on."""
    if args.resume:
        from transformer.checkpoint import WORDS

        return bool((args.resume / WORDS).exists())
    found: bool = args.model in systems().KINDS or (not args.model and args.corpus in systems().CORPORA)
    return found


def wrong(args: argparse.Namespace, system: bool, of_translators: Sequence[str]) -> str:
    """What was given that does not go together, as a sentence; nothing if all does."""
    own = [name for name in OPTIONS if getattr(args, name) is not None] + (["set"] if args.sizes else [])
    if not system:
        if args.corpus in systems().CORPORA:
            fits = ", ".join(kinds_of(args.corpus))
            return f"{args.corpus} is no corpus of translations, so {args.model} cannot learn it. These can: {fits}."
        return f"--{own[0]} is for systems that are no translators." if own else ""
    given = [name.replace("-", "_") for name in of_translators]
    odd = [name for name in given if name not in SHARED and getattr(args, name) is not None]
    odd += [name for name in ("also", "without", "new_pieces") if getattr(args, name)]
    return f"--{odd[0].replace('_', '-')} is for translators, and this is none." if odd else ""


def kinds_of(corpus: str) -> list[str]:
    """The kinds of system that learn a corpus."""
    return [name for name, each in systems().KINDS.items() if corpus in each.corpora]


def begun(args: argparse.Namespace, recipe: dict[str, Any], command: str) -> Any:
    """The run of a system: a new one, or one that goes on. Says on standard error what was chosen. Raises `ValueError`."""
    recipes, run = import_module("systems.training.recipe"), import_module("systems.training.run")
    fields = {name: value for name, value in recipe.items() if name in SHARED or name == "base"}
    fields |= {name: getattr(args, name) for name in OPTIONS if getattr(args, name) is not None}
    if args.sizes:
        fields["sizes"] = dict(map(recipes.size, args.sizes))
    if args.resume:
        return run.Run.resume(args.resume, fields, command)
    model = args.model or kinds_of(args.corpus)[0]
    usual = recipes.suited(model, args.corpus)
    if args.minutes or args.epochs:
        usual = {name: value for name, value in usual.items() if name not in ("minutes", "epochs")}
    usual |= {"sizes": {**usual.get("sizes", {}), **fields.pop("sizes", {})}}
    chosen = {name: value for name, value in usual.items() if name not in fields and value != {}}
    print(f"Recipe for {model} on {args.corpus}: {recipes.written(chosen)}", file=sys.stderr)
    out = (
        args.out or Path("runs") / f"my-{model}"
    )  # as the app calls it: the shipped ones are called by corpus and kind
    return run.Run.start(out, {**usual, "corpus": args.corpus, "model": model, **fields}, command)


def about() -> list[str]:
    """Each system on the shelf in a line, with the figure that counts and the trivial guess's beside it; damaged ones say why."""
    shelf = import_module("systems.shelf")
    return [f"  {name:24} {line(shelf, folder)}" for name, folder in shelf.available().items()]


def line(shelf: Any, folder: Path) -> str:
    """A system in a line."""
    from transformer.checkpoint import CheckpointError

    try:
        found = shelf.load(folder)
    except CheckpointError as error:
        return f"damaged: {error}"
    size = sum(file.stat().st_size for file in folder.glob("*.*") if file.is_file()) / 1e6
    figures = {name: value for name, value in found.card.get("test", {}).items() if name != "examples"}
    told = (
        ", ".join(f"{name.replace('_', ' ')} {value:.1f}" for name, value in list(figures.items())[:2])
        or "not measured"
    )
    corpora = " + ".join(corpus["name"] for corpus in found.card.get("corpora", []))
    return f"{found.kind}, {found.model.number_of_parameters / 1e6:.2f} million parameters, {size:.1f} MB, {corpora}, {told}"


def opened(name: str) -> Any:
    """The corpus of that name, if it is one that only systems learn; `None` otherwise."""
    return systems().corpus_module(name).load() if name in systems().CORPORA else None


def summary(collection: Any) -> str:
    """Such a corpus at a glance: sizes, origin, and some examples from its whole length."""
    splits = ", ".join(f"{split} {count:,}" for split, count in collection.counts.items())
    rows = {
        "name": collection.name, "examples": f"{len(collection.examples):,}", "splits": splits, "columns": ", ".join(collection.columns),
        "licence": collection.licence, "origin": collection.attribution, "sha256": collection.sha256,
    }  # fmt: skip
    step = max(1, len(collection.examples) // 5)
    samples = [f"  {collection.line(each)}" for each in collection.examples[step // 2 :: step][:5]]
    return "\n".join(
        [collection.title, *(f"  {name:8} {value}" for name, value in rows.items()), "some examples", *samples]
    )
