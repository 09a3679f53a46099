"""What exercises are made from: a sentence, the model that read it, and dice. Chance only says what is asked for."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from figures.labels import label, shorten
from systems.system import System
from transformer.checkpoint import Opened
from transformer.what_if import Head
from ui.changed import names
from ui.frame import Session
from ui.session import attentions, relatives, state, systems
from ui.session.attentions import Attention, Kind
from ui.session.relatives import Recollection
from ui.text import translate as _

KINDS: tuple[Kind, ...] = ("encoder", "decoder", "cross")
THROWS = 6  # of the dice, among which the best place for an exercise is looked for
One = TypeVar("One")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A session, the dice of one exercise, and the number of its sheet."""

    session: Session
    dice: random.Random
    number: int = 1

    def pick(self, things: Sequence[One]) -> One:
        """One of them."""
        return self.dice.choice(things)

    def dealt(self, things: Sequence[One]) -> One:
        """The one of this sheet's number: no two sheets have the same one before all were dealt."""
        return random.Random(len(things)).sample(things, len(things))[self.number % len(things)]

    def some(self, count: int, of: int) -> list[int]:
        """So many different places below `of`, or all of them, ascending."""
        return sorted(self.dice.sample(range(of), min(count, of)))

    def best(self, throw: Callable[[], One], worth: Callable[[One], float]) -> One:
        """The best of some throws."""
        return max([throw() for _throw in range(THROWS)], key=worth)

    def attention(self, kinds: Sequence[Kind] = KINDS) -> Attention:
        """One of the attentions."""
        kind = self.pick(kinds)
        return attentions.attention(self.session, kind, self.dice.randrange(attentions.layers(self.session, kind)))

    def head(self) -> int:
        """One of the heads, from 0."""
        return self.dice.randrange(self.session.walk.heads)

    def piece(self, id: int) -> str:
        """The name of an id."""
        return name(self.session.checkpoint.tokenizer.piece(id).piece)

    def relative(self, *kinds: str) -> tuple[str, Opened, Recollection] | None:
        """A recurrent model of these kinds after the sentence, with its name; `None` if there is none, or it cannot read it."""
        if not (found := relatives.models(kinds)):
            return None
        first = relatives.first(found, self.session.origin)
        walk = relatives.reading(found[first], self.session.walk.source_text, None, state.Search(1))
        return (first, state.any_opened(found[first]), walk) if isinstance(walk, Recollection) else None

    def system(self, kind: str) -> System | None:
        """The first trained system of a kind; `None` if there is none."""
        found = systems.models((kind,))
        return systems.opened(next(iter(found.values()))).model if found else None


def name(piece: str) -> str:
    """A piece as it stands on the paper."""
    return shorten(label(piece))


def told(pieces: Sequence[str]) -> tuple[str, ...]:
    """Several pieces; those that read alike with their place in the row."""
    called = [name(piece) for piece in pieces]
    return tuple(f"{each} ({place})" if called.count(each) > 1 else each for place, each in enumerate(called, 1))


def who(view: Attention, head: int) -> str:
    """`Cross-attention, layer 2, head 3`."""
    return names.words(Head(view.kind, view.layer, head))


def where(view: Attention, head: int, query: int, key: int) -> dict[str, str]:
    """The address of a cell of a head, on every page that shows attention."""
    address = {"kind": view.kind, "layer": str(view.layer + 1), "head": str(head + 1)}
    if view.kind == "encoder":
        return address | {"source": str(query + 1), "key": str(key + 1)}
    if view.kind == "cross":
        return address | {"piece": str(query + 1), "source": str(key + 1)}
    return address | {"piece": str(query), "key": str(key + 1)}


def largest(values: NDArray[np.floating], count: int) -> list[int]:
    """The places of the numbers of the largest size, in their own order."""
    return sorted(np.argsort(-np.abs(values), kind="stable")[:count].tolist())


def dim(place: int) -> str:
    """The name of a dimension."""
    return _("dim {place}").format(place=place)


def to(places: int) -> str:
    """How results are rounded."""
    return _("Round each result to {places} decimals, and go on with that.").format(places=places)
