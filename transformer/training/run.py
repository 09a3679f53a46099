"""A training run with its folder: corpus in, checkpoint out, every figure on record.

`Run.start(folder, recipe, command)` or `Run.resume(folder, changes, command)`, then iterate over `reports()`. The command line and
the app both train through this.
"""

import os
import random
import sys
from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from transformer import checkpoint
from transformer.checkpoint import lacking
from transformer.corpora import Corpus, Pair, open_corpus
from transformer.tokenizer import Tokenizer
from transformer.training.batches import Variation, vary
from transformer.training.beginning import fresh, model_from, recipe_from
from transformer.training.card import before, commands, describe, recipe_of
from transformer.training.course.descent import Progress, make_fabric
from transformer.training.course.folder import STATE, Course, Measured, refuse_taken
from transformer.training.course.state import lost, saved_position
from transformer.training.evaluation import evaluate
from transformer.training.history import read
from transformer.training.loop import Material, held_out_loss, train
from transformer.training.recipe import Recipe
from transformer.translator import Translator


@dataclass(kw_only=True)
class Run(Course):
    """A folder, a recipe and a translator on its way."""

    recipe: Recipe
    corpora: list[Corpus]
    model: Translator
    tokenizer: Tokenizer

    def __post_init__(self) -> None:
        self.fabric = make_fabric(int(os.environ.get("WORLD_SIZE", "1")), self.recipe.d_model)
        self.leads = self.fabric.global_rank == 0

    @classmethod
    def start(cls, folder: Path, recipe: dict[str, Any], command: str) -> "Run":
        """A new run. Raises `CheckpointError` if the folder already holds a model."""
        refuse_taken(folder)
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

    def learn(self, begin: Callable[[], object]) -> Generator[Progress]:
        """The steps of `loop.train`."""
        return train(self.model, self.tokenizer, self.material(), self.recipe, self.folder / STATE, self.fabric, begin)

    def material(self) -> Material:
        """The training pairs: all of the main corpus, helpings of the others."""
        main, *others = self.corpora
        helpings = zip(others, self.recipe.also.values(), strict=True)
        return Material(
            pairs=taught(main, self.recipe), others=[(corpus.split("train"), count) for corpus, count in helpings]
        )

    def validate(self) -> Measured:
        """BLEU, exact match and loss on held-out pairs of the main corpus, greedily; the first process alone computes them."""
        pairs = spread(self.corpora[0].split("validation"), self.recipe.validation_pairs)
        if not self.leads or not pairs:
            return Measured()
        self.model.eval()
        scores = evaluate(self.model, self.tokenizer, pairs)
        loss = held_out_loss(self.model, self.tokenizer, pairs, self.recipe)
        return Measured(
            card=asdict(scores), curves={"BLEU": scores.bleu, "exact match": scores.exact_match, "loss": loss},
            entry={"bleu": scores.bleu, "exact_match": scores.exact_match, "validation_loss": loss},
        )  # fmt: skip

    def write(self) -> None:
        """Write the checkpoint."""
        checkpoint.save(self.folder, self.model, self.tokenizer, self.card)


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
