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
SEPARATOR_TOLD = re.compile(r'"?sep=([\t;,|])"?\s*', re.IGNORECASE)
LETTER = re.compile(r"[^\W\d_]")
MOST_TITLE_WORDS = 4  # in the name of a column, such as `English sentence (US)`
ROLES = {
    "source": {*"en eng english anglais ingles inglés englisch 영어 source src input original 원문".split()},
    "target": {
        *"fr fra fre french français francais französisch 프랑스어 target tgt trg output translation traduction 번역".split()
    },
    "number": {*"id ids no nr num number numéro index rank row line # 번호".split()},
    "language": {
        *"sentence text de deu ger german es spa spanish it ita italian ko kor korean 한국어 독일어 스페인어".split()
    },
}
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
    """How the lines of a file are to be read. Columns count from 0."""

    separator: str
    columns: int  # that a line may have
    sides: tuple[int, int] = (0, 1)  # the columns of the source and of the target
    first: int = 1  # the line with the first pair; those before it name the columns


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
    """What a file's beginning shows: the separator that gives most lines the same number of columns, and which of them hold sentences.

    The columns are chosen by their names, if the first line names them, otherwise by what they hold: numbers are no sentences.
    """
    lines = list(islice(text_of(io.BytesIO(sample)), SAMPLE_LINES))
    told = SEPARATOR_TOLD.fullmatch(lines[0]) if lines else None  # `sep=;`, which a spreadsheet writes for itself

    def regularity(separator: str) -> tuple[int, int]:
        counts = Counter(len(record.cells) for record in records(lines, separator))
        return max(((count, -columns) for columns, count in counts.items() if columns >= 2), default=(0, -2))

    regular = {one: regularity(one) for one in ([told[1]] if told else separators)}
    separator = max(regular, key=lambda one: regular[one][0])
    first = 2 if told else 1
    found = [record for record in records(lines, separator) if record.cells and record.lines.start >= first]
    roles = [role_of(cell) for cell in found[0].cells] if found and found[0].lines.start == first else []
    named = sum(role != "" for role in roles) >= 2
    rows = [record.cells for record in found[1 if named else 0 :]]
    columns = len(sample) if separator == "\t" else -regular[separator][1]
    return Layout(separator, columns, sides_of(roles if named else [], rows), found[0].lines.stop if named else first)


def role_of(title: str) -> str:
    """What the name of a column says of it: "source", "target", "number", "language" or, if it is no such name, nothing."""
    words = re.findall(r"[^\W_]+|#", title.casefold())
    found = [role for word in words for role, names in ROLES.items() if word in names]
    return found[0] if found and len(words) <= MOST_TITLE_WORDS else ""


def sides_of(roles: list[str], rows: list[list[str]]) -> tuple[int, int]:
    """The columns of source and target: those of these names, otherwise the first two that hold sentences."""
    if "source" in roles and "target" in roles:
        return roles.index("source"), roles.index("target")
    width = max(map(len, rows), default=2)
    cells = [[row[column] for row in rows if column < len(row) and row[column].strip()] for column in range(width)]
    text = [
        column for column in range(width)
        if roles[column : column + 1] != ["number"]
        and cells[column] and 2 * sum(bool(LETTER.search(cell)) for cell in cells[column]) > len(cells[column])
    ]  # fmt: skip
    return (text[0], text[1]) if len(text) >= 2 else (0, 1)


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
