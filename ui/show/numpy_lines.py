"""The clicked number once more, in NumPy: a few lines to copy, which run as they stand and print what the screen shows.

A sum tells what it is made of as a `Redo`; the lines are only written while their fold is open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from ui.measures.arithmetic import DotProduct, Numbers, Weighing
from ui.session.kept import kept
from ui.text import translate as _

FOLD = "fold_numpy"  # its key in the address
DIGITS = 6  # that count, of each number: more than the screen shows of any result
Value = float | str | Sequence[float] | Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Redo:
    """A small program: numbers by name, lines that compute, and the expression whose value the screen shows as `shows`."""

    numbers: Mapping[str, Value]
    result: str
    shows: str
    lines: Sequence[str] = field(default=())

    @property
    def text(self) -> str:
        """The program; its last line prints the value."""
        given = [f"{name} = {written(value)}" for name, value in self.numbers.items()]
        told = f"# {_('on the screen: {value}').format(value=self.shows)}"
        return "\n".join(["import numpy as np", "", *given, *self.lines, told, f"print({self.result})"])


def offer(redo: Redo) -> None:
    """The fold with the lines, which can be copied; remembered, also in the address."""
    with kept(FOLD, False):
        fold = st.expander(_("In NumPy"), False, key=FOLD, type="compact", on_change="rerun", bind="query-params")
    if fold.open:
        with fold:
            st.code(redo.text, language="python")


def written(value: Value) -> str:
    """A number, an array of numbers, or Python as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, float | int | np.number):
        return digits(float(value))
    return f"np.array([{', '.join(digits(float(each)) for each in value)}])"


def digits(value: float) -> str:
    """A number with the digits that count."""
    return f"{value:.{DIGITS}g}" if np.isfinite(value) else "-np.inf" if value < 0 else "np.inf"


def product(dot: DotProduct, shows: str, names: tuple[str, str] = ("a", "b"), bias: bool = False) -> Redo:
    """A dot product of two vectors, and the bias."""
    left, right = names
    numbers: dict[str, Value] = {left: dot.left, right: dot.right}
    return Redo(
        numbers=numbers | ({"bias": dot.bias} if bias else {}), result=f"{left} @ {right}{' + bias' if bias else ''}", shows=shows
    )  # fmt: skip


def cosine(one: Iterable[float], other: Iterable[float], shows: str) -> Redo:
    """The cosine of two vectors."""
    return Redo(
        numbers={"a": list(one), "b": list(other)}, result="a @ b / (np.linalg.norm(a) * np.linalg.norm(b))", shows=shows
    )  # fmt: skip


def score(cell: Weighing, shows: str, divided: bool = True, masked: bool = False) -> Redo:
    """The score of a query and a key: their product, divided unless that is switched off, under the mask."""
    root = " / np.sqrt(len(q))" if divided and cell.divisor != 1 else ""
    numbers: dict[str, Value] = {"q": cell.dot.left, "k": cell.dot.right}
    if masked:
        numbers["mask"] = 0 if cell.allowed else "-np.inf"
    return Redo(numbers=numbers, result=f"q @ k{root}{' + mask' if masked else ''}", shows=shows)


def softmax(cell: Weighing, shows: str) -> Redo:
    """A weight: its share of the row of scores, which the mask has passed."""
    return Redo(
        numbers={"scores": cell.row}, lines=["exp = np.exp(scores - scores.max())"],
        result=f"exp[{cell.place}] / exp.sum()", shows=shows,
    )  # fmt: skip


def given(cell: Weighing, shows: str) -> Redo:
    """What a key gives to the head's output: its weight times its value."""
    softmaxed = softmax(cell, shows)
    return Redo(
        numbers={**softmaxed.numbers, "v": cell.value}, lines=softmaxed.lines, result=f"{softmaxed.result} * v", shows=shows
    )  # fmt: skip
