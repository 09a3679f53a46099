"""Where one number of a state comes from: a step of the GRU that has read up to here, gate by gate, in double precision."""

from dataclasses import dataclass

import numpy as np
import torch

from pages.hierarchical_attention.looks import Doubles, Looks
from relatives.cells import GruCell, GruTrace
from systems.reviews.hierarchical import Reader
from ui.measures.arithmetic import DotProduct
from ui.session.walk import array

GATES = ("reset", "update", "candidate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of one direction, and one number of its state."""

    cell: GruCell
    inputs: Doubles  # what it reads, x
    before: Doubles  # the state that it found
    column: int  # of the number in the state of this direction
    forwards: bool
    first: bool  # whether nothing was read before

    def sums(self, gate: str) -> tuple[DotProduct, DotProduct]:
        """W x + b and U h + b of one number of a gate."""
        row = GATES.index(gate) * self.cell.d_state + self.column
        W, U, b_W, b_U = (array(each.detach()[row]).astype(np.float64) for each in self.cell.weights())
        return DotProduct(W, self.inputs, float(b_W)), DotProduct(U, self.before, float(b_U))

    def value(self, gate: str) -> float:
        """One number of a gate."""
        reads, recalls = (each.total for each in self.sums(gate))
        if gate == "candidate":
            return float(np.tanh(reads + self.value("reset") * recalls))
        return float(1 / (1 + np.exp(-(reads + recalls))))

    @property
    def state(self) -> float:
        """(1 - update) * candidate + update * before."""
        update = self.value("update")
        return (1 - update) * self.value("candidate") + update * float(self.before[self.column])


def step(found: Looks, row: int | None, place: int, dimension: int) -> Step:
    """Of a word of what was weighed together as number `row`, or of a sentence if that is `None`: the step that made a number of its state."""
    reader: Reader = found.model.sentence_reader if row is None else found.model.word_reader
    inputs = read(found, row)
    forwards = dimension < found.model.sizes.d_state
    cell = reader.forwards if forwards else reader.backwards
    at = place if forwards else len(inputs) - 1 - place
    with torch.no_grad():
        turned = inputs if forwards else inputs.flip(0)
        trace = GruCell.forward(cell, turned[None], cell.nothing(turned, 1))
    assert isinstance(trace, GruTrace)
    x, before = (array(each[0, at]).astype(np.float64) for each in (trace.inputs, trace.before))
    return Step(
        cell=cell, inputs=x, before=before, column=dimension % found.model.sizes.d_state, forwards=forwards, first=at == 0
    )  # fmt: skip


def read(found: Looks, row: int | None) -> torch.Tensor:
    """What a GRU reads: the rows of the words `(word, d_word)`, or what word attention made of each sentence `(sentence, d_both)`."""
    if row is None:
        return torch.tensor(np.stack([each.weights @ each.states for each in found.levels]), dtype=torch.float32)
    words = (
        found.words[row]
        if found.model.sizes.by == "sentences"
        else tuple(word for line in found.words for word in line)
    )
    ids = torch.tensor([found.model.ids.get(word, 1) for word in words])
    return found.model.embedding.detach()[ids]
