"""The sum behind one number of a cell: its equation with the learner's numbers, term by term, in double precision."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pages.one_hidden_state.steps import Step
from relatives.cells import GruTrace
from ui.measures.arithmetic import DotProduct
from ui.session.walk import array
from ui.show.sums import Line, bracketed, number, summed
from ui.text import translate as _

LETTER = {
    "reset": "r",
    "update": "z",
    "input_gate": "i",
    "forget_gate": "f",
    "output_gate": "o",
}  # what goes through a sigmoid


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What stands before the sigmoid or the tanh of one number of a gate."""

    reads: DotProduct  # W x + b
    recalls: DotProduct  # U h + b

    @property
    def total(self) -> float:
        """Both together, as a gate adds them."""
        return self.reads.total + self.recalls.total


def gate(step: Step, name: str, column: int) -> Gate:
    """The two sums of one number of a gate; the plain cell's only one is its `candidate`."""
    cell = step.cell
    row = cell.GATES.index(name) * cell.d_state + column
    W, U, b_W, b_U = (array(each.detach()[row]) for each in cell.weights())
    return Gate(
        reads=DotProduct(W.astype(np.float64), step.row("inputs"), float(b_W)),
        recalls=DotProduct(U.astype(np.float64), step.row("before"), float(b_U)),
    )


def sigmoid(value: float) -> float:
    """1 / (1 + e^-value)."""
    return 1 / (1 + math.exp(-value))


def value_of(step: Step, name: str, column: int) -> float:
    """One number of a step, computed anew from what the step read."""
    if name in ("inputs", "before", "cells_before"):
        return float(step.row(name)[column])
    if name == "candidate" or (name == "states" and len(step.cell.GATES) == 1):
        found = gate(step, "candidate", column)
        reset = value_of(step, "reset", column) if isinstance(step.trace, GruTrace) else 1.0
        return math.tanh(found.reads.total + reset * found.recalls.total)
    if name in LETTER:
        return sigmoid(gate(step, name, column).total)
    if name == "cells":
        kept = value_of(step, "forget_gate", column) * float(step.row("cells_before")[column])
        return kept + value_of(step, "input_gate", column) * value_of(step, "candidate", column)
    if isinstance(step.trace, GruTrace):
        update = value_of(step, "update", column)
        return (1 - update) * value_of(step, "candidate", column) + update * float(step.row("before")[column])
    return value_of(step, "output_gate", column) * math.tanh(value_of(step, "cells", column))


def lines(step: Step, name: str, column: int) -> list[Line]:
    """The equation of one number, line by line; the last line is the number."""
    if name == "inputs":
        width, value = step.cell.d_state, value_of(step, name, column)
        told = f"{number(value / math.sqrt(width))} × √{width} = <b>{number(value)}</b>"
        return [Line(_("row × √d_model"), told, True)]
    if name in ("before", "cells_before"):
        what = (
            _("what the step before left: {value}")
            if step.at or not step.encodes
            else _("nothing has been read yet: {value}")
        )
        return [Line(_("before"), what.format(value=number(value_of(step, name, column))), True)]
    if name in LETTER or name == "candidate" or (name == "states" and len(step.cell.GATES) == 1):
        return gate_lines(step, name, column)
    parts = {each: value_of(step, each, column) for each in ("candidate", "update", "forget_gate", "input_gate", "output_gate", "cells")
             if hasattr(step.trace, each)}  # fmt: skip
    total = f"<b>{number(value_of(step, name, column))}</b>"
    if name == "cells":
        before = float(step.row("cells_before")[column])
        told = f"{number(parts['forget_gate'])} × {bracketed(before)} + {number(parts['input_gate'])} × {bracketed(parts['candidate'])} = {total}"
        return [Line(_("f × cell before + i × g"), told, True)]
    if isinstance(step.trace, GruTrace):
        z, n, before = parts["update"], parts["candidate"], float(step.row("before")[column])
        told = f"(1 − {number(z)}) × {bracketed(n)} + {number(z)} × {bracketed(before)} = {total}"
        return [Line(_("(1 − z) × n + z × before"), told, True)]
    told = f"{number(parts['output_gate'])} × tanh({number(parts['cells'])}) = {total}"
    return [Line(_("o × tanh(cell)"), told, True)]


def gate_lines(step: Step, name: str, column: int) -> list[Line]:
    """Of a gate, of a candidate, or of the plain cell's state."""
    kind = "candidate" if name == "states" else name
    found, total = gate(step, kind, column), f"<b>{number(value_of(step, name, column))}</b>"
    shown = [
        Line("W x + b", summed(found.reads, bias=True)),
        Line("U h + b", summed(found.recalls, bias=True)),
    ]
    first, second = number(found.reads.total), bracketed(found.recalls.total)
    if kind != "candidate":
        return [
            *shown,
            Line(f"σ ({LETTER[kind]})", f"σ({first} + {second}) = σ({number(found.total)}) = {total}", True),
        ]
    if isinstance(step.trace, GruTrace):
        reset = value_of(step, "reset", column)
        inside = found.reads.total + reset * found.recalls.total
        return [
            *shown,
            Line("tanh", f"tanh({first} + r × {second}), r = {number(reset)}: tanh({number(inside)}) = {total}", True),
        ]
    return [*shown, Line("tanh", f"tanh({first} + {second}) = tanh({number(found.total)}) = {total}", True)]


def check(step: Step, name: str, column: int) -> NDArray[np.float64]:
    """The number as the trace has it, beside the one computed anew: for tests."""
    return np.array([step.row(name)[column], value_of(step, name, column)])
