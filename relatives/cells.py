"""The cells: what a recurrent network does at each step, written out, and the fused path that training takes.

A cell has a *state*, a row of numbers. At each step it reads a vector and makes the next state of it and of the state before:
`state = cell(x, state)`, the same weights each time. The plain cell squeezes a sum through tanh. The others add *gates*, numbers
between 0 and 1 that say how much of a number passes, so that a state can be kept over many steps.

Parameters lie as in `torch.nn.RNN`, `nn.GRU`, `nn.LSTM`: those of all gates one below the other.
Sources: Elman 1990 (tanh); Cho et al. 2014, arXiv 1406.1078, Eq. 5-8 (GRU); Hochreiter & Schmidhuber 1997, and
Sutskever et al. 2014, arXiv 1409.3215 (LSTM).
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import rnn

Carried = tuple[Tensor, ...]  # what goes from step to step, `(batch, d_state)` each: the state, and an LSTM's cell


@dataclass(frozen=True, slots=True)
class TanhTrace:
    """h = tanh(W x + U h_before + b), at every position."""

    inputs: Annotated[Tensor, "batch position d_input"]  # x
    before: Annotated[Tensor, "batch position d_state"]  # the state that each step found
    states: Annotated[Tensor, "batch position d_state"]


@dataclass(frozen=True, slots=True)
class GruTrace:
    """The gated recurrent unit: h = (1 - update) * candidate + update * h_before."""

    inputs: Annotated[Tensor, "batch position d_input"]  # x
    before: Annotated[Tensor, "batch position d_state"]  # the state that each step found
    reset: Annotated[
        Tensor, "batch position d_state"
    ]  # sigmoid(W_r x + U_r h_before + b_r): how much of U_n h_before counts
    update: Annotated[Tensor, "batch position d_state"]  # sigmoid(W_z x + U_z h_before + b_z): how much is kept
    candidate: Annotated[Tensor, "batch position d_state"]  # tanh(W_n x + b_n + reset * (U_n h_before + c_n))
    states: Annotated[Tensor, "batch position d_state"]


@dataclass(frozen=True, slots=True)
class LstmTrace:
    """Long short-term memory: cell = forget * cell_before + input * candidate, h = output * tanh(cell)."""

    inputs: Annotated[Tensor, "batch position d_input"]  # x
    before: Annotated[Tensor, "batch position d_state"]  # the state that each step found
    cells_before: Annotated[Tensor, "batch position d_state"]
    input_gate: Annotated[Tensor, "batch position d_state"]  # sigmoid(W_i x + U_i h_before + b_i)
    forget_gate: Annotated[Tensor, "batch position d_state"]  # sigmoid(W_f x + U_f h_before + b_f)
    candidate: Annotated[Tensor, "batch position d_state"]  # tanh(W_g x + U_g h_before + b_g)
    output_gate: Annotated[Tensor, "batch position d_state"]  # sigmoid(W_o x + U_o h_before + b_o)
    cells: Annotated[Tensor, "batch position d_state"]
    states: Annotated[Tensor, "batch position d_state"]


CellTrace = TanhTrace | GruTrace | LstmTrace


class Cell(nn.Module):
    """One step of a recurrent network. A subclass says what a step computes, and which of torch's loops does it fused."""

    GATES: ClassVar[tuple[str, ...]] = ("candidate",)  # in the order in which their rows lie in W and U
    TRACE: ClassVar[type[CellTrace]] = TanhTrace

    def __init__(self, d_input: int, d_state: int) -> None:
        super().__init__()
        rows = len(self.GATES) * d_state
        self.d_state = d_state
        self.W = nn.Parameter(torch.empty(rows, d_input))
        self.U = nn.Parameter(torch.empty(rows, d_state))
        self.b_W = nn.Parameter(torch.empty(rows))
        self.b_U = nn.Parameter(torch.empty(rows))
        self.initialise()

    def initialise(self) -> None:
        """Glorot for what reads; for what recalls an orthogonal matrix for each gate, which keeps the length of a state."""
        for gate in self.W.data.chunk(len(self.GATES)):
            nn.init.xavier_uniform_(gate)
        for gate in self.U.data.chunk(len(self.GATES)):
            nn.init.orthogonal_(gate)
        nn.init.zeros_(self.b_W)
        nn.init.zeros_(self.b_U)

    def forward(self, inputs: Tensor, first: Carried) -> CellTrace:
        """All steps over `inputs (batch, position, d_input)` from what is carried `first`, with all that they compute."""
        read, carried, steps = self.read(inputs), first, []
        for position in range(inputs.size(1)):
            found, before = self.step(read[:, position], carried), carried
            carried = self.carried(found)
            steps.append((*before, *found))
        rows = [torch.stack(each, dim=1) for each in zip(*steps, strict=True)]
        return self.TRACE(inputs, *rows)

    def read(self, inputs: Tensor) -> Tensor:
        """W x + b of all gates, `(..., gates * d_state)`: needs no state, so all positions at once."""
        return F.linear(inputs, self.W, self.b_W)

    def recall(self, state: Tensor) -> Tensor:
        """U h + b of all gates, `(batch, gates * d_state)`."""
        return F.linear(state, self.U, self.b_U)

    def step(self, read: Tensor, before: Carried) -> Carried:
        """All that a step computes, in the order of the trace, the new state last; `read` is its row of `read`."""
        return ((read + self.recall(before[0])).tanh(),)

    def carried(self, found: Carried) -> Carried:
        """Of what a step computed, what the next one finds."""
        return found[-1:]

    def nothing(self, like: Tensor, batch: int) -> Carried:
        """What is carried before the first step: zeros."""
        return (like.new_zeros(batch, self.d_state),)

    def fused(self, inputs: Tensor, first: Carried) -> tuple[Tensor, Carried]:
        """The same states `(batch, position, d_state)` and what is carried at the end, by torch's own loop; no trace."""
        states, last = torch.rnn_tanh(inputs, first[0][None], [*self.weights()], True, 1, 0.0, False, False, True)
        return states, (last[0],)

    def once(self, inputs: Tensor, before: Carried) -> Carried:
        """What is carried after one step that reads `inputs (batch, d_input)`, by torch's own cell; no trace."""
        return (torch.rnn_tanh_cell(inputs, before[0], *self.weights()),)

    def over(self, inputs: Tensor, real: Tensor) -> tuple[Tensor, Carried]:
        """From nothing over `inputs`, each row to its own end, `real (batch, position)`: the states, and what is carried at the end.

        The states behind the end of a row mean nothing.
        """
        states, _ = self.fused(inputs, self.nothing(inputs, len(inputs)))
        return states, (last_of(states, real),)

    def weights(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """In the order of torch's loops."""
        return self.W, self.U, self.b_W, self.b_U


class TanhCell(Cell):
    """The plain cell: h = tanh(W x + U h_before + b)."""


class GruCell(Cell):
    """The gated recurrent unit. As in torch, the reset gate is applied after U, not before it as in Eq. 8 of the paper."""

    GATES = ("reset", "update", "candidate")
    TRACE = GruTrace

    def step(self, read: Tensor, before: Carried) -> Carried:
        """See `Cell`: reset, update, candidate, state."""
        (state,) = before
        W_r, W_z, W_n = read.chunk(3, dim=-1)
        U_r, U_z, U_n = self.recall(state).chunk(3, dim=-1)
        reset, update = (W_r + U_r).sigmoid(), (W_z + U_z).sigmoid()
        candidate = (W_n + reset * U_n).tanh()
        return reset, update, candidate, (1 - update) * candidate + update * state

    def fused(self, inputs: Tensor, first: Carried) -> tuple[Tensor, Carried]:
        """See `Cell`."""
        states, last = torch.gru(inputs, first[0][None], [*self.weights()], True, 1, 0.0, False, False, True)
        return states, (last[0],)

    def once(self, inputs: Tensor, before: Carried) -> Carried:
        """See `Cell`."""
        return (torch.gru_cell(inputs, before[0], *self.weights()),)


class LstmCell(Cell):
    """Long short-term memory: beside the state a cell, which is added to rather than multiplied, and so keeps."""

    GATES = ("input_gate", "forget_gate", "candidate", "output_gate")
    TRACE = LstmTrace

    def initialise(self) -> None:
        """See `Cell`; the forget gate begins open (Jozefowicz et al. 2015), so that a cell begins by keeping."""
        super().initialise()
        self.b_W.data[self.d_state : 2 * self.d_state] = 1.0

    def step(self, read: Tensor, before: Carried) -> Carried:
        """See `Cell`: the gates, the cell, the state."""
        state, cell = before
        i, f, g, o = (read + self.recall(state)).chunk(4, dim=-1)
        input_gate, forget_gate, candidate, output_gate = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        new = forget_gate * cell + input_gate * candidate
        return input_gate, forget_gate, candidate, output_gate, new, output_gate * new.tanh()

    def carried(self, found: Carried) -> Carried:
        """See `Cell`: the state, then the cell."""
        return found[-1], found[-2]

    def nothing(self, like: Tensor, batch: int) -> Carried:
        """See `Cell`."""
        zeros = like.new_zeros(batch, self.d_state)
        return zeros, zeros

    def fused(self, inputs: Tensor, first: Carried) -> tuple[Tensor, Carried]:
        """See `Cell`."""
        begin = [each[None] for each in first]
        states, state, cell = torch.lstm(inputs, begin, [*self.weights()], True, 1, 0.0, False, False, True)
        return states, (state[0], cell[0])

    def once(self, inputs: Tensor, before: Carried) -> Carried:
        """See `Cell`."""
        return torch.lstm_cell(inputs, [*before], *self.weights())

    def over(self, inputs: Tensor, real: Tensor) -> tuple[Tensor, Carried]:
        """See `Cell`. Torch tells no cell but the last, so rows of unequal lengths go through its loop packed."""
        nothing = self.nothing(inputs, len(inputs))
        if real.all():
            return self.fused(inputs, nothing)
        packed = rnn.pack_padded_sequence(inputs, real.sum(1).cpu(), batch_first=True, enforce_sorted=False)
        begin = [each[None] for each in nothing]
        data, state, cell = torch.lstm(
            packed.data, packed.batch_sizes, begin, [*self.weights()], True, 1, 0.0, False, False
        )
        states, _ = rnn.pad_packed_sequence(packed._replace(data=data), batch_first=True, total_length=inputs.size(1))
        return states, (state[0][packed.unsorted_indices], cell[0][packed.unsorted_indices])


CELLS: dict[str, type[Cell]] = {"tanh": TanhCell, "gru": GruCell, "lstm": LstmCell}


def last_of(states: Tensor, mask: Tensor) -> Tensor:
    """Of `states (batch, position, d_state)` those at the last real position, `mask (batch, position)`: `(batch, d_state)`."""
    rows = torch.arange(len(states), device=states.device)
    return states[rows, mask.sum(1) - 1]
