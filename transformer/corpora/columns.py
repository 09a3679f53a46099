"""What the columns of a file hold, and which two of them are taken for its pairs: told before anything is learned from them."""

import io
from dataclasses import dataclass
from pathlib import Path

from transformer.corpora._records import (
    SAMPLE_BYTES,
    SAMPLE_LINES,
    SEPARATOR_TOLD,
    Layout,
    Record,
    layout_of,
    records,
    text_of,
)
from transformer.text import clean

MOST_COLUMNS = 20  # that are told of
MOST_CHARACTERS = 40  # of a sample


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file, in order. Columns count from 0."""

    names: tuple[str, ...]  # as the first line has them; "" if it names none
    samples: tuple[str, ...]  # the beginning of the first cell with something in it
    sides: tuple[int, int]  # those that are taken as source and target

    def told(self, column: int) -> str:
        """`english: Good morning.`"""
        return ": ".join(filter(None, (self.names[column], self.samples[column])))

    def __str__(self) -> str:
        """`source: column 2 (english: Good morning.); target: column 3 (french: Bonjour.)`"""
        names = zip(("source", "target"), self.sides, strict=True)
        return "; ".join(f"{name}: column {column + 1} ({self.told(column)})" for name, column in names)


def columns_of_file(path: Path) -> Columns | None:
    """The columns of a file of pairs; `None` if it has fewer than two. Raises `OSError`."""
    with path.open("rb") as file:
        return columns_of(file.read(SAMPLE_BYTES), separators_of(path.name))


def columns_of(content: bytes, separators: str) -> Columns | None:
    """The columns that the beginning of a file shows; `None` if there are fewer than two."""
    sample = content[:SAMPLE_BYTES]
    layout = layout_of(sample, separators)
    lines = list(text_of(io.BytesIO(sample)))[:SAMPLE_LINES]
    found = [one for one in records(lines, layout.separator) if one.cells and not SEPARATOR_TOLD.fullmatch(one.text)]
    count = min(max((len(one.cells) for one in found), default=0), layout.columns, MOST_COLUMNS)
    if count <= max(layout.sides):
        return None
    heads, rows = split(found, layout)
    names = [clean(heads[0].cells[column]) if heads and column < len(heads[0].cells) else "" for column in range(count)]
    return Columns(tuple(names), tuple(sample_of(rows, column) for column in range(count)), layout.sides)


def split(found: list[Record], layout: Layout) -> tuple[list[Record], list[Record]]:
    """The records that name the columns, and those with the pairs."""
    heads = [one for one in found if one.lines.start < layout.first]
    return heads, found[len(heads) :]


def sample_of(rows: list[Record], column: int) -> str:
    """The beginning of the first cell of a column that holds something."""
    cells = (clean(row.cells[column]) for row in rows if column < len(row.cells))
    return next((cell[:MOST_CHARACTERS] for cell in cells if cell), "")


def separators_of(file_name: str) -> str:
    """What may separate the columns of a file of that name."""
    return "\t" if Path(file_name).suffix.lower() in {".tsv", ".tab"} else "\t;,"
