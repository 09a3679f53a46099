"""Jobs on a shelf as their folders tell them, without any training."""

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

import torch

from tests.small_models import small_checkpoint
from transformer import checkpoint, jobs
from transformer.commands import train
from transformer.jobs import Job
from transformer.jobs import files as jobs_files
from transformer.jobs.files import Record
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer
from transformer.training import history
from transformer.training.history import Entry
from transformer.training.recipe import Recipe
from ui.training import runs

TOKEN = "t" * 43

Submitted = list[tuple[str, tuple[str, ...], str]]


def job(
    shelf: Path, name: str, owner: str = TOKEN, phase: str = "finished", said: str = "",
    arguments: tuple[str, ...] = ("grammar-en-fr",),
) -> Job:  # fmt: skip
    """A job as its folder tells it."""
    folder = shelf / name
    folder.mkdir(exist_ok=True)
    record = Record(owner=jobs._digest(owner), arguments=arguments, submitted=time.time(), phase=phase, said=said)  # type: ignore[arg-type]
    jobs_files.write(folder, record)
    runs.forget()
    return next(job for job in jobs.find(shelf) if job.name == name)


def trained(shelf: Path, tokenizer: Tokenizer, name: str = "mine", **told: str) -> list[Entry]:
    """A job with a checkpoint, two snapshots and a history."""
    small_checkpoint(shelf / name, tokenizer, decoder_layers=2, training={})
    for step in (0, 40):
        torch.manual_seed(step)
        model = Transformer(checkpoint.load(shelf / name).model.config)
        checkpoint.write_tensors(
            checkpoint.snapshot_file(shelf / name, step),
            {key: value.half() for key, value in model.state_dict().items()},
        )
    entries = [
        Entry(
            step=step, epoch=1, share=step / 80, seconds=step / 10, loss=8 - step / 10, learning_rate=step / 1e4,
            gradient_norm=1 + 1 / step, tokens_per_second=9000.0, seconds_left=25.0, snapshot=step == 40,
            **({"validation_loss": 4.5, "bleu": 12.5, "exact_match": 3.0} if step == 40 else {}),
        )
        for step in range(1, 41)
    ]  # fmt: skip
    (shelf / name / history.FILE).write_text("".join(json.dumps(asdict(entry)) + "\n" for entry in entries))
    job(shelf, name, **told)  # type: ignore[arg-type]
    return entries


def parsed(arguments: tuple[str, ...]) -> Recipe:
    """What the command line would make of them, with what it chooses itself."""
    parser = argparse.ArgumentParser()
    train.add_parser(parser.add_subparsers())
    args = parser.parse_args(["train", *arguments])
    return Recipe(corpus=args.corpus, **{**train.chosen(args), **train.given(args)})
