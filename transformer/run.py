"""A training run with its folder: corpus in, checkpoint out, every figure on record.

`Run.start(folder, recipe, command)` or `Run.resume(folder, changes, command)`, then iterate over `reports()`. The command line and
the app both train through this.
"""

import os
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from transformer import checkpoint
from transformer.batches import Variation
from transformer.checkpoint import CheckpointError
from transformer.corpora import Corpus, open_corpus
from transformer.evaluation import Scores, evaluate
from transformer.model import Transformer
from transformer.recipe import Recipe
from transformer.tokenizer import Tokenizer
from transformer.training import Material, Progress, make_fabric, train

STATE = "state.safetensors"


@dataclass(frozen=True, slots=True)
class Report:
    """What can be said about a run at one moment."""

    epoch: int
    step: int
    share: float
    loss: float  # mean of the last steps, nats per piece
    tokens_per_second: float
    seconds_left: float
    scores: Scores | None  # on held-out pairs, when an epoch has just ended

    def line(self) -> str:
        """One line for a terminal."""
        left = f"{int(self.seconds_left // 60)}:{int(self.seconds_left % 60):02d}"
        return f"epoch {self.epoch}, step {self.step}, loss {self.loss:.3f}, {self.tokens_per_second:,.0f} tokens/s, {left} left"


@dataclass(kw_only=True)
class Run:
    """A folder, a recipe and a model on its way."""

    folder: Path
    recipe: Recipe
    corpora: list[Corpus]
    model: Transformer
    tokenizer: Tokenizer
    card: dict[str, Any]

    def __post_init__(self) -> None:
        self.fabric = make_fabric(int(os.environ.get("WORLD_SIZE", "1")), self.recipe.d_model)
        self.leads = self.fabric.global_rank == 0

    @classmethod
    def start(cls, folder: Path, recipe: dict[str, Any], command: str) -> "Run":
        """A new run. Raises `CheckpointError` if the folder already holds a model."""
        if (folder / STATE).exists() or (folder / checkpoint.CARD).exists():
            raise CheckpointError(
                f"{folder} already holds a model. Go on with --resume {folder}, or choose another --out."
            )
        made = make_recipe(recipe)
        corpora = open_corpora(made)
        sentences = [side for pair in corpora[0].split("train") for side in (pair.source, pair.target)]
        tokenizer = Tokenizer.train(sentences, made.vocabulary_size)
        torch.manual_seed(made.seed)
        model = Transformer(made.config(len(tokenizer)))
        card = {"training": {"commands": [command]}, "corpora": [describe(corpus) for corpus in corpora]}
        return cls(folder=folder, recipe=made, corpora=corpora, model=model, tokenizer=tokenizer, card=card)

    @classmethod
    def resume(cls, folder: Path, changes: dict[str, Any], command: str) -> "Run":
        """The run in `folder`, with some of its recipe changed.

        A checkpoint without the run's state, such as a copy of a shipped one, goes on from its weights with a new optimizer.
        """
        card = checkpoint.read_card(folder)
        loaded = checkpoint.load(folder)
        made = make_recipe({**card["training"]["recipe"], **changes})
        corpora = open_corpora(made)
        training = {**card["training"], "commands": [*card["training"]["commands"], command]}
        card = {**card, "training": training, "corpora": [describe(corpus) for corpus in corpora]}
        model = Transformer(made.config(len(loaded.tokenizer)))
        if not (folder / STATE).exists():
            model.load_state_dict(loaded.model.state_dict())
            totals = {name: training[name] for name in ("epochs", "steps", "seconds") if name in training}
            training["earlier"] = [*training.get("earlier", []), totals]
        return cls(folder=folder, recipe=made, corpora=corpora, model=model, tokenizer=loaded.tokenizer, card=card)

    def reports(self, stop: Callable[[], bool]) -> Iterator[Report]:
        """Train to the end, or until `stop()`; keep the checkpoint after every epoch and at the end."""
        if not (self.folder / STATE).exists():  # a resumed run has one, and its model is not loaded yet
            self.keep()
        steps = train(self.model, self.tokenizer, self.material(), self.recipe, self.folder / STATE, self.fabric)
        pace, log = Pace(), self.logger()
        for progress in steps:
            pace.add(progress)
            ends = progress.share >= 1
            scores = self.validate() if progress.epoch_ended or ends else None
            log(progress, scores)
            if progress.epoch_ended or ends or progress.saved:
                self.keep(progress, scores)
            yield pace.report(progress, scores)
            if self.fabric.broadcast(stop()):
                steps.close()
                self.keep(progress)
                return

    def material(self) -> Material:
        """The training pairs: all of the main corpus, helpings of the others."""
        main, *others = self.corpora
        helpings = zip(others, self.recipe.also.values(), strict=True)
        return Material(
            pairs=main.split("train"), others=[(corpus.split("train"), count) for corpus, count in helpings]
        )

    def validate(self) -> Scores | None:
        """BLEU and exact match on held-out pairs of the main corpus, greedily; the first process alone computes them."""
        held_out = self.corpora[0].split("validation")
        step = max(1, len(held_out) // self.recipe.validation_pairs)
        pairs = held_out[::step]  # a corpus may be sorted by length, so take some all along it
        if not self.leads or not pairs:
            return None
        self.model.eval()
        return evaluate(self.model, self.tokenizer, pairs)

    def keep(self, progress: Progress | None = None, scores: Scores | None = None) -> None:
        """Write the checkpoint as it stands."""
        if not self.leads:
            return
        training = self.card["training"] | {"recipe": asdict(self.recipe), "machine": machine()}
        if progress:
            where = progress.position
            training |= {
                "epochs": where.epoch + 1,
                "steps": where.step,
                "seconds": round(where.seconds, 1),
                "loss": round(progress.loss, 4),
            }
        if scores:
            training["validation"] = asdict(scores)
        self.card = {**self.card, "training": training}
        checkpoint.save(self.folder, self.model, self.tokenizer, self.card)

    def logger(self) -> Callable[[Progress, Scores | None], None]:
        """Writes TensorBoard event files into the folder, from the first process."""
        if not self.leads:
            return lambda _progress, _scores: None
        from torch.utils.tensorboard import SummaryWriter

        writer = SummaryWriter(str(self.folder))

        def log(progress: Progress, scores: Scores | None) -> None:
            curves = {
                "loss": progress.loss,
                "learning rate": progress.learning_rate,
                "gradient norm": progress.gradient_norm,
            }
            if scores:
                curves |= {"validation/BLEU": scores.bleu, "validation/exact match": scores.exact_match}
            for name, value in curves.items():
                writer.add_scalar(name, value, progress.position.step)

        return log


class Pace:
    """Smooths loss and speed over the last steps."""

    def __init__(self) -> None:
        self.started, self.tokens, self.loss = time.monotonic(), 0, float("nan")
        self.first: Progress | None = None

    def add(self, progress: Progress) -> None:
        """Take in one step."""
        self.first = self.first or progress
        self.tokens += progress.tokens
        self.loss = progress.loss if self.loss != self.loss else 0.98 * self.loss + 0.02 * progress.loss

    def report(self, progress: Progress, scores: Scores | None) -> Report:
        """The figures as of now."""
        passed = max(time.monotonic() - self.started, 1e-9)
        seconds = progress.position.seconds
        left = seconds * (1 - progress.share) / max(progress.share, 1e-9)
        return Report(
            progress.position.epoch + 1,
            progress.position.step,
            progress.share,
            self.loss,
            self.tokens / passed,
            left,
            scores,
        )


def make_recipe(fields: dict[str, Any]) -> Recipe:
    """A recipe from plain values, as the card or the command line gives them. Raises `ValueError` for a bad one."""
    variation = fields.get("variation", {})
    return Recipe(**{**fields, "variation": variation if isinstance(variation, Variation) else Variation(**variation)})


def open_corpora(recipe: Recipe) -> list[Corpus]:
    """The main corpus and the others, in the recipe's order."""
    return [open_corpus(name) for name in (recipe.corpus, *recipe.also)]


def describe(corpus: Corpus) -> dict[str, Any]:
    """What the card says about a corpus."""
    sizes = {split: len(corpus.split(split)) for split in ("train", "validation", "test")}
    return {
        "name": corpus.name, "title": corpus.title, "licence": corpus.licence, "attribution": corpus.attribution,
        "sha256": corpus.sha256, "pairs": sizes,
    }  # fmt: skip


def machine() -> dict[str, Any]:
    """What the run ran on, as far as it matters for its figures."""
    return {"python": platform.python_version(), "torch": torch.__version__, "threads": torch.get_num_threads()}
