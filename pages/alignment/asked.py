"""What the controls of the page say: a view, a model, a dimension, how many rows are drawn; and the cell that is pointed at."""

from dataclasses import dataclass

import streamlit as st

from pages.alignment.looks import Looks, looks
from ui import controls
from ui.controls import dimension
from ui.frame import Seen, Visit
from ui.session import choice, pointed
from ui.session.attentions import drawn
from ui.session.chips import chip
from ui.session.kept import hold
from ui.text import Chip
from ui.text import translate as _

VIEW, ROWS, COUNTING = "al_view", "al_rows", "al_counting"  # in the address
YES = "yes"
RATE, KIND = "al_rate", "al_kind"  # what is pointed at, counted from 0
MOST_STEPS = 24  # pictures of a player: of long translations each shows several more rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One translation as the chosen model looked at it, and the cell that is told."""

    seen: Seen
    looks: Looks
    rows: slice  # of the written pieces that are drawn
    columns: slice  # of the source's
    row: int  # the written piece whose look is told
    column: int  # the annotation that is told
    dimension: int

    @property
    def pieces(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The rows' and the columns' pieces that are drawn."""
        return self.looks.walk.written[self.rows], self.looks.walk.source[self.columns]

    @property
    def origin(self) -> tuple[int, int]:
        """The first row and the first column that are drawn."""
        return self.rows.start, self.columns.start

    @property
    def query(self) -> Chip:
        """The piece that is about to be written."""
        return chip(self.looks.walk.written[self.row], self.row)

    @property
    def key(self) -> Chip:
        """The piece whose annotation is told."""
        return chip(self.looks.walk.source[self.column], self.column)

    @property
    def read(self) -> Chip:
        """The piece that the decoder reads in this step."""
        return chip(self.looks.walk.read[self.row], self.row - 1)

    @property
    def scope(self) -> str:
        """What a click belongs to: the sentence and the model."""
        return choice.scope(self.looks.walk) + self.seen.name


def ask(visit: Visit) -> str:
    """Draw the controls, and answer with the view."""
    views = {
        "map": _("Map"), "gold": _("Gold links"), "corpus": _("Held-out"), "scores": _("Scores"), "local": _("Local"),
    }  # fmt: skip
    with controls.row():
        view = controls.one_of(_("View"), VIEW, views)
        visit.choose(_("Model"), width=210)
    return view


def shown(seen: Seen) -> Shown:
    """The look of the chosen model, and the chosen cell: the strongest of its row, or of its column, as far as it is not chosen."""
    found = looks(seen)
    walk = found.walk
    row, column = choice.piece(walk), choice.looked_at(walk)
    begun = choice.beginning(walk)
    if found.moves is not None and {choice.WRITTEN: row, choice.LOOKED_AT: column} == {
        key: (begun[key] or 0) - 1 for key in (choice.WRITTEN, choice.LOOKED_AT)
    }:  # a window may leave nothing of the word that was chosen for its meaning
        column = None
    if row is None:
        row = 0 if column is None else int(found.weights[:, column].argmax())
    if column is None:
        column = int(found.weights[row].argmax())
    return Shown(
        seen=seen, looks=found, rows=drawn(walk.written, seen.special), columns=drawn(walk.source, seen.special), row=row, column=column,
        dimension=dimension_of(found, row, column),
    )  # fmt: skip


def dimension_of(found: Looks, row: int, column: int) -> int:
    """The dimension that is told: unless another is chosen, that of the largest term of the score."""
    chosen = dimension.chosen(found.width)
    return found.score(row, column).largest(1)[0].place if chosen is None else chosen


def remember() -> None:
    """First in the fragment, before anything asks for it."""
    dimension.remember()
    hold(VIEW, "map")
    hold(ROWS)
    hold(COUNTING, "")
    pointed.remember(RATE, KIND)


def stops(count: int) -> list[int]:
    """How many of `count` rows each picture of a player shows; the last shows all."""
    pace = -(-count // MOST_STEPS)
    return [*range(pace, count, pace), count]


def stop(shown: Shown, ends: list[int]) -> int:
    """The picture that the player begins with: the last, unless the learner stands at another that has the chosen row."""
    asked = st.session_state.get(ROWS)
    wanted = shown.row - shown.rows.start + 1
    if not isinstance(asked, int) or not 1 <= asked <= ends[-1] or asked < wanted:
        return len(ends) - 1
    return next(place for place, end in enumerate(ends) if end >= asked)
