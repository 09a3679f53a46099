"""The numbers around the chosen one, as a grid: a vector folded into rows, or a window of a matrix; and what a small change of each does."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.one_number.asked import EMBEDDING, Asked
from transformer.analysis.effects import slopes
from transformer.numbers import LAYER, Number
from transformer.what_if import WhatIf, apply
from ui.changed.outcome import Compared
from ui.frame import Session
from ui.machine.packed import fold
from ui.session import state
from ui.session.attentions import Numbers
from ui.session.state import Origin
from ui.session.walk import array

SIDE = 16  # rows and columns of the window of a matrix
LITTLE = 0.01  # nats


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What is drawn. Of a matrix the window begins at `first`; a vector is folded into rows of `wide` numbers."""

    asked: Asked
    usual: Numbers  # row column, of all: as the model has them; one row of a vector
    now: Numbers  # the same with what was set by hand
    slopes: Numbers  # the same: what log p gains for each unit, as the model is now
    first: tuple[int, int]
    shape: tuple[int, int]

    @property
    def wide(self) -> int:
        """Numbers in a row of the grid."""
        return self.shape[1]

    def drawn(self, all_numbers: Numbers) -> Numbers:
        """The part that is drawn."""
        if self.asked.vector:
            return all_numbers.reshape(self.shape)
        (top, left), (down, across) = self.first, self.shape
        return all_numbers[top : top + down, left : left + across]

    def place(self, row: int, column: int) -> tuple[int, int] | None:
        """Where a number is drawn, if it is."""
        if self.asked.vector:
            return divmod(column, self.wide)
        found = row - self.first[0], column - self.first[1]
        return found if 0 <= found[0] < self.shape[0] and 0 <= found[1] < self.shape[1] else None

    def number(self, down: int, across: int) -> tuple[int, int]:
        """The row and the column of the number that is drawn there."""
        if self.asked.vector:
            return self.asked.row, min(down * self.wide + across, self.asked.size[1] - 1)
        return self.first[0] + down, self.first[1] + across

    @property
    def row(self) -> int:
        """The chosen row of `usual`, `now` and `slopes`."""
        return 0 if self.asked.vector else self.asked.row

    def of(self, numbers: Numbers) -> float:
        """The chosen one of some numbers."""
        return float(numbers[self.row, self.asked.column])

    @property
    def steepest(self) -> tuple[int, int]:
        """The row and the column of the number whose small change matters most."""
        row, column = np.unravel_index(int(np.abs(self.slopes).argmax()), self.slopes.shape)
        return (self.asked.row if self.asked.vector else int(row)), int(column)

    @property
    def little(self) -> int:
        """How many of all these, set to 0, would move log p by less than `LITTLE`, as their slopes tell."""
        return int((np.abs(self.slopes * self.now) < LITTLE).sum())


def grid(session: Session, asked: Asked, pair: Compared) -> Grid:
    """The numbers of the chosen vector or matrix."""
    usual, now = both(session, asked, pair)
    found = slope(
        session.origin, session.walk.source_text, session.walk.written_ids, asked.where, asked.numbers, row_of(asked)
    )
    first, shape = (0, 0), (min(SIDE, asked.size[0]), min(SIDE, asked.size[1]))
    if asked.vector:
        wide, rows = fold(asked.size[1])
        shape = rows, wide
    else:
        chosen = asked.row, asked.column
        first = tuple(max(0, min(at - SIDE // 2, count - SIDE)) for at, count in zip(chosen, asked.size, strict=True))  # type: ignore[assignment]
    return Grid(asked=asked, usual=usual, now=now, slopes=found, first=first, shape=shape)


def row_of(asked: Asked) -> int | None:
    """The only row that is wanted; `None` for all."""
    return asked.row if asked.vector else None


def both(session: Session, asked: Asked, pair: Compared) -> tuple[Numbers, Numbers]:
    """The numbers as the model has them, and as they are now (row column); what leaves a layer also as changes below have made it."""
    if asked.where.startswith(LAYER):
        layer = int(asked.where.removeprefix(LAYER)) - 1
        each = [array(one.trace.encoder.layers[layer].output[0])[asked.row : asked.row + 1] for one in pair]
        return each[0], each[1]
    weight = np.atleast_2d(array(dict(session.checkpoint.model.named_parameters())[asked.where].detach()))
    usual = weight[asked.row : asked.row + 1] if asked.where == EMBEDDING else weight
    now = usual.copy()
    for number in asked.numbers:
        if number.where == asked.where and (asked.where != EMBEDDING or number.row == asked.row):
            now[0 if asked.vector else number.row, number.column] = number.value
    return usual, now


@st.cache_data(max_entries=48, show_spinner=False)
def slope(
    origin: Origin, text: str, reference: tuple[int, ...], where: str, numbers: tuple[Number, ...], row: int | None
) -> Numbers:
    """What log p of the reference gains for each unit of each number (row column), in a model with these `numbers`; of one row, or of all."""
    checkpoint = state.opened(origin)
    model = apply(checkpoint.model, WhatIf(numbers=numbers))
    found: Numbers = slopes(model, checkpoint.tokenizer.encode(text), reference, where).astype(np.float32)
    return found if row is None else found[row : row + 1]
