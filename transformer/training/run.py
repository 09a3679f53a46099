"""A training run with its folder: corpus in, checkpoint out, every figure on record.

`Run.start(folder, recipe, command)` or `Run.resume(folder, changes, command)`, then iterate over `reports()`. The command line and
the app both train through this.
"""

import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from transformer import checkpoint
from transformer.checkpoint import CheckpointError, lacking
from transformer.corpora import Corpus, Pair, open_corpus
from transformer.tokenizer import Tokenizer
from transformer.training.batches import Variation, vary
from transformer.training.beginning import fresh, model_from, recipe_from
from transformer.training.card import before, commands, describe, machine, recipe_of
from transformer.training.evaluation import Scores, evaluate
from transformer.training.history import Entry, Gradients, History, Pace, read
from transformer.training.loop import CLIP, Material, Progress, by_matrix, held_out_loss, make_fabric, train
from transformer.training.recipe import Recipe
from transformer.training.state import alone, lost, saved_position
from transformer.translator import Translator

STATE = "state.safetensors"


@dataclass(kw_only=True)
class Run:
    """A folder, a recipe and a model on its way."""

    folder: Path
    recipe: Recipe
    corpora: list[Corpus]
    model: Translator
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
        card: dict[str, Any] = {"corpora": [describe(corpus) for corpus in corpora]}
        training: dict[str, Any] = {"commands": [command]}
        if made.base:
            base = checkpoint.load_any(made.base)
            tokenizer = own_pieces(corpora[0], made) if made.new_pieces else base.tokenizer
            made = recipe_from(made, base, tokenizer)
            model = model_from(made, base, tokenizer)
            training |= {"from": base.name, **before(base.card), "commands": [*commands(base.card), command]}
        else:
            tokenizer = own_pieces(corpora[0], made)
            model = fresh(made, len(tokenizer))
        if made.without:
            card["without"] = made.without
        return cls(
            folder=folder, recipe=made, corpora=corpora, model=lacking(model, made.without), tokenizer=tokenizer,
            card={"training": training, **card},
        )  # fmt: skip

    @classmethod
    def resume(cls, folder: Path, changes: dict[str, Any], command: str) -> "Run":
        """The run in `folder`, with some of its recipe changed. Raises `CheckpointError`, before anything is changed, if it cannot be.

        A checkpoint without the run's state, such as a copy of a shipped one, goes on from its weights with a new optimizer, unless it
        has a past that would be lost: snapshots, or a history.
        """
        card = checkpoint.read_card(folder)
        loaded = checkpoint.load_any(folder)
        new = not (folder / STATE).exists()
        if new and (checkpoint.moments(folder) or read(folder)):
            raise lost(folder)
        made = make_recipe({**recipe_of(card, folder), **changes})
        corpora = open_corpora(made)
        training = {**card["training"], "commands": [*commands(card), command]}
        card = {**card, "training": training, "corpora": [describe(corpus) for corpus in corpora]}
        model = fresh(made, len(loaded.tokenizer))
        if new:
            model.load_state_dict(loaded.model.state_dict())
            training |= before(card)
        saved_position(folder / STATE, model)
        return cls(
            folder=folder, recipe=made, corpora=corpora, model=lacking(model, made.without), tokenizer=loaded.tokenizer,
            card=card,
        )  # fmt: skip

    def reports(self, stop: Callable[[], bool]) -> Iterator[Entry]:
        """Train to the end, or until `stop()`. The checkpoint is kept before the state is, and at the end.

        Raises `CheckpointError` if another training writes to the folder, `OSError` if the disk takes no more.
        """
        with alone(self.folder) if self.leads else nullcontext():
            yield from self.steps(stop)

    def steps(self, stop: Callable[[], bool]) -> Iterator[Entry]:
        """The steps of `reports`."""
        begun = saved_position(self.folder / STATE, self.model).step
        if self.leads:
            self.forget_after(begun)
        history = History(self.folder, begun) if self.leads else None
        new = not (self.folder / STATE).exists()  # a resumed run has one, and its model is not loaded yet

        def begin() -> None:
            if new:
                self.keep()
            if new and self.recipe.snapshots:
                self.keep_snapshot(0)

        steps = train(self.model, self.tokenizer, self.material(), self.recipe, self.folder / STATE, self.fabric, begin)
        pace, log = Pace(history.last if history else None), self.logger()
        with closing(steps):
            for progress in steps:
                pace.add(progress.loss, progress.tokens)
                ends = progress.share >= 1
                scores, loss = self.validate() if progress.snapshot or ends else (None, None)
                log(progress, scores, loss)
                if progress.due or ends:
                    self.keep(progress, scores)
                if progress.snapshot:
                    self.keep_snapshot(progress.position.step)
                entry = entry_of(progress, pace, scores, loss)
                if history:
                    history.add(entry)
                    history.look(entry.step, entry.share, partial(gradients_of, progress))
                yield entry
                if self.fabric.broadcast(stop()):
                    steps.close()
                    self.keep(progress)
                    return

    def material(self) -> Material:
        """The training pairs: all of the main corpus, helpings of the others."""
        main, *others = self.corpora
        helpings = zip(others, self.recipe.also.values(), strict=True)
        return Material(
            pairs=taught(main, self.recipe), others=[(corpus.split("train"), count) for corpus, count in helpings]
        )

    def validate(self) -> tuple[Scores | None, float | None]:
        """BLEU, exact match and loss on held-out pairs of the main corpus, greedily; the first process alone computes them."""
        pairs = spread(self.corpora[0].split("validation"), self.recipe.validation_pairs)
        if not self.leads or not pairs:
            return None, None
        self.model.eval()
        return evaluate(self.model, self.tokenizer, pairs), held_out_loss(
            self.model, self.tokenizer, pairs, self.recipe
        )

    def forget_after(self, step: int) -> None:
        """Remove snapshots of steps that were lost in a crash, or of an earlier run in this folder."""
        for moment in checkpoint.moments(self.folder):
            if moment > step:
                checkpoint.snapshot_file(self.folder, moment).unlink(missing_ok=True)

    def keep_snapshot(self, step: int) -> None:
        """Keep the weights of this moment, with what the card says of it."""
        if self.leads:
            names = ("epochs", "steps", "seconds", "loss", "validation")
            facts = {name: self.card["training"][name] for name in names if step and name in self.card["training"]}
            checkpoint.save_snapshot(self.folder, self.model, step, {"steps": step} | facts)

    def keep(self, progress: Progress | None = None, scores: Scores | None = None) -> None:
        """Write the checkpoint as it stands."""
        if not self.leads:
            return
        processes = {"processes": self.fabric.world_size}
        training = self.card["training"] | {"recipe": asdict(self.recipe), "machine": machine() | processes}
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

    def logger(self) -> Callable[[Progress, Scores | None, float | None], None]:
        """Writes TensorBoard event files into the folder, from the first process."""
        if not self.leads:
            return lambda _progress, _scores, _loss: None
        from torch.utils.tensorboard import SummaryWriter

        writer = SummaryWriter(str(self.folder))

        def log(progress: Progress, scores: Scores | None, loss: float | None) -> None:
            curves = {
                "loss": progress.loss,
                "learning rate": progress.learning_rate,
                "gradient norm": progress.gradient_norm,
            }
            if scores:
                curves |= {"validation/BLEU": scores.bleu, "validation/exact match": scores.exact_match}
            if loss is not None:
                curves["validation/loss"] = loss
            for name, value in curves.items():
                writer.add_scalar(name, value, progress.position.step)

        return log


def gradients_of(progress: Progress) -> Gradients:
    """The sizes of the gradients of a step, for the history."""
    norm = progress.gradient_norm
    return Gradients(
        step=progress.position.step, share=progress.share, norm=norm, clipped=norm > CLIP, parts=by_matrix(progress.sizes)
    )  # fmt: skip


def entry_of(progress: Progress, pace: Pace, scores: Scores | None, validation_loss: float | None) -> Entry:
    """The figures as of now, for the history."""
    seconds = progress.position.seconds
    return Entry(
        step=progress.position.step, epoch=progress.position.epoch + 1, share=progress.share, seconds=seconds,
        loss=pace.loss, learning_rate=progress.learning_rate, gradient_norm=progress.gradient_norm,
        tokens_per_second=pace.speed, seconds_left=seconds * (1 - progress.share) / max(progress.share, 1e-9),
        validation_loss=validation_loss, bleu=scores.bleu if scores else None,
        exact_match=scores.exact_match if scores else None, snapshot=progress.snapshot,
    )  # fmt: skip


def own_pieces(corpus: Corpus, recipe: Recipe) -> Tokenizer:
    """A tokenizer learnt from what the run will read."""
    return Tokenizer.train(sentences_of(taught(corpus, recipe), recipe), recipe.vocabulary_size)


def sentences_of(pairs: Sequence[Pair], recipe: Recipe) -> list[str]:
    """What the tokenizer learns from: both sides of the pairs, in the cases and with the signs in which the model will meet them."""
    chance = random.Random(recipe.seed)
    ways = replace(recipe.variation, swapped_names=0.0)
    if ways.other_case or ways.other_signs:
        pairs = [vary(pair, ways, chance) for pair in pairs]
    return [side for pair in pairs for side in (pair.source, pair.target)]


def taught(corpus: Corpus, recipe: Recipe) -> Sequence[Pair]:
    """The pairs of the corpus that the recipe trains on: those of its training split, or so many of them."""
    return spread(corpus.split("train"), recipe.pairs or sys.maxsize)


def spread(pairs: Sequence[Pair], count: int) -> Sequence[Pair]:
    """At most `count` of the pairs, taken all along them, because a corpus may be sorted by length."""
    return pairs if count >= len(pairs) else [pairs[number * len(pairs) // count] for number in range(count)]


def make_recipe(fields: dict[str, Any]) -> Recipe:
    """A recipe from plain values, as the card or the command line gives them. Raises `ValueError` for a bad one."""
    variation = fields.get("variation", {})
    return Recipe(**{**fields, "variation": variation if isinstance(variation, Variation) else Variation(**variation)})


def open_corpora(recipe: Recipe) -> list[Corpus]:
    """The main corpus and the others, in the recipe's order."""
    return [open_corpus(name) for name in (recipe.corpus, *recipe.also)]
