"""What an exercise is: a question, tables with numbers and blanks, and what the key says. Nothing here knows a model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Blank:
    """A cell that is empty on the sheet. The key has the answer, and how it comes about."""

    answer: str
    how: str = ""  # a sum of numbers that are printed, or of other answers


Cell = str | Blank


def line(*cells: Cell) -> tuple[Cell, ...]:
    """A row of a table: its name, then numbers and blanks."""
    return cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Numbers and blanks; the first cell of each row is its name."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    beside: bool = False  # whether it stands beside the table before it, not below

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError("Each row of a table needs as many cells as its head.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One exercise. `asked`, `view` and `full` are HTML, with the learner's words escaped in it."""

    kind: str  # which of `kinds.KINDS` made it
    page: str  # where the machine shows the same: the page's file name without `.py`
    title: str
    asked: str
    tables: tuple[Table, ...]
    rounding: str = ""  # how results are rounded; nothing where there is nothing to round
    view: str = ""  # what the exercise leaves out of the machine's own sum; nothing if it is whole
    full: str = ""  # for the key: the machine's own numbers, where the view has others
    there: Mapping[str, str] = field(default_factory=dict)  # the address of the view on that page
    room: int = 24  # millimetres of squared paper below it

    @property
    def blanks(self) -> Iterator[Blank]:
        """Every blank, in the order of reading."""
        return (cell for table in self.tables for row in table.rows for cell in row if isinstance(cell, Blank))

    @property
    def given(self) -> tuple[str, ...]:
        """All that is printed on the sheet: what makes one exercise differ from another."""
        cells = (
            cell for table in self.tables for row in (table.head, *table.rows) for cell in row if isinstance(cell, str)
        )
        return (self.kind, self.asked, *cells)
