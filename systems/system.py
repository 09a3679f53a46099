"""What a system must have to be trained, kept and measured by one and the same run: see `systems.training`.

`forward` of each returns its trace, a frozen dataclass of `Annotated[Tensor, "axes"]`; what is trained is what is shown.
"""

import random
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, ClassVar, Self

from torch import Tensor, nn

PADDING, UNKNOWN = "<pad>", "<unk>"  # the first two words of every vocabulary of words


class System(nn.Module):
    """A model with its vocabulary. `sizes` is a frozen dataclass of numbers, words and switches, of the class `SIZES`."""

    SIZES: ClassVar[type]
    sizes: Any
    words: tuple[str, ...]  # what the model can name or read, in the order of their ids
    borrowed: tuple[
        str, ...
    ] = ()  # entries of its state that are those of the model it began with, and are kept there alone

    def __init__(self, sizes: Any, words: tuple[str, ...]) -> None:
        """A model with random weights. Raises `ValueError` with a sentence about a size that cannot be."""
        super().__init__()
        self.sizes, self.words = sizes, words

    @classmethod
    def words_of(cls, examples: Sequence[Any], sizes: Any) -> tuple[str, ...]:
        """The vocabulary, from the examples of the training split: the same ones, the same order."""
        raise NotImplementedError

    def prepare(self, examples: Sequence[Any]) -> None:
        """Called once before the first batch with all that it will learn from, also when a run goes on: to count words, say."""

    def batch(self, examples: Sequence[Any], chance: random.Random) -> Any:
        """What one step reads: a `NamedTuple` of tensors (or of `None`). What is drawn by lot comes from `chance` alone."""
        raise NotImplementedError

    def loss(self, batch: Any) -> Tensor:
        """What training lowers, a single number: the mean over what is predicted, in nats."""
        raise NotImplementedError

    def measure(self, examples: Sequence[Any]) -> dict[str, float]:
        """Figures on examples that it was not trained on, per cent where they are shares; the first is the one that counts.

        The trivial guess's figure stands beside it as `baseline`.
        """
        raise NotImplementedError

    @property
    def number_of_parameters(self) -> int:
        """How many numbers training adjusts."""
        return sum(parameter.numel() for parameter in self.parameters())

    def copied(self) -> Self:
        """Another with the same weights."""
        other = type(self)(self.sizes, self.words)
        other.load_state_dict(self.state_dict())
        other.borrowed = self.borrowed
        return other


def made(kind: type, given: dict[str, Any]) -> Any:
    """Sizes of a class from plain values, as a card or a command gives them. Raises `ValueError` with a sentence."""
    known = {field.name: field.type for field in fields(kind)}
    for name, value in given.items():
        if name not in known:
            raise ValueError(f"There is no size {name[:40]!r} here. Known: {', '.join(known)}.")
        wanted = type(getattr(kind, name))
        fits = isinstance(value, wanted) or (wanted is float and isinstance(value, int))
        if not fits or isinstance(value, bool) is not (wanted is bool):
            raise ValueError(f"{name} must be a {wanted.__name__}, but is {value!r}.")
    return kind(**given)
