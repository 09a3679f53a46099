"""The printable page: sheets, and the key on sheets of its own, as one file of HTML without a script or anything from elsewhere."""

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from pages.worksheets.about import About
from pages.worksheets.exercise import Blank, Cell, Exercise, Table
from pages.worksheets.sheet import Sheet
from ui import text
from ui.frame import ways
from ui.text import translate as _

HERE = Path(__file__).parent / "assets"
SIZES = {"a4": ("A4", 210), "letter": ("letter", 216)}  # what @page calls them, and how wide they are, in millimetres
LONGEST, WIDE = 160, 7  # signs of a sentence; columns from which on a table is set small


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How the page is made."""

    about: About
    paper: str  # of `SIZES`
    key: bool
    base: str  # the address of the app, without a slash at the end


def page(sheets: Sequence[Sheet], wanted: Wanted) -> str:
    """The whole file."""
    name, width = SIZES[wanted.paper]
    return template().render(
        language=text.language(), style=Markup(style()), words=words(sheets, wanted), key=wanted.key,
        paper={"size": name, "width": width}, sheets=[shown(each, wanted.base) for each in sheets],
    )  # fmt: skip


@cache
def template() -> Template:
    """The template. All that it is given is escaped, but for what is marked as HTML."""
    house = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return house.get_template("paper.html")


@cache
def style() -> str:
    """The style sheet."""
    return (HERE / "print.css").read_text("utf-8")


def words(sheets: Sequence[Sheet], wanted: Wanted) -> dict[str, str]:
    """What is printed around the exercises."""
    numbers = str(sheets[0].number) if len(sheets) == 1 else f"{sheets[0].number}–{sheets[-1].number}"
    subject = wanted.about.name
    if wanted.about.instead:
        subject = _("{name} (exercises of the nearest page, {other})").format(name=subject, other=wanted.about.instead)
    return {
        "title": _("Attention Atlas: worksheets {numbers}").format(numbers=numbers), "name": _("Name"), "date": _("Date"),
        "hint": _("To print, or to save as PDF: Ctrl+P, on a Mac ⌘P. The answer key begins a sheet of its own.") if wanted.key
        else _("To print, or to save as PDF: Ctrl+P, on a Mac ⌘P."),
        "sentence": _("Sentence"), "translation": _("Translation"), "model": _("Model"), "about": _("About"), "subject": subject,
        "see": _("See it:"), "key": _("Answer key: {numbers}").format(numbers=numbers),
    }  # fmt: skip


def shown(sheet: Sheet, base: str) -> dict[str, Any]:
    """A sheet as the template wants it."""
    model = (
        sheet.model if sheet.moment is None else _("{model}, step {step}").format(model=sheet.model, step=sheet.moment)
    )
    return {
        "number": sheet.number, "title": _("Worksheet {number}").format(number=sheet.number), "sentence": cut(sheet.sentence),
        "translation": cut(sheet.translation), "model": model, "exercises": [one(each, sheet, base) for each in sheet.exercises],
    }  # fmt: skip


def cut(sentence: str) -> str:
    """A sentence that fits on two lines; whether it was cut stands behind it."""
    if len(sentence) <= LONGEST:
        return sentence
    begun = sentence[:LONGEST].rstrip()
    return _("{begun}… (the first {few} of {all} letters)").format(begun=begun, few=len(begun), all=len(sentence))


def one(exercise: Exercise, sheet: Sheet, base: str) -> dict[str, Any]:
    """An exercise as the template wants it: each blank has a letter, by which the key calls it."""
    letter = letters()
    tables: list[list[dict[str, Any]]] = []
    answers = []
    for table in exercise.tables:
        rows = []
        for row in table.rows:
            cells = [cell_of(cell, letter) for cell in row]
            answers += [{"letter": told["letter"], "answer": cell.answer, "how": typeset(cell.how)}
                        for cell, told in zip(row, cells, strict=True) if isinstance(cell, Blank)]  # fmt: skip
            rows.append(cells)
        if not table.beside:
            tables.append([])
        tables[-1].append({"head": [*map(typeset, table.head)], "rows": rows, "wide": wide(table)})
    note = Markup(" ").join(filter(None, [typeset(Markup(exercise.view)), exercise.rounding]))
    return {
        "title": exercise.title, "asked": typeset(Markup(exercise.asked)), "note": note, "full": Markup(exercise.full), "room": exercise.room,
        "tables": tables, "answers": answers, "link": link(exercise, sheet, base), "address": address(exercise, base),
    }  # fmt: skip


NAMES = re.compile(r"\b([dWbv])_(model|ff|k|[QKVO12]|\d+)\b")
POWERS = re.compile(r"(?<=[\de)])\^(\d+\.\d+|<b>[\d.]+</b>|\([^()]*(?:\([^()]*\))?[^()]*\))")


def typeset(text: str) -> Markup:
    """HTML of a text, or of HTML, in which names such as `d_model` have their index below, and powers stand above."""
    return Markup(POWERS.sub(power, NAMES.sub(r"\1<sub>\2</sub>", str(escape(text)))))


def power(found: re.Match[str]) -> str:
    """A power without the brackets around it."""
    return f"<sup>{found[1].removeprefix('(').removesuffix(')')}</sup>"


def wide(table: Table) -> bool:
    """Whether a table has to be set small."""
    return len(table.head) > WIDE


def letters() -> Iterator[str]:
    """a, b, c, ..., z, aa, ab, ..."""
    yield from string.ascii_lowercase
    yield from map("".join, product(string.ascii_lowercase, repeat=2))


def cell_of(cell: Cell, letter: Iterator[str]) -> dict[str, str]:
    """A cell as the template wants it. A blank has a letter, and no text."""
    if isinstance(cell, Blank):
        return {"letter": next(letter), "text": "", "look": "blank"}
    plain = cell.replace("−", "").replace(",", "").replace(".", "")
    return {
        "letter": "",
        "text": typeset(cell),
        "look": "none" if cell == "–" else "number" if plain.isdigit() else "text",
    }


def link(exercise: Exercise, sheet: Sheet, base: str) -> str:
    """Where the machine shows the same, with the sentence and the model."""
    moment = {} if sheet.moment is None else {"moment": str(sheet.moment)}
    asked: Mapping[str, str] = {"text": sheet.sentence, "checkpoint": sheet.model, **moment, **exercise.there}
    return f"{base}/{ways.path(exercise.page)}?{urlencode(asked)}"


def address(exercise: Exercise, base: str) -> str:
    """The same for a person to type, who has the sentence on the sheet: without it, and without what is long."""
    asked = urlencode({key: value for key, value in exercise.there.items() if len(value) <= 20})
    return f"{base.partition('://')[2] or base}/{ways.path(exercise.page)}" + (f"?{asked}" if asked else "")
