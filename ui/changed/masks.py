"""Masks that the learner paints: a pattern for each kind of attention, and single cells the other way round.

A cell `(query, key)` counts from 0. A row that would see nothing is never made: a softmax needs one number at least.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from transformer.what_if import Kind, Mask
from ui.text import translate as _

Cell = tuple[int, int]
Grid = NDArray[np.bool_]
TRAINED = "trained"
PATTERNS: dict[Kind, tuple[str, ...]] = {
    "decoder": (TRAINED, "future", "previous", "first", "itself"),
    "encoder": (TRAINED, "past", "previous", "first", "itself"),
    "cross": (TRAINED, "first", "itself"),
}


@dataclass(frozen=True, slots=True)
class Painted:
    """The mask of one kind of attention, in all its layers and heads."""

    kind: Kind
    pattern: str = TRAINED
    flipped: frozenset[Cell] = frozenset()  # cells that are not as the pattern has them

    @property
    def untouched(self) -> bool:
        """Whether this is the mask of training."""
        return self.pattern == TRAINED and not self.flipped


def words(pattern: str) -> str:
    """The name of a pattern."""
    return {
        TRAINED: _("As trained"), "future": _("See the future"), "past": _("Only the past"), "first": _("First piece"),
        "previous": _("Piece before"), "itself": _("Diagonal"),
    }[pattern]  # fmt: skip


def plain(kind: Kind, pattern: str, rows: int, columns: int) -> Grid:
    """What a pattern allows: `(query, key)`, True where a query may look."""
    query, key = np.arange(rows)[:, None], np.arange(columns)[None]
    if pattern == TRAINED:
        pattern = "past" if kind == "decoder" else "future"
    grids: dict[str, Grid] = {
        "future": (query >= 0) & (key >= 0),
        "past": key <= query,
        "previous": key == np.minimum(np.maximum(query - 1, 0), columns - 1),
        "first": (query >= 0) & (key == 0),
        "itself": key == np.minimum(query, columns - 1),
    }
    return grids[pattern]


def allowed(painted: Painted, rows: int, columns: int) -> Grid:
    """The painted mask `(query, key)`. A row whose every cell was hidden keeps the pattern's."""
    found = plain(painted.kind, painted.pattern, rows, columns)
    before = found.copy()
    for query, key in painted.flipped:
        if query < rows and key < columns:
            found[query, key] ^= True
    empty = ~found.any(1)
    found[empty] = before[empty]
    return found


def for_model(painted: Painted, rows: int, columns: int) -> Mask:
    """The same as the model takes it."""
    return Mask(painted.kind, tuple(map(tuple, allowed(painted, rows, columns).tolist())))


def brushed(painted: Painted, brush: str, cell: Cell, rows: int, columns: int) -> tuple[Painted, tuple[int, ...]]:
    """Turn a cell, or as `brush` says the whole `row` or `column` of it; and the queries that would then see nothing.

    If there are any of those, the mask stays as it was. A row or a column takes on what its clicked cell becomes.
    """
    now = allowed(painted, rows, columns)
    wanted, to = now.copy(), not now[cell]
    rows_of, columns_of = slice(cell[0], cell[0] + 1), slice(cell[1], cell[1] + 1)
    wanted[slice(None) if brush == "column" else rows_of, slice(None) if brush == "row" else columns_of] = to
    blind = tuple(np.flatnonzero(~wanted.any(1)).tolist())
    if blind:
        return painted, blind
    return replace(painted, flipped=difference(painted, wanted)), ()


def difference(painted: Painted, wanted: Grid) -> frozenset[Cell]:
    """The cells in which `wanted` is not as the pattern has them."""
    usual = plain(painted.kind, painted.pattern, *wanted.shape)
    return frozenset((int(query), int(key)) for query, key in np.argwhere(usual != wanted))


def count(painted: Painted, rows: int, columns: int) -> tuple[int, int]:
    """How many cells may be looked at that were hidden in training, and how many are hidden that were not."""
    now, usual = allowed(painted, rows, columns), plain(painted.kind, TRAINED, rows, columns)
    return int((now & ~usual).sum()), int((usual & ~now).sum())


def refused(queries: Sequence[str]) -> str:
    """Why a mask is not painted."""
    if len(queries) > 1:
        many = _(
            "Not painted: {count} rows would see nothing. Each row needs one piece at least, or its weights cannot sum to 1."
        )
        return many.format(count=len(queries))
    one = _(
        "Not painted: {piece} would see nothing. Each row needs one piece at least, or its weights cannot sum to 1."
    )
    return one.format(piece=queries[0])
