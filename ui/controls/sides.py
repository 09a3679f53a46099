"""One of the two sentences, English or French, with the piece in it that the learner points at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from ui import controls
from ui.session import choice
from ui.session.attentions import drawn
from ui.session.chips import chip
from ui.session.walk import Walk
from ui.text import Chip

Side = Literal["source", "target"]
Cell = Sequence[int | float | None]
POINTED = "_pointed"  # what was chosen when the page was drawn last


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """The pieces of one side. A row counts from 0 over all of them, whether they are drawn or not."""

    side: Side
    pieces: tuple[str, ...]
    ids: tuple[int, ...]
    rows: slice  # of those that are drawn
    chosen: int | None  # the row that the learner points at
    special: bool  # whether `<s>` and `</s>` are drawn

    @property
    def first(self) -> int:
        """The first row that is drawn."""
        return int(self.rows.start)

    @property
    def shown(self) -> tuple[str, ...]:
        """The pieces that are drawn."""
        return self.pieces[self.rows]

    def chip(self, row: int) -> Chip:
        """A piece as prose shows it."""
        return chip(self.pieces[row], row - (self.side == "target"))

    @property
    def row(self) -> int:
        """The chosen row, or else the first that is drawn."""
        return self.first if self.chosen is None else self.chosen


def side(walk: Walk) -> Side:
    """The control for the side. A chip that was clicked since brings its own side with it."""
    now = (choice.looked_at(walk), choice.target_place(walk))
    before = st.session_state.get(POINTED, now)
    for number, name in enumerate(("source", "target")):
        if now[number] not in (None, before[number]):
            st.session_state["side"] = name
    st.session_state[POINTED] = now
    return "source" if controls.side() == "source" else "target"


def sentence(walk: Walk, side: Side, special: bool, *, read_only: bool) -> Sentence:
    """The English, or the French after its start piece; with `read_only` only as far as the decoder has read it.

    The last French piece is written, but nothing more follows, so the decoder never reads it.
    """
    if side == "source":
        pieces, ids, chosen = walk.source, walk.source_ids, choice.looked_at(walk)
    else:
        pieces, ids = (walk.read[0], *walk.written), (walk.read_ids[0], *walk.written_ids)
        if read_only:
            pieces, ids = walk.read, walk.read_ids
        place = choice.target_place(walk)
        chosen = None if place is None or place + 1 >= len(pieces) else place + 1
    return Sentence(side=side, pieces=pieces, ids=ids, rows=drawn(pieces, special), chosen=chosen, special=special)


def choose(sentence: Sentence, row: int) -> None:
    """Point at a row of the sentence. Only in callbacks."""
    if sentence.side == "source":
        choice.set_place(choice.LOOKED_AT, row)
    else:
        choice.set_place(choice.WRITTEN, row - 1)


def chooser(sentence: Sentence, dimension: Callable[[int | None], None]) -> Callable[[Cell], None]:
    """For `live_plot.show(on_click=...)`: point at `[..., row, dimension]`."""

    def take(cell: Cell) -> None:
        row, column = (int(number or 0) for number in cell[-2:])
        if row < len(sentence.pieces):
            choose(sentence, row)
        dimension(column)

    return take
