"""`python -m transformer train`: train a model, show how it goes, keep it as a checkpoint."""

import argparse
import os
import shlex
import signal
import sys
import time
from pathlib import Path
from typing import Any

from transformer.commands import FAILED, FINE, INTERRUPTED, WRONG_USAGE, _systems, sentence
from transformer.family import TRANSFORMER, check, kinds

HELP = "train a model on a corpus or a file of pairs"
EXAMPLES = """
examples:
  python -m transformer train grammar-en-fr --minutes 1     the recipe that suits the corpus; what it is, is said
  python -m transformer train my_pairs.tsv --minutes 3      one that suits the number of pairs, the time and the machine
  python -m transformer train my_pairs.tsv --epochs 20 --out runs/mine --d-model 128 --layers 2
  python -m transformer train my_pairs.tsv --from tatoeba-en-fr --epochs 8    fine-tune a checkpoint
  python -m transformer train grammar-en-fr --model gru     another kind of model, about as large, on the same batches
  python -m transformer train --resume runs/mine            go on after a stop, a crash or Ctrl-C
  torchrun --nproc-per-node 2 -m transformer train tatoeba-en-fr --minutes 60

What is not given is chosen to suit the corpus and the time, and said before the training begins: a corpus of `list` brings its
recipe, any file of pairs gets one that suits its size, and --from takes the one for fine-tuning. --resume keeps the run's own.

The folder --out holds the checkpoint (model.safetensors, tokenizer.model, card.json), what is needed to go on
(state.safetensors, replaced every 45 seconds), some twenty snapshots of the weights (each opened as NAME@STEP), the course
of the run (history.jsonl) and TensorBoard event files (tensorboard --logdir DIR).
Ctrl-C saves and ends, and so does closing the terminal; the exit status is then 130. Where the state is gone or damaged, --resume
changes nothing: go on from the weights in a new folder, --from DIR --out ANOTHER.
"""
SUITS = "to suit the corpus"  # in the place of a default
OPTIONS = {  # option: (type, help, default); the defaults are those of Recipe, which needs torch, so a test compares them
    "minutes": (float, "stop after so many minutes of training", SUITS),
    "epochs": (float, "stop after so many times through the corpus", SUITS),
    "vocabulary-size": (int, "pieces of the tokenizer that is trained first", SUITS),
    "d-model": (int, "width of the residual stream", SUITS),
    "heads": (int, "attention heads; they divide d-model between them", SUITS),
    "layers": (int, "layers of the encoder, and of the decoder", SUITS),
    "d-ff": (int, "inner width of the feed-forward networks", SUITS),
    "dropout": (float, "share of the sub-layers' outputs set to 0 while training", SUITS),
    "label-smoothing": (float, "share of the probability spread over all pieces", "0.1"),
    "peak-rate": (float, "learning rate at the end of the warm-up", SUITS),
    "warm-up": (int, "steps of warm-up, or a tenth of the run if that is shorter", SUITS),
    "cool-down": (float, "last share of the run, in which the learning rate falls to 0", SUITS),
    "batch-tokens": (int, "pieces a side in one batch", SUITS),
    "validation-pairs": (int, "held-out pairs translated at each snapshot", SUITS),
    "snapshots": (int, "weights kept on the way, as checkpoints NAME@STEP", "20"),
    "pairs": (int, "train on so many pairs of the corpus, spread evenly over it", SUITS),
    "seed": (int, "the same seed, the same run (on one kind of machine, one process)", "1"),
}
SHARES = {
    "swap-names": "pairs whose names are swapped on both sides",
    "other-case": "sources in capitals, small letters or as a title",
    "other-signs": "pairs with a currency, brackets or another sign",
    "sample-pieces": "sentences cut into random pieces",
}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its options."""
    known = "kinds of model:\n" + "".join(f"  {name:14} {what}\n" for name, what in kinds().items())
    known += f"\n{_systems.told()}"
    parser = subparsers.add_parser(
        "train",
        help=HELP,
        description=HELP,
        epilog=f"{known}{EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("corpus", nargs="?", help="a corpus (see `list`) or a TSV or CSV file of two columns")
    parser.add_argument("--model", metavar="KIND", help=f"which kind of model, see below (default: {TRANSFORMER})")
    parser.add_argument("--out", type=Path, help="folder of the run (default: runs/CORPUS; of a system runs/my-KIND)")
    parser.add_argument(
        "--resume", type=Path, metavar="DIR", help="go on with the run in that folder; options override"
    )
    parser.add_argument(
        "--from", dest="base", metavar="CHECKPOINT", help="begin with the weights, tokenizer and sizes of a checkpoint"
    )
    parser.add_argument(
        "--new-pieces",
        action="store_true",
        help="with --from: a vocabulary of its own, each piece as the old ones taught it",
    )
    parser.add_argument(
        "--without", metavar="PART", help="leave out positions, scaling, residual, norm or mask, to see what breaks"
    )
    parser.add_argument(
        "--also", action="append", default=[], metavar="CORPUS:N", help="mix in N pairs of another corpus each epoch"
    )
    for name, what in SHARES.items():
        parser.add_argument(f"--{name}", type=float, metavar="SHARE", help=f"share of {what}")
    for name, (kind, text, default) in OPTIONS.items():
        parser.add_argument(f"--{name}", type=kind, help=f"{text} (default: {default})")
    _systems.add_options(parser)
    parser.set_defaults(run=run, usage=parser.format_usage())


def run(args: argparse.Namespace) -> int:
    """Train. 0 when the run reached its end, 130 when it was interrupted and saved."""
    from transformer.training.run import Run

    system = _systems.asked(args)
    if args.model and not system:
        check(args.model)
    if trouble := wrong(args) or _systems.wrong(args, system, [*OPTIONS, *SHARES]):
        print(args.usage + trouble, file=sys.stderr)
        return WRONG_USAGE
    recipe = given(args)
    command = shlex.join(["python", "-m", "transformer", *sys.argv[1:]])
    if system:
        training = _systems.begun(args, recipe, command)
    elif args.resume:
        training = Run.resume(args.resume, recipe, command)
    else:
        tell_columns(args.corpus)
        tell_dropped(args.corpus)
        kind = f"-{args.model}" if args.model else ""
        out = args.out or Path("runs") / f"{Path(args.corpus).stem}{kind}"
        training = Run.start(out, {"corpus": args.corpus, **chosen(args), **recipe}, command)
    return watched(training)


def watched(training: Any) -> int:
    """Run to the end; where the disk is full, say how to go on."""
    try:
        return watch(training)
    except OSError as error:  # a disk that is full or cannot be written to any more
        kept = (
            f"What was saved before is whole; then go on with: python -m transformer train --resume {training.folder}"
        )
        print(f"{sentence(error)} {kept}", file=sys.stderr)
        return FAILED


def wrong(args: argparse.Namespace) -> str:
    """What does not go together, as a sentence; nothing if all does."""
    if not args.corpus and not args.resume:
        return "Say what to train on: a corpus, a file, or --resume DIR."
    if args.model and args.resume:
        return f"--resume goes on with the kind of model that {args.resume} is, so --model cannot be given too."
    if args.model and args.without:
        return f"--without leaves out a part of a Transformer, so it does not go with --model {args.model}."
    if args.corpus and args.resume:
        return (
            f"--resume goes on with the corpus that {args.resume} began with, so {args.corpus} cannot be given too. "
            f"To train its model on {args.corpus}, say: --from {args.resume}"
        )
    return ""


def tell_columns(corpus: str | None) -> None:
    """If the corpus is a file, say which of its columns are taken."""
    from transformer.corpora import is_file
    from transformer.corpora.columns import columns_of_file

    if corpus and is_file(corpus) and os.path.isfile(corpus) and (found := columns_of_file(Path(corpus))):
        print(found, file=sys.stderr)


def tell_dropped(corpus: str | None) -> None:
    """If the corpus is a file, say which of its lines are not trained on, and why."""
    from transformer.commands.corpus import dropped
    from transformer.corpora import is_file
    from transformer.corpora.table import read_table

    if corpus and is_file(corpus) and (table := read_table(Path(corpus))).dropped:
        print(dropped(table), file=sys.stderr)


def chosen(args: argparse.Namespace) -> dict[str, Any]:
    """The fields of `Recipe` that suit the corpus and were not given; says which on standard error."""
    import torch

    from transformer.corpora import is_file, open_corpus
    from transformer.training import presets
    from transformer.training.estimates import text_of

    tuned = bool(args.base) and not args.new_pieces
    found = presets.preset(
        args.corpus, lambda: text_of(open_corpus(args.corpus).pairs), tuned=tuned, minutes=args.minutes,
        epochs=args.epochs, threads=torch.get_num_threads(), model=args.model or TRANSFORMER,
    )  # fmt: skip
    found = {name: value for name, value in found.items() if getattr(args, name.replace("-", "_")) is None}
    whose = "fine-tuning" if tuned else f"the pairs of {args.corpus}" if is_file(args.corpus) else args.corpus
    print(f"Recipe for {whose}: {' '.join(presets.words(found)) or 'as given'}", file=sys.stderr)
    return presets.recipe_fields(found)


def given(args: argparse.Namespace) -> dict[str, Any]:
    """The fields of `Recipe` that the command line sets."""
    names = [name.replace("-", "_") for name in OPTIONS]
    recipe = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    recipe |= {name: value for name in ("model", "base", "new_pieces", "without") if (value := getattr(args, name))}
    if args.also:
        recipe["also"] = dict(helping(text) for text in args.also)
    variation = {
        "swapped_names": args.swap_names, "sampled_pieces": args.sample_pieces, "other_case": args.other_case,
        "other_signs": args.other_signs,
    }  # fmt: skip
    if any(value is not None for value in variation.values()):
        recipe["variation"] = {name: value for name, value in variation.items() if value is not None}
    return recipe


def helping(text: str) -> tuple[str, int]:
    """`grammar-en-fr:3000` as a name and a number. Raises `ValueError` with a sentence if it is not that."""
    name, _, count = text.rpartition(":")
    if not name or not count.isdigit():
        raise ValueError(f"--also wants CORPUS:PAIRS, such as grammar-en-fr:3000, and got {text!r}.")
    return name, int(count)


def watch(training: Any) -> int:
    """Run to the end behind a progress bar; the first process shows it."""
    from tqdm import tqdm

    interrupted, shown, steps = Interrupted(), 0.0, 0
    pause = 0.5 if sys.stderr.isatty() else 20  # seconds; a log need not hold every move of the bar
    total = f"{training.recipe.minutes:g} min" if training.recipe.minutes else f"{training.recipe.epochs:g} epochs"
    with tqdm(total=1000, bar_format="{l_bar}{bar}| {postfix}", disable=not training.leads) as bar:
        bar.set_description(training.folder.name)
        for entry in training.reports(stop=interrupted):
            steps += 1
            if entry.share >= 1 or time.monotonic() - shown >= pause:
                shown, bar.n = time.monotonic(), int(entry.share * 1000)
                bar.set_postfix_str(f"of {total}, {entry.line(training.unit)}")
            if training.leads and (figures := entry.figures()):
                bar.write(f"step {entry.step}: {figures}", file=sys.stderr)
    if interrupted():
        if training.leads:
            print(
                f"Stopped and saved. Go on with: python -m transformer train --resume {training.folder}",
                file=sys.stderr,
            )
        return INTERRUPTED
    if training.leads and not steps:
        told = "This run has reached its end already. To go on, give it more:"
        print(f"{told} --resume {training.folder} --epochs N or --minutes M", file=sys.stderr)
    if training.leads:
        print(training.folder)
    return FINE


class Interrupted:
    """True once Ctrl-C, Ctrl-\\, a closed terminal or a polite kill asked the run to end; the step in hand is finished first."""

    def __init__(self) -> None:
        self.asked = False
        for name in ("SIGINT", "SIGTERM", "SIGQUIT", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has the first two
            nohup = name == "SIGHUP" and signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
            if number and not nohup:  # Ctrl-C counts where a script began the training with & (shells ignore it there)
                signal.signal(number, self._ask)

    def _ask(self, number: int, _frame: object) -> None:
        self.asked = True
        if number == getattr(signal, "SIGHUP", None):  # nobody reads what is said, and saying it would be an error
            nowhere = os.open(os.devnull, os.O_WRONLY)
            for stream in (1, 2):
                os.dup2(nowhere, stream)

    def __call__(self) -> bool:
        return self.asked
