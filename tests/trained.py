"""A trained model that has read a sentence, and random cells of all its attentions, for tests of the sums behind them."""

from dataclasses import dataclass

import numpy as np

from tests import ROOT
from transformer import checkpoint
from transformer.checkpoint import Checkpoint
from ui.session import attentions
from ui.session.attentions import Attention, Kind
from ui.session.walk import Walk, walk

TOLERANCE = {"rtol": 0, "atol": 1e-4}


@dataclass(frozen=True)
class Session:
    """What `ui.session.attentions` asks of a page."""

    walk: Walk
    checkpoint: Checkpoint
    special: bool = True


def session_of_grammar() -> Session:
    """The shipped grammar model reads a sentence and is given its translation."""
    opened = checkpoint.load(ROOT / "pretrained" / "grammar-en-fr")
    french = (*opened.tokenizer.encode("Le chat noir dort ici."), opened.model.config.end_id)
    return Session(walk(opened, "The black cat sleeps here.", french, forced=True), opened)


def every_head(session: Session) -> list[tuple[Attention, int]]:
    """All attentions of all layers, and all of their heads."""
    kinds: tuple[Kind, ...] = ("encoder", "decoder", "cross")
    views = [
        attentions.attention(session, kind, layer)
        for kind in kinds
        for layer in range(attentions.layers(session, kind))
    ]
    return [(view, head) for view in views for head in range(session.walk.heads)]


def places(*shape: int) -> list[tuple[int, ...]]:
    """Random cells, the same on every run, the last one always among them."""
    found = np.random.default_rng(0).integers(0, shape, size=(6, len(shape))).tolist()
    return [tuple(place) for place in [*found, [size - 1 for size in shape]]]
