"""What questions are made from: a sentence, the model that read it, and which learner asks.

Chance only says *what* is asked; every number comes from the model. The same learner gets the same question again.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from figures.labels import label
from systems.system import System
from transformer.checkpoint import Opened
from ui.asking.question import Numbers
from ui.frame import Session
from ui.measures import arithmetic
from ui.session import attentions, relatives, state, systems
from ui.session.attentions import Attention, Kind
from ui.session.relatives import Recollection

KINDS: tuple[Kind, ...] = ("encoder", "decoder", "cross")
KEYS = 12  # that a row may have to be summed by hand
OPTIONS = 6  # at most that are offered
One = TypeVar("One")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """A relative of the Transformer, and what it did with the sentence."""

    name: str
    opened: Opened
    walk: Recollection


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A session, and the learner's own dice."""

    session: Session
    dice: random.Random

    def pick(self, things: Sequence[One]) -> One:
        """One of them."""
        return self.dice.choice(things)

    def shuffled(self, right: str, wrong: Sequence[str], most: int = 4) -> tuple[tuple[str, ...], int]:
        """The right option among the first wrong ones that differ from it and from each other; and its place."""
        others = [each for each in dict.fromkeys(wrong) if each != right][: most - 1]
        options = [right, *others]
        self.dice.shuffle(options)
        return tuple(options), options.index(right)

    def attention(self, kinds: Sequence[Kind] = KINDS) -> Attention:
        """One of the attentions."""
        kind = self.pick(kinds)
        return attentions.attention(self.session, kind, self.dice.randrange(attentions.layers(self.session, kind)))

    def head(self) -> int:
        """One of the heads, from 0."""
        return self.dice.randrange(self.session.walk.heads)

    def summable(self) -> tuple[Attention, int, list[int]] | None:
        """An attention, a head, and its rows that look at few enough keys to be summed by hand; `None` if there is none."""
        for kind in self.dice.sample(KINDS, len(KINDS)):
            view = self.attention((kind,))
            rows = [row for row, count in enumerate(view.mask.sum(1)) if 2 <= count <= KEYS]
            if rows:
                return view, self.head(), rows
        return None

    def relative(self, *kinds: str) -> Relative | None:
        """One of the recurrent models of these kinds, after the sentence; `None` if there is none, or it cannot read it."""
        if not (found := relatives.models(kinds)):
            return None
        name = self.pick(sorted(found))
        walk = relatives.reading(found[name], self.session.walk.source_text, None, state.Search(1))
        opened = state.any_opened(found[name])
        return Relative(name=name, opened=opened, walk=walk) if isinstance(walk, Recollection) else None

    def system(self, kind: str) -> System | None:
        """The first trained system of a kind, the shipped one if there is one; `None` if there is none."""
        found = systems.models((kind,))
        return systems.opened(next(iter(found.values()))).model if found else None

    def pieces(self, pieces: Sequence[str]) -> tuple[str, ...]:
        """Their labels, all different."""
        return numbered([label(piece) for piece in pieces])


def numbered(names: Sequence[str]) -> tuple[str, ...]:
    """The names; those that stand there twice with their place."""
    return tuple(f"{name} ({place})" if names.count(name) > 1 else name for place, name in enumerate(names, 1))


def table(*rows: Sequence[float] | NDArray[Any]) -> Numbers:
    """Rows of equal length as one table."""
    return np.array([arithmetic.double(np.asarray(row)) for row in rows])


def whole_row(place: int, count: int) -> frozenset[tuple[int, int]]:
    """All cells of a row, to be hidden."""
    return frozenset((place, column) for column in range(count))


def where(view: Attention, head: int, **more: int) -> dict[str, str]:
    """The address of a head, and of places in it counted from 0."""
    address = {"kind": view.kind, "layer": str(view.layer + 1), "head": str(head + 1)}
    return address | {name: str(place + 1) for name, place in more.items()}
