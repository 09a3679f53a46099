"""Reading the lines of a TSV or CSV file whose layout nobody told us.

Tab-separated text has no quoting: a tab is always a separator and a quotation mark always a character. Text with commas
or semicolons follows RFC 4180: a quoted cell may hold separators and line breaks, so a record may take several lines.
"""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

MOST_QUOTED_LINES = 20  # a quote that stays open for longer was never meant to be one
SAMPLE_BYTES, SAMPLE_LINES = 1 << 16, 200  # what is looked at to find out what a file is
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
FORMATS = {
    b"\xff\xfe": "text in UTF-16", b"\xfe\xff": "text in UTF-16", b"PK\x03\x04": "a spreadsheet or a zip archive",
    b"\xd0\xcf\x11\xe0": "a spreadsheet", b"\x1f\x8b": "a gzip file", b"%PDF": "a PDF file",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """Some text, the lines of the file it stands on, and its cells; no cells if its quotes make no sense."""

    lines: range
    text: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """What separates the columns, and how many a line may have."""

    separator: str
    columns: int


def fault_of(sample: bytes) -> str:
    """What the beginning of a file shows it to be, if that is not text in UTF-8."""
    for magic, name in FORMATS.items():
        if sample.startswith(magic):
            return name
    return "not text, or text in UTF-16" if len(CONTROL.findall(sample)) > len(sample) / 50 + 1 else ""


def text_of(file: BinaryIO) -> Iterator[str]:
    """The lines of a file, every kind of line end made a newline; bytes that are not UTF-8 become surrogates."""
    with io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape") as text:
        yield from text


def layout_of(sample: bytes, separators: str) -> Layout:
    """The separator that gives most lines the same number of columns, two or more; the first one if none does."""
    lines = list(islice(text_of(io.BytesIO(sample)), SAMPLE_LINES))

    def regularity(separator: str) -> tuple[int, int]:
        counts = Counter(len(record.cells) for record in records(lines, separator))
        return max(((count, -columns) for columns, count in counts.items() if columns >= 2), default=(0, -2))

    separator = max(separators, key=lambda one: regularity(one)[0])
    return Layout(separator, len(sample) if separator == "\t" else -regularity(separator)[1])


def records(lines: Iterable[str], separator: str) -> Iterator[Record]:
    """The records of a text, in order; together they take every line once."""
    rest, number = iter(lines), 1
    window = deque(islice(rest, MOST_QUOTED_LINES))
    while window:
        cells, used = first_record(window, separator)
        yield Record(range(number, number + used), "".join(window.popleft() for _ in range(used)), cells)
        window.extend(islice(rest, used))
        number += used


def first_record(window: deque[str], separator: str) -> tuple[list[str], int]:
    """The cells of the record at the beginning of these lines, and how many of the lines it takes."""
    if separator == "\t" or '"' not in window[0]:
        return window[0].removesuffix("\n").split(separator), 1
    reader = csv.reader(window, delimiter=separator, skipinitialspace=True, strict=True)
    try:
        return next(reader), reader.line_num
    except csv.Error:
        return [], 1
