"""A training run of a system with its folder: `Run.start(...)` or `Run.resume(...)`, then iterate over `reports()`."""

import random
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from systems import KINDS, class_of, shelf
from systems.collection import Collection, open_collection
from systems.system import System
from systems.training.recipe import Recipe, learns
from transformer.checkpoint import CheckpointError, Kept
from transformer.training.card import before, commands, recipe_of
from transformer.training.course.descent import Progress, Work, descend, make_fabric
from transformer.training.course.folder import STATE, Course, Measured, refuse_taken
from transformer.training.course.state import Position, lost, saved_position
from transformer.training.history import Entry
from transformer.training.run import spread

TESTED = 2000  # held-out examples that the finished model is measured on, at most


class Loss(nn.Module):
    """The loss of a batch as one module, which is what the steps are taken on."""

    def __init__(self, model: System) -> None:
        super().__init__()
        self.model = model
        self.gathered: Callable[..., Any] = tuple

    def forward(self, *tensors: Tensor | None) -> Tensor:
        """The tensors of a batch, given one by one, are put together again as the model's batch."""
        return self.model.loss(self.gathered(*tensors))


@dataclass(kw_only=True)
class Run(Course):
    """A folder, a recipe and a system on its way."""

    recipe: Recipe
    collection: Collection
    model: System
    kept: ClassVar[Kept] = staticmethod(shelf.weights)
    unit: ClassVar[str] = "examples"

    def __post_init__(self) -> None:
        self.fabric = make_fabric(1, d_model=1)  # in single precision: these models are narrow
        self.leads = True

    @classmethod
    def start(cls, folder: Path, recipe: dict[str, Any], command: str) -> "Run":
        """A new run. Raises `CheckpointError` if the folder already holds a model, `ValueError` and `CorpusError`."""
        refuse_taken(folder)
        made = Recipe(**recipe)
        if not learns(made.model, made.corpus):
            raise ValueError(f"{made.model!r} cannot learn {made.corpus!r}. It learns {told(made.model)}.")
        collection = open_collection(made.corpus)
        training: dict[str, Any] = {"commands": [command]}
        base = shelf.load(made.base) if made.base else None
        if base:
            training |= {"from": base.name, **before(base.card), "commands": [*commands(base.card), command]}
        card = {"corpora": [described(collection)], "training": training}
        return cls(folder=folder, recipe=made, collection=collection, model=fresh(made, collection, base), card=card)

    @classmethod
    def resume(cls, folder: Path, changes: dict[str, Any], command: str) -> "Run":
        """The run in `folder`, with some of its recipe changed. Raises `CheckpointError`, before anything is changed, if it cannot be."""
        loaded = shelf.load(folder)
        if not (folder / STATE).exists():
            raise lost(folder)
        made = Recipe(**{**recipe_of(loaded.card, folder), **changes})
        training = {**loaded.card["training"], "commands": [*commands(loaded.card), command]}
        collection = open_collection(made.corpus)
        card = {**loaded.card, "training": training, "corpora": [described(collection)]}
        model = loaded.model.copied()
        saved_position(folder / STATE, model)
        return cls(folder=folder, recipe=made, collection=collection, model=model, card=card)

    @property
    def examples(self) -> Sequence[Any]:
        """What it learns from."""
        return taught(self.collection, self.recipe)

    def learn(self, begin: Callable[[], object]) -> Generator[Progress]:
        """The steps: all examples in another order each epoch, so many at a time."""
        examples, recipe, loss = self.examples, self.recipe, Loss(self.model)
        self.model.prepare(examples)

        def work(position: Position) -> Iterator[Work]:
            epoch, first = position.epoch, position.batch
            if not examples:
                raise ValueError(f"There is nothing to train on: {recipe.corpus} has no examples.")
            count = -(-len(examples) // recipe.batch)
            while True:
                order = random.Random(recipe.seed * 1_000_003 + epoch).sample(range(len(examples)), len(examples))
                for number in range(first, count):
                    some = [examples[place] for place in order[number * recipe.batch : (number + 1) * recipe.batch]]
                    batch = self.model.batch(some, random.Random(f"{recipe.seed} {epoch} {number}"))
                    loss.gathered = type(batch)
                    yield Work(epoch, number, count, tuple(batch), len(some))
                epoch, first = epoch + 1, 0

        return descend(loss, self.model, recipe, work, self.folder / STATE, self.fabric, begin)

    def validate(self) -> Measured:
        """The model's own figures on held-out examples."""
        found = self.measured(spread(self.collection.split("validation"), self.recipe.validation))
        return Measured(card=found, curves=found, entry={"measured": found}) if found else Measured()

    def measured(self, examples: Sequence[Any]) -> dict[str, float]:
        """Figures on some examples, of a copy in evaluation mode; none without examples."""
        if not examples:
            return {}
        model = self.model.copied().eval()
        with torch.inference_mode():
            return {name: round(float(value), 4) for name, value in model.measure(examples).items()}

    def reports(self, stop: Callable[[], bool]) -> Iterator[Entry]:
        """Train to the end, or until `stop()`; a model that is finished is measured on the test split, which the card then tells."""
        last = None
        for last in super().reports(stop):
            yield last
        if last and last.share >= 1:
            test = spread(self.collection.split("test"), TESTED)
            self.card = {**self.card, "test": {"examples": len(test), **self.measured(test)}}
            self.write()

    def write(self) -> None:
        """Write the checkpoint."""
        shelf.save(self.folder, self.recipe.model, self.model, self.card)


def fresh(recipe: Recipe, collection: Collection, base: shelf.Opened | None = None) -> System:
    """A model of the recipe's kind with the random weights of its seed; with what fits of the weights of `base`, and its words."""
    kind, sizes = class_of(recipe.model), recipe.model_sizes(base.model.sizes if base else None)
    words = base.model.words if base else kind.words_of(taught(collection, recipe), sizes)
    torch.manual_seed(recipe.seed)
    model: System = kind(sizes, words)
    if base:
        own = model.state_dict()
        fits = {
            name: each
            for name, each in base.model.state_dict().items()
            if name in own and own[name].shape == each.shape
        }
        if not fits:
            raise CheckpointError(f"Nothing of {base.name!r} fits into a model of the kind {recipe.model!r}.")
        model.load_state_dict(own | fits)
        still = (name for name, parameter in model.named_parameters() if not parameter.requires_grad)
        model.borrowed = tuple(name for name in still if name in fits)
    return model


def taught(collection: Collection, recipe: Recipe) -> Sequence[Any]:
    """The examples that a recipe trains on: those of the training split, or so many of them."""
    examples = collection.split("train")
    return spread(examples, recipe.examples or len(examples))


def described(collection: Collection) -> dict[str, Any]:
    """What the card says about a corpus."""
    return {
        "name": collection.name, "title": collection.title, "licence": collection.licence, "attribution": collection.attribution,
        "sha256": collection.sha256, "examples": collection.counts,
    }  # fmt: skip


def told(kind: str) -> str:
    """The corpora of a kind, in words."""
    return " and ".join(KINDS[kind].corpora)


def untrained(kind: str, corpus: str, seed: int = 1, **sizes: Any) -> System:
    """A model of a kind with random weights and the vocabulary of a corpus, in evaluation mode: the beginning of every training."""
    recipe = Recipe(model=kind, corpus=corpus, epochs=1, seed=seed, sizes=sizes)
    return fresh(recipe, open_collection(corpus)).eval().requires_grad_(False)
