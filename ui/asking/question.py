"""What a question is, and what an answer is worth. Nothing here knows a model."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ui.text import filled
from ui.text import translate as _

Numbers = NDArray[np.float64]
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?( ?%)?|[+-]?\d+ ?/ ?[1-9]\d*")
THOUSANDS = re.compile(r"(?<=\d)[ ,.'’](?=\d{3}(?!\d))")  # separators, as in 16,640
LONGEST = 40  # characters of an answer that is typed


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with names in `{}`, and their values; markup in the values is shown, not obeyed."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def html(self) -> str:
        """With the values in bold."""
        return filled(self.template, **self.values)

    @property
    def plain(self) -> str:
        """As text."""
        return self.template.format(**self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The numbers that a question shows: a table as a picture, with a question mark where the answer will stand."""

    title: str
    rows: tuple[str, ...]  # labels
    columns: tuple[str, ...]
    values: Numbers  # row column; NaN is a hole
    hidden: frozenset[tuple[int, int]]  # cells that are shown once the question is answered
    names: tuple[str, str]  # of the rows and of the columns
    value_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. With `options`, `right` is the place of one of them; otherwise the number that is asked for."""

    kind: str  # which of `kinds.KINDS` made it
    page: str  # where the machine shows the same: the page's file name without `.py`
    asked: Sentence
    given: Given
    right: float
    why: Sentence  # how the right answer comes about
    options: tuple[str, ...] = ()
    tolerance: float = 0.0  # how far from `right` a number may be
    digits: int = 3
    there: Mapping[str, str] = field(default_factory=dict)  # the address of the view on that page

    def __post_init__(self) -> None:
        if self.options and not (len(set(self.options)) == len(self.options) > self.right >= 0):
            raise ValueError(f"The options of {self.kind} must differ, and the right one must be among them.")
        if not math.isfinite(self.right):
            raise ValueError(f"The answer to {self.kind} must be a number.")
        if any(not 0 <= row < len(self.given.rows) or not 0 <= column < len(self.given.columns)
               for row, column in self.given.hidden):  # fmt: skip
            raise ValueError(f"{self.kind} hides a cell that is not there.")

    @property
    def answer(self) -> str:
        """The right answer in words."""
        return self.options[int(self.right)] if self.options else number(self.right, self.digits)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer is worth. `said` is what was understood of it."""

    right: bool | None  # `None` where nothing is right or wrong
    said: str
    far: float | None = None  # a number's distance from the right one


def check(question: Question, answer: str) -> Verdict | None:
    """The worth of an answer: the place of an option, from 1, or a number; `None` if it is neither."""
    if question.options:
        place = int(answer) - 1 if answer.isascii() and answer.isdigit() and len(answer) < 5 else -1
        if not 0 <= place < len(question.options):
            return None
        return Verdict(place == question.right, question.options[place])
    said = read(THOUSANDS.sub("", answer) if not question.digits else answer)
    if said is None:
        return None
    far = abs(said - question.right)
    return Verdict(far <= question.tolerance + 1e-9, number(said, 6).rstrip("0").rstrip("."), far)


def read(text: str) -> float | None:
    """A number as people type it: `0.5`, `0,5`, `−0.5`, `50 %`, `1/2`; `None` if it is none, or not finite."""
    plain = text.strip().replace(",", ".").replace("−", "-")
    if len(plain) > LONGEST or not NUMBER.fullmatch(plain):
        return None
    if "/" in plain:
        above, below = plain.split("/")
        return int(above) / int(below)
    share = plain.endswith("%")
    value = float(plain.rstrip(" %"))
    value = value / 100 if share else value
    return value if math.isfinite(value) else None


def number(value: float, digits: int = 3) -> str:
    """A number as it could be typed, but with a true minus sign: no powers of ten, unlike `sums.number`."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if not float(text) else text.replace("-", "−")


def within(question: Question) -> str:
    """How near a number must come; nothing for a choice."""
    if question.options:
        return ""
    if not question.tolerance:
        return _("a whole number")
    return _("a number, ± {tolerance}").format(tolerance=f"{question.tolerance:.2g}")
