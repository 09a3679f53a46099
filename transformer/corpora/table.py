"""Any TSV or CSV file of two columns as sentence pairs, with a report of every line that is not one of them.

The first column of sentences is English, the second French, unless a first line names them otherwise; numbers are no sentences, and
further columns (such as the attribution in the archives of manythings.org) are ignored. What separates the columns is found in the
text itself. Each sentence is brought into its one form (`transformer.text`).
"""

import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal

from transformer.corpora._records import SAMPLE_BYTES, Layout, Record, fault_of, layout_of, records, text_of
from transformer.corpora.corpus import Corpus, CorpusError, Pair
from transformer.text import clean

Reason = Literal[
    "header", "blank", "bad encoding", "control characters", "quotes", "one column", "extra columns", "empty side",
    "too long", "duplicate",
]  # fmt: skip
EXPECTED = "Each line should be an English sentence, a tab or a comma, and a French sentence."
MOST_CHARACTERS = 400  # on a side
MOST_BYTES = 200_000_000
MOST_LINES = 1_000_000
EXPLANATIONS: dict[Reason, str] = {
    "header": "the names of the columns",
    "blank": "nothing on the line",
    "bad encoding": "not UTF-8; a file in Latin-1, Windows-1252 or CP949 has to be saved as UTF-8",
    "control characters": "characters that are no text",
    "quotes": "a quotation mark without its partner; within a quoted cell it is written twice",
    "one column": "nothing between English and French",
    "extra columns": "more columns than the other lines; a sentence with commas has to be in quotes",
    "empty side": "a column without a sentence",
    "too long": f"a sentence of more than {MOST_CHARACTERS} characters",
    "duplicate": "the same pair as on an earlier line",
}
ESCAPED = re.compile("[\ud800-\udfff]")  # what `text_of` makes of bytes that are not UTF-8
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that is in no pair, and why: see `EXPLANATIONS`. Lines count from 1."""

    line: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Table:
    """The pairs of a file, the lines that were dropped, and the lines that each pair stands on: mostly one."""

    pairs: tuple[Pair, ...]
    dropped: tuple[Dropped, ...]
    lines: tuple[range, ...]

    @property
    def reasons(self) -> Counter[Reason]:
        """How many lines were dropped for each reason."""
        return Counter(one.reason for one in self.dropped)


def load_table(path: Path) -> Corpus:
    """The corpus that a TSV or CSV file holds, named after the file. Raises `CorpusError`."""
    return corpus_of(read_table(path), path.name)


def corpus_of(table: Table, file_name: str) -> Corpus:
    """The pairs of a table as a corpus."""
    return Corpus(
        name=Path(file_name).stem,
        title=f"The sentence pairs of {file_name}",
        licence="unknown; ask whoever made the file",
        attribution=f"the file {file_name}",
        pairs=table.pairs,
    )


def read_table(path_or_bytes: Path | str | bytes) -> Table:
    """The pairs of a file, or of a file's content. Raises `CorpusError` if it cannot be read or holds no pair."""
    if isinstance(path_or_bytes, bytes):
        return table_of_file(io.BytesIO(path_or_bytes), "The text")
    path = Path(path_or_bytes)
    if os.path.isdir(path):
        raise CorpusError(f"{path} is a folder. Give a TSV or CSV file. {EXPECTED}")
    try:
        with path.open("rb") as file:
            return table_of_file(file, str(path), "\t" if path.suffix.lower() in {".tsv", ".tab"} else "\t;,")
    except (OSError, ValueError) as error:
        raise CorpusError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def table_of_file(
    file: BinaryIO,
    origin: str,
    separators: str = "\t;,",
    sides: tuple[int, int] | None = None,
    most_lines: int = 0,
) -> Table:
    """The pairs of an open file with one of these separators; `origin` is what an error calls the file.

    `sides` are the columns of source and target, from 0, where somebody has chosen them; `most_lines` bounds it below `MOST_LINES`.
    """
    sample = file.read(SAMPLE_BYTES)
    if fault := fault_of(sample):
        raise CorpusError(f"{origin} is {fault}. Save it as CSV in UTF-8.")
    if file.seek(0, io.SEEK_END) > MOST_BYTES:
        raise CorpusError(f"{origin} is larger than {MOST_BYTES // 1_000_000} MB. Cut it into smaller files.")
    file.seek(0)
    layout = layout_of(sample, separators)
    table = table_of_lines(
        text_of(file), replace(layout, sides=sides or layout.sides), origin, most_lines or MOST_LINES
    )
    if not table.pairs:
        advice = " Save it as UTF-8." if table.reasons["bad encoding"] else ""
        raise CorpusError(
            f"{origin} has no sentence pair: {emptiness(table)}. A line is English, a tab or comma, French.{advice}"
        )
    return table


def emptiness(table: Table) -> str:
    """Why a table has no pair."""
    reasons = ", ".join(f"{count:,} for {reason}" for reason, count in table.reasons.most_common())
    return f"all its lines were dropped, {reasons}" if reasons else "it is empty"


def table_of_lines(lines: Iterable[str], layout: Layout, origin: str, most: int) -> Table:
    """Every line of a text in a pair or among the dropped. Raises `CorpusError` if there are more lines than `most`."""
    pairs: dict[Pair, range] = {}
    dropped: list[Dropped] = []
    for record in records(lines, layout.separator):
        if record.lines.stop > most + 1:
            raise CorpusError(f"{origin} has more than {most:,} lines. Cut it into smaller files.")
        outcome = pair_of(record, layout)
        if isinstance(outcome, Pair) and outcome in pairs:
            outcome = "duplicate"
        if isinstance(outcome, Pair):
            pairs[outcome] = record.lines
        else:
            dropped.extend(Dropped(line, outcome) for line in record.lines)
    return Table(tuple(pairs), tuple(dropped), tuple(pairs.values()))


def pair_of(record: Record, layout: Layout) -> Pair | Reason:
    """The pair that a record is, or why it is none."""
    if record.lines.start < layout.first and visible(record.text):
        return "header"
    if fault := fault_of_text(record):
        return fault
    if len(record.cells) <= max(layout.sides):
        return "one column"
    if any(cell.strip() for cell in record.cells[layout.columns :]):
        return "extra columns"
    source, target = (clean(record.cells[side]) for side in layout.sides)
    if max(len(source), len(target)) > MOST_CHARACTERS:
        return "too long"
    return Pair(source, target) if visible(source) and visible(target) else "empty side"


def fault_of_text(record: Record) -> Reason | None:
    """Why the characters of a record are unusable, if they are."""
    if ESCAPED.search(record.text):
        return "bad encoding"
    if CONTROL.search(record.text):
        return "control characters"
    if not record.cells:
        return "too long" if len(record.text) > csv.field_size_limit() else "quotes"
    return None if visible(record.text) else "blank"


def visible(text: str) -> bool:
    """Whether there is anything to see, unlike in white space or zero-width characters."""
    return any(character.isprintable() and not character.isspace() for character in text)
