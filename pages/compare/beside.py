"""Two sentences in one head: both maps, piece beside piece, what is chosen of them, and how far each row looks elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.compare.maps import Asked
from pages.compare.sides import Side
from transformer.analysis.compare import Pairing, elsewhere, paired
from transformer.analysis.compare import beside as spread
from ui import controls
from ui.session import attentions, choice, kept, pointed
from ui.session.attentions import Attention, Kind, Numbers
from ui.show.live_plot import Cell
from ui.text import Chip
from ui.text import translate as _

ONLY_ROW, ONLY_COLUMN = "cmp_row", "cmp_column"  # in the address: places of pieces that only B has, from 0
Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Two:
    """Both sentences in one head, or in the mean of a layer's. Rows and columns are pairs of pieces."""

    asked: Asked
    sides: tuple[Side, Side]
    views: tuple[Attention, Attention]
    rows: Pairing
    columns: Pairing
    first: Numbers  # row column: A's weights, NaN where it has no such piece
    second: Numbers  # the same of B
    down: tuple[int, ...]  # the rows that are drawn
    across: tuple[int, ...]  # the columns that are drawn

    @property
    def moved(self) -> Numbers:
        """The share of each row that lies elsewhere in B (row); NaN for a row that only one of them has."""
        return elsewhere(self.first, self.second)

    def drawn(self, matrix: Numbers) -> Numbers:
        """The part of (row, column) that is drawn."""
        return matrix[np.ix_(self.down, self.across)]

    def pieces(self) -> tuple[list[str], list[str]]:
        """Of the rows and the columns that are drawn."""
        each = [(view.query_pieces, view.key_pieces) for view in self.views]
        return tuple(
            [piece(pairs[at], (each[0][axis], each[1][axis])) for at in which]
            for axis, (pairs, which) in enumerate(((self.rows, self.down), (self.columns, self.across)))
        )  # type: ignore[return-value]

    def chip(self, axis: int, at: int) -> Chip:
        """The piece of a row (`axis` 0) or of a column, as prose shows it, in A's colours if A has it."""
        one, other = (self.rows, self.columns)[axis][at]
        view, place = (self.views[1], other) if one is None else (self.views[0], one)
        return (view.query_chip, view.key_chip)[axis](place or 0)


def piece(pair: tuple[int | None, int | None], pieces: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
    """The piece of a pair of places."""
    one, other = pair
    return pieces[1][other or 0] if one is None else pieces[0][one]


def ask(side: Side) -> Asked:
    """Draw the controls of the attention."""
    names: dict[Kind, str] = {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}
    kind: Kind = controls.one_of(_("Attention"), "kind", names)  # type: ignore[assignment,arg-type]
    layer = controls.layer(attentions.layers(side, kind), first=True)
    options = {controls.MEAN: _("Mean")} | controls.numbers(side.walk.heads)
    head = controls.menu(_("Head"), "head", options, width=104)
    return Asked(kind=kind, layer=layer, head=None if head == controls.MEAN else int(head) - 1)


def two(sides: tuple[Side, Side], asked: Asked) -> Two:
    """Both maps, piece beside piece."""
    a, b = (attentions.attention(side, asked.kind, asked.layer) for side in sides)
    rows, columns = paired(a.query_pieces, b.query_pieces), paired(a.key_pieces, b.key_pieces)
    first, second = (
        spread(view.weights.mean(0) if asked.head is None else view.weights[asked.head], rows, columns, side)
        for side, view in enumerate((a, b))
    )
    return Two(
        asked=asked, sides=sides, views=(a, b), rows=rows, columns=columns, first=first, second=second,
        down=shown(rows, (a.rows, b.rows)), across=shown(columns, (a.columns, b.columns)),
    )  # fmt: skip


def shown(pairs: Pairing, drawn: tuple[slice, slice]) -> tuple[int, ...]:
    """Which pairs are drawn: those of pieces that are drawn."""
    return tuple(
        at for at, pair in enumerate(pairs)
        if any(place is not None and part.start <= place < part.stop for place, part in zip(pair, drawn, strict=True))
    )  # fmt: skip


def remember() -> None:
    """Before anything asks what is chosen."""
    pointed.remember(ONLY_ROW, ONLY_COLUMN)


def chosen(found: Two) -> Place:
    """The row and the column that the learner points at; before that, where most changes."""
    query, key = attentions.chosen(found.sides[0], found.views[0])
    row, column = at(found.rows, query, ONLY_ROW), at(found.columns, key, ONLY_COLUMN)
    moved = found.moved[list(found.down)]
    if row not in found.down or (np.isnan(found.moved[row]) and untouched(found)):
        row = found.down[int(np.nan_to_num(moved, nan=-1.0).argmax())]
        column = None if untouched(found) else column
    if column not in found.across:
        column = found.across[int(telling(found, row).argmax())]
    return row, column


def telling(found: Two, row: int) -> Numbers:
    """What makes a drawn column worth pointing at (column): that much changes; in a row of one sentence, the weight."""
    one, other = (each[row, list(found.across)] for each in (found.first, found.second))
    change: Numbers = np.nan_to_num(np.abs(other - one))
    return change if change.any() else np.nan_to_num(one) + np.nan_to_num(other)


def untouched(found: Two) -> bool:
    """Whether nobody has chosen yet."""
    asks = choice.LOOKED_AT if found.asked.kind == "encoder" else choice.WRITTEN
    return kept.unchosen(asks) and st.session_state.get(ONLY_ROW) is None


def at(pairs: Pairing, mine: int | None, only: str) -> int | None:
    """Where A's place stands among the pairs; without one, that of B which is held under `only`."""
    if mine is None:
        theirs = pointed.chosen(only, len(pairs))
        return next((row for row, pair in enumerate(pairs) if pair == (None, theirs)), None)
    return next((row for row, pair in enumerate(pairs) if pair[0] == mine), None)


def point(found: Two, row: int, column: int | None) -> None:
    """Point at a row and a column: at A's pieces, on every page; at those that only B has, here. Only in callbacks."""
    query, theirs = found.rows[row]
    key, others = (None, None) if column is None else found.columns[column]
    attentions.chooser(found.views[0])([query, key])
    if query is None:
        choice.set_place(choice.LOOKED_AT if found.asked.kind == "encoder" else choice.WRITTEN, None)
    pointed.choose(ONLY_ROW, theirs if query is None else None)
    pointed.choose(ONLY_COLUMN, others if key is None else None)


def chooser(found: Two) -> Callable[[Cell], None]:
    """For a click on `[side, row, column]` of what is drawn."""

    def choose(cell: Cell) -> None:
        _side, row, column = (int(number or 0) for number in cell)
        point(found, found.down[row], found.across[column])

    return choose
