"""Pieces as chips in prose, in the colours that they have in the strip."""

from collections.abc import Sequence

import figures.chips
from ui.session.walk import Passage
from ui.text import Chip


def chip(piece: str, place: int) -> Chip:
    """The piece at `place` of its sentence; the start piece of the translation has the place -1."""
    return Chip(*figures.chips.chip(piece, place))


def source(walk: Passage, place: int) -> Chip:
    """A piece that the encoder read."""
    return chip(walk.source[place], place)


def written(walk: Passage, place: int) -> Chip:
    """A piece of the translation."""
    return chip(walk.written[place], place)


def read(walk: Passage, place: int) -> Chip:
    """A piece that the decoder read; the first is the start piece."""
    return chip(walk.read[place], place - 1)


def row(pieces: Sequence[Chip]) -> str:
    """Several of them, one after the other, as HTML."""
    return " ".join(each.html for each in pieces)
